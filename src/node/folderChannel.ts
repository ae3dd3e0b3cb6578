import { watch } from 'node:fs';
import { join } from 'node:path';
import { changeLifetimeMs, type WindowChannel } from '../core/sessions/sharedSecrets.ts';
import { files } from './files.ts';
import { seal, unseal } from './seal.ts';

const suffix = '.change';
// Soon enough for a keyring that is unlocked, and nothing that a computer would feel.
const retryMs = 30_000;

/**
 * Windows that meet in a folder: each text is an encrypted file there for a minute, or until a window looks after it.
 * @param folder of this extension, shared by all windows
 * @param common gets a secret that only the windows of one person have; asked again where it fails
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
    await files().mkdir(folder, { recursive: true });
    return commonSecret();
  };
  return {
    async post(text) {
      const sealed = seal(await open(), text);
      const file = join(folder, crypto.randomUUID());
      // Renamed into place, so that nobody reads half of it.
      await files().writeFile(file, sealed, { mode: 0o600 });
      await files().rename(file, file + suffix);
      setTimeout(() => remove(file + suffix), changeLifetimeMs).unref();
    },
    onDidReceive(listener) {
      const controller = new AbortController();
      const { signal } = controller;
      const read = async (name: string | null): Promise<string | undefined> => {
        if (name === null) return undefined;
        const file = join(folder, name);
        try {
          const { mtimeMs } = await files().stat(file);
          // A window that ended left it.
          if (Date.now() - mtimeMs > changeLifetimeMs) remove(file);
          else if (name.endsWith(suffix))
            return unseal(await commonSecret(), await files().readFile(file, 'utf8'));
        } catch {
          // Gone already, or another person's: not for this window.
        }
        return undefined;
      };
      const tell = (text: string | undefined): void => {
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
          const watcher = watch(folder, { signal }, (_event, name) => void read(name).then(tell));
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
            const names = await files().readdir(folder);
            (await Promise.all(names.map(read))).forEach(tell);
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
        },
      };
    },
  };
}

function remove(file: string): void {
  files()
    .rm(file, { force: true })
    .catch(() => undefined);
}
