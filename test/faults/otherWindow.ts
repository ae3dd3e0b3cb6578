import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAuthorizationResponse } from '../../src/core/oauth/authorizationResponse.ts';
import type { RedirectReceiver } from '../../src/core/oauth/signIn.ts';
import { WindowRelay } from '../../src/node/windowRelay.ts';

/** Two windows that meet in a folder: one waits, and every redirect comes to the other. */
export interface OtherWindow {
  /** For the window that waits. */
  receiver(redirectUri: string): RedirectReceiver;
  /** The files in the folder, once they have had time to go. */
  leftovers(): Promise<string[]>;
  close(): Promise<void>;
}

/** @param broken whether the folder cannot be made */
export async function openOtherWindow(broken: boolean): Promise<OtherWindow> {
  const parent = await mkdtemp(join(tmpdir(), 'airisk-faults-'));
  const folder = join(parent, 'redirects');
  if (broken) await writeFile(folder, 'a file in its place');
  const [waiting, receiving] = [new WindowRelay(folder), new WindowRelay(folder)];
  const files = (): Promise<string[]> => readdir(folder).catch(() => []);
  const deliver = async (query: string): Promise<void> => {
    const response = readAuthorizationResponse(query);
    if (response) await receiving.send(response);
  };
  const deaf = (redirectUri: string): RedirectReceiver => ({
    async begin(_state, signal) {
      const { hostname, port } = new URL(redirectUri);
      const hosts = hostname === 'localhost' ? ['127.0.0.1', '::1'] : [hostname.replaceAll(/[[\]]/g, '')];
      const servers = await Promise.all(hosts.map((host) => listen(Number(port), host, deliver)));
      const close = (): void => servers.forEach((server) => (server.close(), server.closeAllConnections()));
      if (signal.aborted) close();
      else signal.addEventListener('abort', close, { once: true });
      return { redirectUri, response: new Promise(() => undefined) };
    },
  });
  return {
    receiver: (redirectUri) => waiting.listen(deaf(redirectUri)),
    async leftovers() {
      receiving.dispose();
      let left = await files();
      for (let tries = 0; tries < 100 && left.length > 0; tries += 1) {
        await new Promise((resolve) => setTimeout(resolve, 20).unref());
        left = await files();
      }
      return left;
    },
    async close() {
      waiting.dispose();
      await rm(parent, { recursive: true, force: true });
    },
  };
}

async function listen(
  port: number,
  host: string,
  deliver: (query: string) => Promise<void>,
): Promise<Server> {
  const server = createServer((request, response) => {
    // What a window does with a redirect is no business of the browser.
    void deliver(request.url?.split('?')[1] ?? '').catch(() => undefined);
    response.end();
  });
  server.listen({ port, host, exclusive: true });
  await once(server, 'listening');
  return server;
}
