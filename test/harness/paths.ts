import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's own folder. */
export const projectFolder = fileURLToPath(new URL('../..', import.meta.url));

/** A path below the folder for everything that tests leave behind, its parent folder made. */
export async function outputPath(...parts: string[]): Promise<string> {
  const path = join(projectFolder, '.test-output', ...parts);
  await mkdir(dirname(path), { recursive: true });
  return path;
}

/** A path for what checkouts of this user share, its parent folder made. */
export async function cachePath(name: string): Promise<string> {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const path = join(cache, 'airisk-authentication', name);
  await mkdir(dirname(path), { recursive: true });
  return path;
}
