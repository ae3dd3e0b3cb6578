import { mkdir } from 'node:fs/promises';
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
