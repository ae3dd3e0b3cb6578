import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import type { Browser } from 'playwright-core';
import * as z from 'zod/mini';

import type { Emulator } from '../emulator/emulator.ts';
import { openBrowser } from './browser.ts';
import { type Cleanup, createCleanup } from './cleanup.ts';
import { type CodeServer, startCodeServer } from './codeServer.ts';
import { startHostEmulator } from './emulator.ts';
import { freePort } from './ports.ts';
import { buildFixture } from './fixtures.ts';
import { deploymentSettings, mainVsix } from './mainVsix.ts';
import { outputPath } from './paths.ts';
import { prepareVsCode } from './prepare.ts';
import { writeSettings } from './settings.ts';

/** What all end-to-end tests share. */
export interface Stage {
  readonly server: CodeServer;
  readonly emulator: Emulator;
  readonly browser: Browser;
  /** The folder in which extension hosts announce themselves. */
  readonly rpcFolder: string;
  readonly close: () => Promise<void>;
}

/** What a stage has beyond the usual. */
export interface StageOptions {
  /** Folders of further unpacked extensions. */
  readonly extensions?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

async function build(cleanup: Cleanup, { extensions = [], env }: StageOptions): Promise<Stage> {
  const [vscode, vsix, port, ...unpacked] = await Promise.all([
    prepareVsCode(),
    mainVsix(),
    freePort(),
    buildFixture('consumer-one'),
    buildFixture('consumer-two'),
    buildFixture('rpc'),
    buildFixture('conversations'),
  ]);
  const rpcFolder = await mkdtemp(join(tmpdir(), 'airisk-rpc-'));
  cleanup.add(() => rm(rpcFolder, { recursive: true, force: true }));
  const emulator = await startHostEmulator(vscode, port);
  cleanup.add(() => emulator.close());
  const server = await startCodeServer({
    vscode,
    port,
    vsix: [vsix],
    unpacked: [...unpacked, ...extensions],
    trustedOrigins: [emulator.origin],
    settings: deploymentSettings(emulator.origin),
    env: { AIRISK_RPC_FOLDER: rpcFolder, ...env },
  });
  cleanup.add(server.stop);
  cleanup.add(async () => writeFile(await outputPath('logs', 'e2e-server.log'), await server.logs()));
  const browser = await openBrowser({ executablePath: vscode.chromium });
  cleanup.add(() => browser.close());
  return { server, emulator, browser, rpcFolder, close: () => cleanup.run() };
}

/** Starts the emulator, VS Code with the packaged extension and the tests' own ones, and a browser. */
export async function startStage(options: StageOptions = {}): Promise<Stage> {
  const cleanup = createCleanup();
  try {
    return await build(cleanup, options);
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

declare global {
  // oxlint-disable-next-line typescript/no-namespace -- @types/mocha declares it so
  namespace Mocha {
    interface Context {
      stage?: Stage;
    }
  }
}

/** The stage that the run of the end-to-end tests has set; call it as `stageOf(this)` in a hook or a test. */
export function stageOf(context: Mocha.Context): Stage {
  if (context.stage === undefined) throw new Error('Run these tests with npm run test:e2e.');
  return context.stage;
}

/** Puts emulator and settings back to what the run began with; open windows see it within a second. */
export async function resetStage(
  stage: Stage,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await stage.emulator.client.reset();
  await writeSettings(stage.server.userDataDir, {
    ...deploymentSettings(stage.emulator.origin),
    ...settings,
  });
}

const endpoint = z.object({ pid: z.number() });

/** Sends a signal to a process that may be gone, and tells whether it was still there. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

/** Whether a process runs. */
export function isRunning(pid: number): boolean {
  return signal(pid, 0);
}

/** Waits for the end of a closed window's extension host. */
async function endHost(pid: number): Promise<void> {
  const started = performance.now();
  while (isRunning(pid)) {
    // A page that is closed at once may not have said goodbye, see `leaveWindow`.
    if (performance.now() - started > 250) signal(pid, 'SIGKILL');
    await delay(20);
  }
}

/** Removes what the extension hosts of a server have left on the disk: their logs, and what extensions keep. */
async function forget(userDataDir: string): Promise<void> {
  const logs = await readdir(join(userDataDir, 'logs'), { recursive: true });
  const left = [
    ...logs.filter((path) => basename(path).startsWith('exthost')).map((path) => join('logs', path)),
    ...['globalStorage', 'workspaceStorage', 'History'].map((folder) => join('User', folder)),
  ];
  // The server may still write what a window asked of it before its end: what comes meanwhile is removed as well.
  const thorough = { recursive: true, force: true, maxRetries: 10, retryDelay: 50 };
  await Promise.all(left.map((path) => rm(join(userDataDir, path), thorough)));
}

/**
 * Puts a stage back to what it was at its start: closes all windows, waits for the end of their extension hosts, keeps
 * their logs as those of `name`, and removes what the extension has stored on the disk.
 */
export async function clearStage(stage: Stage, name: string): Promise<void> {
  const { browser, rpcFolder, server } = stage;
  await Promise.all(browser.contexts().map((context) => context.close()));
  const hosts = (await readdir(rpcFolder)).filter((file) => file.endsWith('.json'));
  for (const file of hosts) {
    const { pid } = endpoint.parse(JSON.parse(await readFile(join(rpcFolder, file), 'utf8')));
    await endHost(pid);
    await rm(join(rpcFolder, file));
  }
  await writeFile(await outputPath('logs', `e2e-${name}-server.log`), await server.logs());
  await forget(server.userDataDir);
  await resetStage(stage);
}

/** The path of a folder for one window. */
export function windowFolder(stage: Stage, name: string): string {
  return join(stage.server.folder, '..', 'windows', name);
}
