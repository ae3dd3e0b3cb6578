import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import {
  downloadAndUnzipVSCode,
  resolveCliArgsFromVSCodeExecutablePath,
  runTests,
  SilentReporter,
} from '@vscode/test-electron';

import { startEmulator } from '../emulator/emulator.ts';
import { type Cleanup, createCleanup, exitOnSignals } from './cleanup.ts';
import { runCommand } from './command.ts';
import { buildFixture } from './fixtures.ts';
import { bundleHostSuite } from './hostBundle.ts';
import { suiteEnvironment } from './hostRun.ts';
import { deploymentSettings, mainVsix } from './mainVsix.ts';
import { outputPath, projectFolder } from './paths.ts';
import { exitCodeOf, readResult, type SuiteResult } from './results.ts';
import { writeSettings } from './settings.ts';

/** The suite could not be run on this machine; the message is one line for whoever asked for it. */
class NotRun extends Error {}

function lineOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.replaceAll(/\s+/g, ' ').trim();
}

async function download(): Promise<string> {
  try {
    return await downloadAndUnzipVSCode({
      version: process.env['AIRISK_DESKTOP_VERSION'] ?? 'stable',
      cachePath: join(projectFolder, '.vscode-test'),
      reporter: new SilentReporter(),
    });
  } catch (error) {
    throw new NotRun(
      `VS Code could not be downloaded (${lineOf(error)}); run this on a machine with internet access`,
    );
  }
}

async function install(executable: string, folders: readonly string[], vsix: string): Promise<void> {
  const [cli = '', ...args] = resolveCliArgsFromVSCodeExecutablePath(executable, {
    reuseMachineInstall: true,
  });
  const logFile = await outputPath('logs', 'desktop.log');
  try {
    await runCommand(cli, [...args, ...folders, '--install-extension', vsix], { logFile });
  } catch (error) {
    throw new NotRun(`VS Code could not be started (${lineOf(error)}); the output is in ${logFile}`);
  }
}

async function runIn(cleanup: Cleanup): Promise<SuiteResult> {
  const executable = await download();
  const [vsix, bundle, home, ...fixtures] = await Promise.all([
    mainVsix(),
    bundleHostSuite(),
    mkdtemp(join(tmpdir(), 'airisk-')),
    buildFixture('consumer-one'),
    buildFixture('consumer-two'),
  ]);
  cleanup.add(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
  const emulator = await startEmulator();
  cleanup.add(() => emulator.close());
  const extensionsDir = join(home, 'extensions');
  const folders = ['--user-data-dir', join(home, 'data'), '--extensions-dir', extensionsDir];
  for (const path of fixtures) await cp(path, join(extensionsDir, basename(path)), { recursive: true });
  await writeSettings(join(home, 'data'), deploymentSettings(emulator.origin));
  await install(executable, folders, vsix);
  const resultFile = await outputPath('results', 'desktop.json');
  await rm(resultFile, { force: true });
  const ended = await runTests({
    vscodeExecutablePath: executable,
    extensionDevelopmentPath: bundle.extensionFolder,
    extensionTestsPath: join(bundle.suiteFolder, 'index.js'),
    extensionTestsEnv: suiteEnvironment(emulator.origin, resultFile),
    launchArgs: [...folders, '--disable-workspace-trust', '--disable-gpu'],
  }).catch((error: unknown) => error);
  return readResult(resultFile).catch(() => {
    throw new NotRun(
      `VS Code could not be started (${lineOf(ended)}); it needs a display, on Linux xvfb-run`,
    );
  });
}

exitOnSignals();
const cleanup = createCleanup();
try {
  const result = await runIn(cleanup);
  console.log(`desktop: ${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped`);
  process.exitCode = exitCodeOf(result);
} catch (error) {
  if (error instanceof NotRun) console.error(`desktop: not run: ${error.message}`);
  else console.error('desktop:', error);
  process.exitCode = error instanceof NotRun ? 3 : 1;
} finally {
  await cleanup.run();
}
