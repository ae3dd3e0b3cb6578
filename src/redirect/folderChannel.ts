import { watch } from 'node:fs';
import { join } from 'node:path';
import { changeLifetimeMs, type WindowChannel } from '../core/session/sharedSecrets.ts';
import { files } from './files.ts';
import { seal, unseal } from './seal.ts';

const suffix = '.change';
// Soon enough for a keyring that is unlocked, and nothing that a computer would feel.
const retryMs = 30_000;

/**
 * Windows that meet in a folder: each text is an encrypted file there for a minute.
 * @param folder of this extension, shared by all windows
 * @param common gets a secret that only the windows of one person have; asked again where it fails
 */
export function folderChannel(folder: string, common: () => Promise<string>): WindowChannel {
  let opened: Promise<string> | undefined;
  const open = (): Promise<string> => {
    opened ??= files().mkdir(folder, { recursive: true }).then(common);
    opened.catch(() => (opened = undefined));
    return opened;
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
        if (!name?.endsWith(suffix)) return undefined;
        const file = join(folder, name);
        try {
          const { mtimeMs } = await files().stat(file);
          if (Date.now() - mtimeMs <= changeLifetimeMs)
            return unseal(await open(), await files().readFile(file, 'utf8'));
          // A window that ended left it.
          remove(file);
        } catch {
          // Gone already, or another person's: not for this window.
        }
        return undefined;
      };
      const tell = (text: string | undefined): void => {
        if (text !== undefined && !signal.aborted) listener(text);
      };
      let retry: ReturnType<typeof setTimeout> | undefined;
      const begin = (): void => {
        open()
          .then(() => {
            const watcher = watch(folder, { signal }, (_event, name) => void read(name).then(tell));
            watcher.on('error', () => undefined);
            return files().readdir(folder);
          })
          .then((names) => Promise.all(names.map(read)))
          .then((texts) => texts.forEach(tell))
          .catch(() => {
            // Until then this window is on its own.
            if (!signal.aborted) retry = setTimeout(begin, retryMs).unref();
          });
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
