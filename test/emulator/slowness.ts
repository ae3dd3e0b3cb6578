import { setTimeout as sleep } from 'node:timers/promises';

const hugeBytes = 8 * 1024 * 1024;
const pieceBytes = 16;

/** Waits without keeping the process alive, so that a long delay does not outlive the server. */
export async function pause(ms: number, ended?: AbortSignal): Promise<void> {
  if (ms <= 0) return;
  // The signal only shortens the wait.
  await sleep(ms, undefined, { ref: false, signal: ended }).catch(() => undefined);
}

/** The right body after megabytes of white space: whoever reads without a bound does not notice. */
export function paddedBody(body: string): string {
  return ' '.repeat(hugeBytes) + body;
}

/** The right body a few bytes at a time, and the rest at once when `ended` is aborted. */
export function tricklingBody(body: string, pauseMs: number, ended: AbortSignal): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(body);
  let sent = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (sent > 0) await pause(pauseMs, ended);
      controller.enqueue(bytes.subarray(sent, sent + pieceBytes));
      sent += pieceBytes;
      if (sent >= bytes.length) controller.close();
    },
  });
}
