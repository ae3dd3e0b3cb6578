import { access, constants } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { runCommand } from './command.ts';
import { succeeds } from './until.ts';

// The first is Chromium without a window of its own, which nobody needs who does not look on.
const windowless = 'chromium-headless-shell';
const names = [
  ...(process.env['AIRISK_HEADED'] === '1' ? [] : [windowless]),
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
];

/** The full path of a program on the PATH. */
export async function findOnPath(file: string): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const candidate = join(folder, file);
    const usable = await succeeds(access(candidate, constants.X_OK));
    if (folder !== '' && usable) return candidate;
  }
  return undefined;
}

async function findChromium(): Promise<string | undefined> {
  const chosen = process.env['AIRISK_CHROMIUM'];
  if (chosen !== undefined && chosen !== '') return chosen;
  for (const name of names) {
    const found = await findOnPath(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether this process may install Debian packages. */
async function mayInstall(): Promise<boolean> {
  return process.getuid?.() === 0 && (await findOnPath('apt-get')) !== undefined;
}

/** Installs a Debian package, and more that go with it, where this process may; else throws an error with the remedy. */
export async function installPackage(
  name: string,
  remedy: string,
  progress: (line: string) => void,
  more: readonly string[] = [],
): Promise<void> {
  if (!(await mayInstall())) {
    throw new Error(`${name} was not found on the PATH. To run these tests ${remedy}`);
  }
  progress(`installing ${name} with apt-get`);
  const logFile = join(tmpdir(), `airisk-apt-${process.pid}.log`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', HOME: homedir() };
  const install = ['install', '-y', '--no-install-recommends', name, ...more];
  try {
    await runCommand('apt-get', ['update'], { env, logFile });
    await runCommand('apt-get', install, { env, logFile });
  } catch (error) {
    throw new Error(`apt-get could not install ${name}; ${remedy}`, { cause: error });
  }
}

/** Finds a Chromium, or installs Debian's where this process may; else throws an error that says what to install. */
export async function prepareChromium(progress: (line: string) => void): Promise<string> {
  const found = await findChromium();
  if (found !== undefined) return found;
  const [wanted = windowless] = names;
  const remedy = `install one (Debian, as root: apt-get install ${wanted}), or set AIRISK_CHROMIUM to its path.`;
  await installPackage(wanted, remedy, progress);
  const installed = await findChromium();
  if (installed === undefined) throw new Error(`apt-get installed no ${wanted}; ${remedy}`);
  return installed;
}

/**
 * Installs what the documented requests are sent with, where it is missing and this process may, and the shells whose
 * tests are skipped where they are missing.
 */
export async function prepareClients(progress: (line: string) => void): Promise<void> {
  const shells = (await mayInstall()) ? ['zsh', 'fish', 'tmux'] : [];
  for (const name of ['curl', 'python3', ...shells]) {
    if ((await findOnPath(name)) !== undefined) continue;
    await installPackage(name, `install it (Debian, as root: apt-get install ${name}).`, progress);
  }
}
