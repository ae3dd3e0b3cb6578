import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Browser } from 'playwright-core';

import type { Emulator } from '../emulator/emulator.ts';
import { openBrowser } from './browser.ts';
import { type Cleanup, createCleanup } from './cleanup.ts';
import { type CodeServer, startCodeServer } from './codeServer.ts';
import { freePort, startHostEmulator } from './emulator.ts';
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

/** The path of a folder for one window. */
export function windowFolder(stage: Stage, name: string): string {
  return join(stage.server.folder, '..', 'windows', name);
}
