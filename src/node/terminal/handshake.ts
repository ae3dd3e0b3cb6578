import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';

const bytes = 32;

/** Reads a socket in pieces. Each method rejects with an Error when the other side leaves or says too much. */
export interface Reader {
  take(count: number): Promise<Buffer>;
  /** All up to a line break, without it. */
  line(): Promise<string>;
}

/**
 * Reads a socket from now on.
 * @param most the bytes that may wait to be read: with more, the socket is destroyed
 */
export function readerOf(socket: Socket, most: number): Reader {
  let waiting = Buffer.alloc(0);
  let wake = (): void => undefined;
  socket.on('data', (data: Buffer) => {
    waiting = Buffer.concat([waiting, data]);
    if (waiting.length > most) socket.destroy();
    wake();
  });
  socket.on('close', () => wake());
  const next = async (count: () => number): Promise<Buffer> => {
    while (count() < 0 || waiting.length < count()) {
      if (socket.destroyed) throw new Error('The other side has left');
      await new Promise<void>((resolve) => (wake = resolve));
    }
    const taken = waiting.subarray(0, count());
    waiting = waiting.subarray(taken.length);
    return taken;
  };
  return {
    take: (count) => next(() => count),
    async line() {
      const text = await next(() => waiting.indexOf('\n'));
      waiting = waiting.subarray(1);
      return text.toString('utf8');
    },
  };
}

/**
 * Proves to the window that this is a program which may read its descriptor, and lets it prove the same.
 * @throws Error when the other side does not know the key
 */
export async function greetEditor(socket: Socket, reader: Reader, key: string): Promise<void> {
  const own = randomBytes(bytes);
  socket.write(own);
  const editors = await reader.take(bytes);
  socket.write(proof('helper', key, own, editors));
  if (!timingSafeEqual(await reader.take(bytes), proof('editor', key, own, editors))) {
    throw new Error('The other side does not know the key');
  }
}

/**
 * The other side of {@link greetEditor}: 32 random bytes are all that is said to whoever has not proved the key.
 * @throws Error when the other side does not know the key
 */
export async function greetHelper(socket: Socket, reader: Reader, key: string): Promise<void> {
  const helpers = await reader.take(bytes);
  const own = randomBytes(bytes);
  socket.write(own);
  if (!timingSafeEqual(await reader.take(bytes), proof('helper', key, helpers, own))) {
    throw new Error('The other side does not know the key');
  }
  socket.write(proof('editor', key, helpers, own));
}

/** HMAC-SHA-256 over both nonces, which differs between the sides: neither can send back what it was sent. */
function proof(side: 'editor' | 'helper', key: string, helpers: Buffer, editors: Buffer): Buffer {
  return createHmac('sha256', Buffer.from(key, 'base64url'))
    .update(`airisk ${side}\n`)
    .update(helpers)
    .update(editors)
    .digest();
}
