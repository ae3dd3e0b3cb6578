import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, chmod, lstat, readdir, readFile, rename, rm, utimes } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isPrivateFolder, makePrivateFolder, readPrivateFile, writePrivateFile } from '../privateFiles.ts';
import { hexDigest } from '../seal.ts';
import { quotePosix } from '../../core/oauth/requestSnippets.ts';

const prefix = 'bin-';
/** For how long a shell finds what it needs though no window is open, ms. */
export const keepMs = 7 * 24 * 60 * 60_000;

/** How often a damaged folder is replaced, while other windows may do the same. */
const mostAttempts = 3;

/** Where the helper lies. */
export interface HelperFolder {
  /** For the PATH of terminals. */
  readonly folder: string;
  /** The helper itself, for when PATH is lost. */
  readonly program: string;
}

/**
 * Lays the helper out in a folder named after what is in it, so that an update leaves the shells alone that run, and
 * takes those away that nobody used for a week.
 * @param parent the private folder for it
 * @param script the helper's bundle
 * @param node the program that runs this extension: Node, or Electron that can be one
 * @throws Error when it cannot be written
 */
export async function installHelper(parent: string, script: string, node: string): Promise<HelperFolder> {
  await makePrivateFolder(parent);
  const files = { 'airisk-token.cjs': await readFile(script, 'utf8'), ...wrapper(node) };
  const hash = hexDigest(JSON.stringify(files)).slice(0, 16);
  const folder = join(parent, prefix + hash);
  if (await isComplete(folder, files)) {
    const now = new Date();
    await utimes(folder, now, now);
  } else await layOut(folder, files);
  await removeOld(parent, basename(folder));
  return { folder, program: join(folder, Object.keys(wrapper(node))[0] ?? '') };
}

function wrapper(node: string): Record<string, string> {
  // A batch file is read in the console's code page, which has not every letter of a path: so a variable has it.
  if (process.platform === 'win32') {
    return {
      'airisk-token.cmd': `@setlocal\r
@set "AIRISK_NODE_OPTIONS=%NODE_OPTIONS%"\r
@set NODE_OPTIONS=\r
@set ELECTRON_RUN_AS_NODE=1\r
@"%AIRISK_NODE%" "%AIRISK_TOKEN_HELPER%\\..\\airisk-token.cjs" %*\r
`,
    };
  }
  return {
    'airisk-token': `#!/bin/sh
node=${quotePosix(node)}
[ -x "$node" ] || { echo 'airisk-token: VS Code was updated. Open a new terminal with "AIRisk: Open Terminal".' >&2; exit 3; }
AIRISK_NODE_OPTIONS="\${NODE_OPTIONS-}" NODE_OPTIONS='' ELECTRON_RUN_AS_NODE=1 exec "$node" "\${0%/*}/airisk-token.cjs" "$@"
`,
  };
}

/** True when a folder has the files as they were laid out, and is closed to others as they are. */
async function isComplete(folder: string, files: Record<string, string>): Promise<boolean> {
  const whole = Object.entries(files).map(async ([name, content]) => {
    const file = join(folder, name);
    await access(file, constants.X_OK);
    return (await readPrivateFile(file)) === content;
  });
  return Promise.all([isPrivateFolder(folder), ...whole]).then(
    (all) => all.every(Boolean),
    () => false,
  );
}

async function layOut(folder: string, files: Record<string, string>): Promise<void> {
  const partial = `${folder}.${randomBytes(4).toString('hex')}`;
  await makePrivateFolder(partial);
  for (const [name, content] of Object.entries(files)) {
    await writePrivateFile(join(partial, name), content);
    await chmod(join(partial, name), 0o700);
  }
  try {
    await moveInto(folder, partial, files);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function moveInto(folder: string, partial: string, files: Record<string, string>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await rename(partial, folder);
    } catch (error) {
      // A window that started at the same time was faster, and shells may use its folder already.
      if (await isComplete(folder, files)) return;
      if (attempt === mostAttempts) throw error;
      await rm(folder, { recursive: true, force: true });
    }
  }
}

async function removeOld(parent: string, current: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix) || name === current) continue;
    const folder = join(parent, name);
    // Another window may take it away at the same time.
    const found = await lstat(folder).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > keepMs) await rm(folder, { recursive: true, force: true });
  }
}
