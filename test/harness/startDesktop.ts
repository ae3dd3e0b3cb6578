import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Emulator, startEmulator } from '../emulator/emulator.ts';
import { guidClient, seedUsers, withGuids } from '../emulator/seed.ts';
import type { Cleanup } from './cleanup.ts';
import { needsShell, runCommand, shellWord } from './command.ts';
import { deploymentSettings, mainVsix } from './mainVsix.ts';
import { outputPath } from './paths.ts';
import { writeSettings } from './settings.ts';

/**
 * How codes come back. The operating system gives a vscode:// address to the VS Code that the user works with, not
 * to this one with its own user-data folder, so the window listens on loopback instead.
 */
const redirectUri = 'http://127.0.0.1:38431/callback';

/** A desktop VS Code with a profile of its own. */
export interface DesktopSession {
  readonly emulator: Emulator;
  /** Resolves when the window is closed. */
  readonly closed: Promise<unknown>;
}

/** Opens the installed `code` with the extension in folders of its own, against an emulator that compares exactly. */
export async function startDesktop(cleanup: Cleanup): Promise<DesktopSession> {
  const code = process.platform === 'win32' ? 'code.cmd' : 'code';
  const logFile = await outputPath('logs', 'start.log');
  try {
    await runCommand(code, ['--version'], { logFile });
  } catch (error) {
    throw new Error(
      'The command "code" does not run. Install VS Code, run "Shell Command: Install code command in PATH" in it ' +
        'where your system needs that, or leave out --desktop.',
      { cause: error },
    );
  }
  const vsix = await mainVsix();
  const home = await mkdtemp(join(tmpdir(), 'airisk-'));
  cleanup.add(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
  const emulator = await startEmulator({
    redirectMatch: 'exact',
    clients: [guidClient],
    users: withGuids(seedUsers),
  });
  cleanup.add(() => emulator.close());
  const folder = join(home, 'folder');
  await mkdir(folder);
  await writeSettings(join(home, 'data'), {
    ...deploymentSettings(emulator.origin, guidClient.client_id),
    'airisk.redirectUri': redirectUri,
  });
  const folders = ['--user-data-dir', join(home, 'data'), '--extensions-dir', join(home, 'extensions')];
  await runCommand(code, [...folders, '--install-extension', vsix], { logFile });
  const words = [...folders, '--new-window', '--wait', folder].map((word) => shellWord(word));
  const child = spawn(code, words, { stdio: 'ignore', shell: needsShell });
  cleanup.add(async () => child.kill());
  return { emulator, closed: once(child, 'exit') };
}
