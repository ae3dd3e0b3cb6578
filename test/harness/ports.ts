import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

const loopbacks = ['127.0.0.1', '::1'];
// Below the range that the system takes ports from by itself.
const range = { from: 20_000, to: 30_000 };
let next = range.from + ((process.pid * 97) % (range.to - range.from));

/** A port that nobody listens on, on neither loopback address; another one with every call. */
export async function freePort(): Promise<number> {
  for (;;) {
    next = next + 1 < range.to ? next + 1 : range.from;
    const port = next;
    if (await isFree(port)) return port;
  }
}

/** True where the port can be bound on both loopback addresses. */
export async function isFree(port: number): Promise<boolean> {
  for (const host of loopbacks) {
    try {
      const server = await occupy(port, host);
      server.close();
      await once(server, 'close');
    } catch {
      return false;
    }
  }
  return true;
}

/** Takes a port away, as another program would. */
export async function occupy(port: number, host: string): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  server.listen({ port, host, exclusive: true });
  await once(server, 'listening');
  return server;
}
