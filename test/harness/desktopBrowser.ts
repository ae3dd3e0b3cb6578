import { execFile } from 'node:child_process';
import { createRequire, Module } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import * as z from 'zod/mini';

const Opener = z.tuple([z.string()], z.string());

/** What a browser does with an address that AIRisk answers with a redirect, without the questions that browsers ask. */
async function follow(address: string, [program, ...args]: readonly [string, ...string[]]): Promise<boolean> {
  const response = await fetch(address, { redirect: 'manual' });
  const location = response.headers.get('location');
  if (location === null) return true;
  if (/^https?:/.test(location)) await fetch(location);
  else await promisify(execFile)(program, [...args, location]);
  return true;
}

/**
 * Takes the browser's place for the extension, in a host that runs tests: the operating system's own would ask the
 * person whether it may open VS Code.
 * @param opener a JSON array: the command that has the operating system open an address
 */
export function playBrowser(opener: string): void {
  const command = Opener.parse(JSON.parse(opener));
  const extension = vscode.extensions.getExtension('airisk.airisk-authentication');
  if (!extension) throw new Error('The extension is not installed.');
  // Each extension has an API object of its own, which VS Code gives by the file that asks; it leaves `env` open to
  // changes in a host that runs tests.
  const load: unknown = Reflect.get(Module, '_load');
  if (typeof load !== 'function') throw new Error('Node loads modules in another way.');
  const asking = { filename: join(extension.extensionPath, 'dist', 'extension.cjs') };
  const api: unknown = Reflect.apply(load, createRequire(asking.filename), ['vscode', asking, false]);
  const { env } = z.object({ env: z.custom<object>((value) => typeof value === 'object') }).parse(api);
  Object.assign(env, { openExternal: (address: unknown) => follow(String(address), command) });
}
