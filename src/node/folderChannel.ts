import { watch } from 'node:fs';
import { lstat, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { changeLifetimeMs, type WindowChannel } from '../core/sessions/sharedSecrets.ts';
import { makePrivateFolder, readPrivateFile, writePrivateFile } from './privateFiles.ts';
import { seal, unseal } from './seal.ts';

const suffix = '.change';
// Soon enough for a keyring that is unlocked, and nothing that a computer would feel.
const retryMs = 30_000;

/**
 * Windows that meet in a folder: each text is an encrypted file there for a minute, or until a window looks after it.
 * @param folder of this extension, shared by all windows
 * @param common gets a secret that only the windows of one person have; asked again when it fails
 * @param onFailure called when other windows are not heard at once any more
 */
export function folderChannel(
  folder: string,
  common: () => Promise<string>,
  onFailure: () => void,
): WindowChannel {
  let secret: Promise<string> | undefined;
  const commonSecret = (): Promise<string> => {
    if (!secret) {
      secret = common();
      secret.catch(() => (secret = undefined));
    }
    return secret;
  };
  const open = async (): Promise<string> => {
    await makePrivateFolder(folder);
    return commonSecret();
  };
  return {
    async post(text) {
      const sealed = seal(await open(), text);
      const file = join(folder, crypto.randomUUID());
      // Renamed into place, so that nobody reads half of it.
      await writePrivateFile(file, sealed);
      await rename(file, file + suffix);
      setTimeout(() => remove(file + suffix), changeLifetimeMs).unref();
    },
    onDidReceive(listener) {
      const controller = new AbortController();
      const { signal } = controller;
      /** The files seen here and when each goes: the window that wrote one may end before it takes it away. */
      const leftovers = new Map<string, ReturnType<typeof setTimeout>>();
      const removeLater = (file: string, ageMs: number): void => {
        clearTimeout(leftovers.get(file));
        const timer = setTimeout(() => {
          leftovers.delete(file);
          remove(file);
        }, changeLifetimeMs - ageMs);
        leftovers.set(file, timer.unref());
      };
      const read = async (name: string): Promise<string | undefined> => {
        const file = join(folder, name);
        try {
          const ageMs = Date.now() - (await lstat(file)).mtimeMs;
          if (signal.aborted) return undefined;
          if (ageMs > changeLifetimeMs) remove(file);
          else {
            removeLater(file, Math.max(ageMs, 0));
            if (name.endsWith(suffix)) return unseal(await commonSecret(), await readPrivateFile(file));
          }
        } catch {
          // Gone already, or another person's: not for this window.
        }
        return undefined;
      };
      const hear = (text: string | undefined): void => {
        if (text !== undefined && !signal.aborted) listener(text);
      };
      let retry: ReturnType<typeof setTimeout> | undefined;
      let failing = false;
      const tryAgain = (): void => {
        if (signal.aborted) return;
        if (!failing) onFailure();
        failing = true;
        clearTimeout(retry);
        retry = setTimeout(begin, retryMs).unref();
      };
      const watchFolder = (): boolean => {
        try {
          const watcher = watch(folder, { signal }, (event, name) => {
            // What is watched is the folder that was deleted or moved, and no other that is made in its place.
            if (event === 'rename' && name === basename(folder)) {
              watcher.close();
              begin();
            } else if (name !== null) void read(name).then(hear);
          });
          watcher.on('error', () => {
            watcher.close();
            tryAgain();
          });
          return true;
        } catch {
          // A computer has only so many watchers.
          return false;
        }
      };
      const begin = (): void => {
        open()
          .then(async () => {
            if (signal.aborted) return;
            const watched = watchFolder();
            (await Promise.all((await readdir(folder)).map(read))).forEach(hear);
            // Looking now and then misses nothing: what is there stays longer than that.
            if (watched) failing = false;
            else tryAgain();
          })
          .catch(tryAgain);
      };
      begin();
      return {
        dispose: () => {
          controller.abort();
          clearTimeout(retry);
          for (const timer of leftovers.values()) clearTimeout(timer);
        },
      };
    },
  };
}

function remove(file: string): void {
  rm(file, { force: true }).catch(() => undefined);
}
