import { access, constants } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { runCommand } from './command.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

async function findOnPath(file: string): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const candidate = join(folder, file);
    const usable = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
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

/** Finds a Chromium, or installs Debian's where this process may; else throws an error that says what to install. */
export async function prepareChromium(progress: (line: string) => void): Promise<string> {
  const found = await findChromium();
  if (found !== undefined) return found;
  const missing = 'No Chromium or Chrome was found on the PATH.';
  const remedy =
    'install one (Debian, as root: apt-get install chromium), or set AIRISK_CHROMIUM to its path.';
  if (process.getuid?.() !== 0 || (await findOnPath('apt-get')) === undefined) {
    throw new Error(`${missing} To run these tests ${remedy}`);
  }
  progress('installing chromium with apt-get');
  const logFile = join(tmpdir(), `airisk-apt-${process.pid}.log`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', HOME: homedir() };
  try {
    await runCommand('apt-get', ['update'], { env, logFile });
    await runCommand('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { env, logFile });
  } catch (error) {
    throw new Error(`${missing} apt-get could not install it; ${remedy}`, { cause: error });
  }
  const installed = await findChromium();
  if (installed === undefined) throw new Error(`${missing} apt-get installed none; ${remedy}`);
  return installed;
}
