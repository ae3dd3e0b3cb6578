import { rmSync } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { AuthorizationResponse } from '../core/oauth/authorizationResponse.ts';
import { parseJson } from '../core/schema.ts';
import type { RedirectReceiver } from '../core/oauth/signIn.ts';
import { taskQueue } from '../core/tasks.ts';
import {
  makePrivateFolder,
  readPrivateFile,
  requirePrivateFolder,
  writePrivateFile,
} from './privateFiles.ts';
import { digest, seal, unseal } from './seal.ts';

const pollMs = 250;
const keepMs = 10_000;
// No sign-in waits longer: the most that airisk.signInTimeoutMinutes allows.
const staleMs = 60 * 60_000;

const Response = z.object({
  code: z.optional(z.string()),
  error: z.optional(z.string()),
  errorDescription: z.optional(z.string()),
});

/**
 * Hands a redirect to the window that waits for it: the operating system gives one to whichever window was used
 * last. Windows meet in a folder that they share. What lies there is encrypted with a key made from `state`, which
 * only the waiting window and the redirect itself know.
 */
export class WindowRelay {
  readonly #folder: string;
  /** What this window has to take away when it closes, and the timer that does it before. */
  readonly #own = new Map<string, ReturnType<typeof setTimeout> | undefined>();
  readonly #inTurn = taskQueue(1);
  #disposed = false;

  /** @param folder of this extension, shared by all windows */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** A receiver that also takes what another window received. */
  listen(receiver: RedirectReceiver): RedirectReceiver {
    return {
      begin: async (state, signal) => {
        const { redirectUri, response } = await receiver.begin(state, signal);
        const relayed = this.#take(state, signal);
        return { redirectUri, response: Promise.race([response, relayed]) };
      },
    };
  }

  /**
   * Leaves a response for the window that waits for its state; false when none does.
   * @throws Error when it cannot be written
   */
  send(response: AuthorizationResponse): Promise<boolean> {
    // A browser may load the address twice at once, and both write the same file.
    return this.#inTurn(() => this.#leave(response));
  }

  /** Takes away what this window left. At once: a host that ends waits for nobody. */
  dispose(): void {
    for (const [file, timer] of this.#own) {
      clearTimeout(timer);
      rmSync(file, { force: true });
    }
    this.#disposed = true;
  }

  async #take(state: string, signal: AbortSignal): Promise<AuthorizationResponse> {
    const { waiting, message } = this.#files(state);
    return new Promise((resolve) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const poll = async (): Promise<void> => {
        const text = await readPrivateFile(message)
          .then((sealed) => unseal(state, sealed))
          .catch(() => undefined);
        const response = text === undefined ? undefined : parseJson(Response, text);
        if (response) {
          const { code, error, errorDescription } = response;
          clean();
          resolve({ state, code, error, errorDescription });
        } else if (!signal.aborted) timer = setTimeout(() => void poll(), pollMs);
      };
      const clean = (): void => {
        clearTimeout(timer);
        for (const file of [waiting, message]) this.#remove(file);
      };
      signal.addEventListener('abort', clean, { once: true });
      this.#own.set(waiting, undefined);
      makePrivateFolder(this.#folder)
        .then(() => this.#sweep())
        .then(() => writePrivateFile(waiting, ''))
        .then(() => (signal.aborted || this.#disposed ? clean() : poll()))
        // Without the folder this window still gets its own redirects.
        .catch(() => undefined);
    });
  }

  async #leave({ state, ...response }: AuthorizationResponse): Promise<boolean> {
    if (!state) return false;
    const { waiting, message } = this.#files(state);
    if (!(await this.#isWaiting(waiting))) return false;
    clearTimeout(this.#own.get(message));
    this.#own.set(message, undefined);
    const remove = (): void => this.#remove(message);
    try {
      await writePrivateFile(message, seal(state, JSON.stringify(response)));
    } catch (error) {
      remove();
      throw error;
    }
    // When this window has closed meanwhile, nobody would take it away.
    if (this.#disposed) remove();
    else this.#own.set(message, setTimeout(remove, keepMs).unref());
    return true;
  }

  async #isWaiting(file: string): Promise<boolean> {
    try {
      await requirePrivateFolder(this.#folder);
      return (await lstat(file)).isFile();
    } catch {
      return false;
    }
  }

  #remove(file: string): void {
    this.#own.delete(file);
    rm(file, { force: true }).catch(() => undefined);
  }

  /** Removes what a window left that crashed. */
  async #sweep(): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      const file = join(this.#folder, name);
      const { mtimeMs } = await lstat(file).catch(() => ({ mtimeMs: Infinity }));
      if (Date.now() - mtimeMs > staleMs) this.#remove(file);
    }
  }

  #files(state: string): { waiting: string; message: string } {
    const name = digest('name', state).toString('hex');
    return {
      waiting: join(this.#folder, `${name}.waiting`),
      message: join(this.#folder, `${name}.redirect`),
    };
  }
}
