import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { createAdminClient, type AdminClient } from './adminClient.ts';
import { createApp } from './app.ts';
import { defaultBehaviour, patchBehaviour, type EmulatorOptions } from './options.ts';
import { createState } from './state.ts';

/** A running emulator. */
export interface Emulator {
  /** Scheme, host and port, as a deployment's base URL has them. */
  origin: string;
  client: AdminClient;
  /** Stops at once: open connections are cut. */
  close(): Promise<void>;
}

/** Starts an AIRisk deployment on this machine. Without options it behaves as documented, on a free port of 127.0.0.1. */
export async function startEmulator(options: Partial<EmulatorOptions> = {}): Promise<Emulator> {
  const { host = '127.0.0.1', port = 0, ...behaviour } = options;
  const app = createApp(createState(patchBehaviour(defaultBehaviour, behaviour)));
  // The adapter would otherwise replace the global Request and Response of everything in this process.
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const server = createServer((incoming, outgoing) => void listener(incoming, outgoing));
  server.listen(port, host);
  await once(server, 'listening');
  const origin = `http://${host.includes(':') ? `[${host}]` : host}:${portOf(server)}`;
  return { origin, client: createAdminClient(origin), close: () => stop(server) };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The emulator has no port.');
  return address.port;
}

async function stop(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  // An idle keep-alive connection would hold the server open for as long as the client likes.
  server.closeAllConnections();
  await closed;
}
