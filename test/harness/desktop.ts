import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
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
import { runCommand, shellWord } from './command.ts';
import { buildFixture } from './fixtures.ts';
import { bundleHostSuite, type HostBundle } from './hostBundle.ts';
import { suiteEnvironment } from './hostRun.ts';
import { deploymentSettings, mainVsix } from './mainVsix.ts';
import { profileFolders, registerOnLinux, uriOpener } from './desktopSystem.ts';
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

/** What a VS Code of the tests is started with, each time. */
interface Desktop {
  readonly executable: string;
  readonly bundle: HostBundle;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

async function prepare(cleanup: Cleanup): Promise<Desktop> {
  const executable = await download();
  const [vsix, bundle, home, ...fixtures] = await Promise.all([
    mainVsix(),
    bundleHostSuite(),
    mkdtemp(join(tmpdir(), 'airisk-')),
    buildFixture('consumer-one'),
    buildFixture('consumer-two'),
    buildFixture('rpc'),
  ]);
  cleanup.add(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
  const emulator = await startEmulator({ redirectMatch: 'exact' });
  cleanup.add(() => emulator.close());
  const { userData, extensions } = profileFolders(process.platform, executable, home);
  for (const folder of [userData, extensions]) await rm(folder, { recursive: true, force: true });
  const secondFolder = join(home, 'second');
  await mkdir(secondFolder, { recursive: true });
  const folders = ['--user-data-dir', userData, '--extensions-dir', extensions];
  for (const path of fixtures) await cp(path, join(extensions, basename(path)), { recursive: true });
  await writeSettings(userData, deploymentSettings(emulator.origin));
  await install(executable, folders, vsix);
  const registered =
    process.platform === 'linux' ? await registerOnLinux(executable, folders, home) : undefined;
  return {
    executable,
    bundle,
    args: [...folders, '--disable-workspace-trust', '--disable-gpu', ...process.argv.slice(2)],
    env: {
      ...suiteEnvironment(emulator.origin, await outputPath('results', 'desktop.json')),
      ...registered,
      AIRISK_OPENER: JSON.stringify(uriOpener(process.platform, executable)),
      AIRISK_RPC_FOLDER: home,
      AIRISK_SECOND_FOLDER: secondFolder,
    },
  };
}

/** Runs the suite, or the test whose title begins with a phase's name, in a VS Code that starts and ends for it. */
async function runOnce(desktop: Desktop, phase = ''): Promise<SuiteResult> {
  const { executable, bundle, args, env } = desktop;
  const resultFile = env['AIRISK_RESULTS'] ?? '';
  await rm(resultFile, { force: true });
  const ended = await runTests({
    vscodeExecutablePath: executable,
    // It hands all but the program to the shell as they are.
    extensionDevelopmentPath: shellWord(bundle.extensionFolder),
    extensionTestsPath: shellWord(join(bundle.suiteFolder, 'index.js')),
    extensionTestsEnv: { ...env, ...(phase !== '' && { AIRISK_PHASE: phase, AIRISK_GREP: phase }) },
    launchArgs: args.map((word) => shellWord(word)),
  }).catch((error: unknown) => error);
  return readResult(resultFile).catch(() => {
    throw new NotRun(
      `VS Code could not be started (${lineOf(ended)}); it needs a display, on Linux xvfb-run`,
    );
  });
}

/** Runs the suite of the host, and then what takes a start of its own: what the keyring has kept. */
async function runIn(cleanup: Cleanup): Promise<SuiteResult> {
  const desktop = await prepare(cleanup);
  const total = { suite: 'desktop', passed: 0, failed: 0, skipped: 0 };
  for (const phase of ['', 'before a restart', 'after a restart']) {
    const { passed, failed, skipped } = await runOnce(desktop, phase);
    total.passed += passed;
    // Nothing that ran is a failure, too: a phase without its test shows nothing.
    total.failed += failed + (passed === 0 && failed === 0 ? 1 : 0);
    total.skipped += skipped;
  }
  return total;
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
