import { access, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { prepareChromium } from './programs.ts';
import { installVsCode, nodeFolder } from './install.ts';
import { withLock } from './lock.ts';
import { cachePath } from './paths.ts';
import { chooseVersion, type VsCodeVersion } from './versions.ts';

/** A VS Code that is ready to start. */
export interface PreparedVsCode {
  /** The Node program that runs it. */
  readonly node: string;
  /** The script which that Node runs. */
  readonly entry: string;
  readonly root: string;
  /** The browser for it; an empty string where none was asked for. */
  readonly chromium: string;
  readonly version: VsCodeVersion;
}

/** What to prepare. */
export interface PrepareOptions {
  /** `current`, `floor` or a version number; the environment variable AIRISK_VSCODE otherwise. */
  readonly version?: string | undefined;
  /** False where a person brings a browser along. */
  readonly browser?: boolean;
}

function report(line: string): void {
  console.error(`prepare: ${line}`);
}

// Counted up with each change of what is installed and how: checkouts of different ages share the cache.
const recipe = 2;

function markerOf(version: VsCodeVersion): string {
  return JSON.stringify({ recipe, ...version });
}

async function isComplete(root: string, version: VsCodeVersion): Promise<boolean> {
  const marker = await readFile(join(root, 'complete.json'), 'utf8').catch(() => '');
  return marker === markerOf(version);
}

async function installOnce(root: string, version: VsCodeVersion): Promise<void> {
  const partial = `${root}.partial`;
  const started = Date.now();
  await rm(root, { recursive: true, force: true });
  await rm(partial, { recursive: true, force: true });
  await installVsCode(partial, version, report);
  await writeFile(join(partial, 'complete.json'), markerOf(version));
  await rename(partial, root);
  report(`VS Code ${version.vscode} is ready in ${root} (${Math.round((Date.now() - started) / 1000)} s)`);
}

function ensureSupported(): void {
  if (process.platform === 'linux' && process.arch === 'x64') return;
  throw new Error(
    `VS Code in a browser is prepared on Linux x64 only; this is ${process.platform} on ${process.arch}. ` +
      'Use a desktop VS Code instead: npm run test:desktop, or npm start -- --desktop.',
  );
}

/** Installs what is missing for running VS Code in tests, and tells where it is. */
export async function prepareVsCode(options: PrepareOptions = {}): Promise<PreparedVsCode> {
  const version = chooseVersion(options.version);
  ensureSupported();
  const root = await cachePath(`vscode-${version.vscode}-${recipe}`);
  if (!(await isComplete(root, version))) {
    const waiting = (): void => report('waiting for another run that is installing VS Code');
    await withLock(`${root}.lock`, waiting, async () => {
      if (!(await isComplete(root, version))) await installOnce(root, version);
    });
  }
  const node = join(nodeFolder(root), 'bin', 'node');
  const entry = join(root, 'node_modules', 'code-server', 'out', 'node', 'entry.js');
  await Promise.all([access(node), access(entry)]);
  const chromium = options.browser === false ? '' : await prepareChromium(report);
  return { node, entry, root, chromium, version };
}

async function main(): Promise<void> {
  try {
    const prepared = await prepareVsCode({ version: process.argv[2] });
    report(`VS Code ${prepared.version.vscode} in ${prepared.root}, browser ${prepared.chromium}`);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `\n${error.cause.message}` : '';
    report(`${error instanceof Error ? error.message : String(error)}${cause}`);
    process.exitCode = 1;
  }
}

// No top-level await: mocha loads test files, and what they import, with require.
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) void main();
