import { constants } from 'node:fs';
import { chmod, lstat, mkdir, open, rm, writeFile } from 'node:fs/promises';

const ownerOnly = 0o700;
/** In bytes: enough for every token, and nothing that would fill the memory. */
const mostBytes = 1_048_576;

/**
 * Makes a folder that nobody else may enter, or takes it from others who may.
 * @throws Error when it is a link or another user's, or cannot be made
 */
export async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: ownerOnly });
  await requirePrivateFolder(folder);
}

/**
 * Sees to it that nobody else may enter a folder.
 * @throws Error when it is missing, a link or another user's
 */
export async function requirePrivateFolder(folder: string): Promise<void> {
  const found = await lstat(folder);
  if (!found.isDirectory()) throw new Error('The folder is a link or a file');
  if (!isOwn(found)) throw new Error("The folder is another user's");
  // Windows has no such modes: a user's profile is closed to others there.
  if (process.platform !== 'win32' && (found.mode & 0o777) !== ownerOnly) await chmod(folder, ownerOnly);
}

/** True for a folder of one's own that is no link and that nobody else may enter. */
export async function isPrivateFolder(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined);
  return found !== undefined && found.isDirectory() && isOwn(found) && isClosed(found);
}

/** How often a file is removed that somebody else puts in the same place at the same time. */
const mostAttempts = 5;

/**
 * Writes a file that only its owner may read, in the place of one that is there: a link is replaced and not followed.
 * @throws Error when it cannot be written
 */
export async function writePrivateFile(file: string, text: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await rm(file, { force: true });
    try {
      return await writeFile(file, text, { flag: 'wx', mode: 0o600 });
    } catch (error) {
      const wasFaster = error instanceof Error && 'code' in error && error.code === 'EEXIST';
      if (!wasFaster || attempt === mostAttempts) throw error;
    }
  }
}

/**
 * Reads a file of one's own that is closed to others.
 * @throws Error when it is missing, a link, no file, another user's, open to others or larger than 1 MiB
 */
export async function readPrivateFile(file: string): Promise<string> {
  // Without O_NONBLOCK a pipe in its place would keep the reader for ever. Windows has neither flag.
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const found = await handle.stat();
    if (!found.isFile() || !isOwn(found) || !isClosed(found) || found.size > mostBytes) {
      throw new Error('The file is not our own');
    }
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

/** True for what belongs to the user who runs this, and on Windows, which says so in another way, for everything. */
function isOwn({ uid }: { readonly uid: number }): boolean {
  return process.getuid === undefined || uid === process.getuid();
}

/** True for what no other user may read, write or enter. */
function isClosed({ mode }: { readonly mode: number }): boolean {
  return process.platform === 'win32' || (mode & 0o077) === 0;
}
