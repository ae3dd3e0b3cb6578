import { Server } from 'node:net';

/** Runs a task, and gives the servers that it made listen beside what it gives. */
export async function listeningServers<T>(task: () => Promise<T>): Promise<[T, Server[]]> {
  // oxlint-disable-next-line typescript/unbound-method -- called with its server below
  const { listen } = Server.prototype;
  const servers: Server[] = [];
  // oxlint-disable-next-line typescript/no-explicit-any -- it has many signatures
  Server.prototype.listen = function (this: Server, ...args: any[]): Server {
    servers.push(this);
    return Reflect.apply(listen, this, args);
  };
  try {
    return [await task(), servers];
  } finally {
    Server.prototype.listen = listen;
  }
}
