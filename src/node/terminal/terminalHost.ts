import { lstat, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { makePrivateFolder, writePrivateFile } from '../privateFiles.ts';
import { hexDigest } from '../seal.ts';
import { type HelperFolder, installHelper, keepMs } from './helperFolder.ts';
import { type AnswerRequest, isAnswered, openTerminalSocket, type TerminalSocket } from './terminalSocket.ts';

/**
 * What this computer has for the terminals of one window.
 * @param folder of this extension, shared by all windows
 * @param workspace names the workspace file or folder, the same after a reload and in another window of it
 * @param script the helper's bundle
 */
export function terminalHost(folder: string, workspace: string, script: string, answer: AnswerRequest) {
  const descriptor = join(folder, `${hexDigest(workspace).slice(0, 16)}.json`);
  const mark = `${descriptor}.used`;
  return {
    descriptor,
    delimiter,
    node: process.platform === 'win32' ? process.execPath : undefined,
    installHelper: (): Promise<HelperFolder> => installHelper(folder, script, process.execPath),
    async open(): Promise<TerminalSocket> {
      await makePrivateFolder(folder);
      await writePrivateFile(mark, '');
      return openTerminalSocket(descriptor, answer);
    },
    isListed: (): Promise<boolean> => isAnswered(descriptor),
    forget: (): Promise<void> => rm(mark, { force: true }),
    async wasOpen(): Promise<boolean> {
      const found = await lstat(mark).catch(() => undefined);
      return found !== undefined && Date.now() - found.mtimeMs < keepMs;
    },
  };
}
