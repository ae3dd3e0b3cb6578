import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type Emulator, startEmulator } from '../emulator/emulator.ts';
import { guidClient, primaryClient, seedClients, type SeedUser, seedUsers } from '../emulator/seed.ts';
import { vscodeFolder } from './install.ts';
import type { PreparedVsCode } from './prepare.ts';

/** The address, without its query, at which a browser-hosted VS Code on `port` receives callbacks. */
export async function callbackAddress(vscode: PreparedVsCode, port: number): Promise<string> {
  const product: unknown = JSON.parse(
    await readFile(join(vscodeFolder(vscode.root), 'product.json'), 'utf8'),
  );
  const isProduct = typeof product === 'object' && product !== null && 'commit' in product;
  if (!isProduct || typeof product.commit !== 'string') throw new Error('product.json names no commit.');
  const quality = 'quality' in product && typeof product.quality === 'string' ? product.quality : 'oss';
  return `http://127.0.0.1:${port}/${quality}-${product.commit}/callback`;
}

/**
 * Starts the emulator for the VS Code that will listen on `port`. Its address is 127.0.0.2 because VS Code sends
 * links to localhost and 127.0.0.1 through a proxy of its own, which damages their query. A browser-hosted VS Code
 * puts a changing query on its callback, so redirect URIs are compared without theirs.
 */
export async function startHostEmulator(
  vscode: PreparedVsCode,
  port: number,
  users: readonly SeedUser[] = seedUsers,
): Promise<Emulator> {
  const registered = [primaryClient.redirect_uri, await callbackAddress(vscode, port)].join(',');
  const clients = [...seedClients, guidClient].map((client) =>
    client.client_secret === primaryClient.client_secret ? { ...client, redirect_uri: registered } : client,
  );
  return startEmulator({ host: '127.0.0.2', redirectMatch: 'ignoreQuery', clients, users: [...users] });
}
