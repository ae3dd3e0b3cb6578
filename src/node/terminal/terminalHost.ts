import { lstat, readdir, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { makePrivateFolder, writePrivateFile } from '../privateFiles.ts';
import { hexDigest } from '../seal.ts';
import { type HelperFolder, installHelper, keepMs } from './helperFolder.ts';
import { type AnswerRequest, isAnswered, openTerminalSocket, type TerminalSocket } from './terminalSocket.ts';

/** Of a file that says that terminals of a window were given access, and when. */
const markSuffix = '.used';

/**
 * What this computer has for the terminals of one window.
 * @param folder of this extension, shared by all windows
 * @param workspace names what is open in the window, the same after a reload and in another window of it
 * @param script the helper's bundle
 */
export function terminalHost(folder: string, workspace: string, script: string, answer: AnswerRequest) {
  const descriptor = join(folder, `${hexDigest(workspace).slice(0, 16)}.json`);
  const mark = `${descriptor}${markSuffix}`;
  return {
    descriptor,
    delimiter,
    node: process.platform === 'win32' ? process.execPath : undefined,
    installHelper: (): Promise<HelperFolder> => installHelper(folder, script, process.execPath),
    async open(): Promise<TerminalSocket> {
      await makePrivateFolder(folder);
      await sweep(folder);
      await writePrivateFile(mark, '');
      return openTerminalSocket(descriptor, answer);
    },
    isListed: (): Promise<boolean> => isAnswered(descriptor),
    forget: (): Promise<void> => rm(mark, { force: true }),
    wasOpen: (): Promise<boolean> => isRecent(mark),
  };
}

async function isRecent(mark: string): Promise<boolean> {
  const found = await lstat(mark).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs < keepMs;
}

/** Removes what windows have left that nobody came back to. */
async function sweep(folder: string): Promise<void> {
  const marks = (await readdir(folder)).filter((name) => name.endsWith(markSuffix));
  for (const mark of marks.map((name) => join(folder, name))) {
    if (await isRecent(mark)) continue;
    await rm(mark, { force: true });
    const descriptor = mark.slice(0, -markSuffix.length);
    if (!(await isAnswered(descriptor))) await rm(descriptor, { force: true });
  }
}
