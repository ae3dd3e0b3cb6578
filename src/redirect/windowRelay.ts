import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { AuthorizationResponse } from '../core/oauth/authorization.ts';
import { parseJson } from '../core/oauth/http.ts';
import type { RedirectReceiver } from '../core/signIn.ts';

const pollMs = 250;
const keepMs = 10_000;

const optionalText = z.optional(z.string());
const Response = z.object({ code: optionalText, error: optionalText, errorDescription: optionalText });

/**
 * Hands a redirect to the window that waits for it: the operating system gives one to whichever window was used
 * last. Windows meet in a folder that they share. What lies there is encrypted with a key made from `state`, which
 * only the waiting window and the redirect itself know.
 */
export class WindowRelay {
  readonly #folder: string;

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

  /** Leaves a response for the window that waits for its state; false where none does. */
  async send({ state, ...response }: AuthorizationResponse): Promise<boolean> {
    if (state === undefined) return false;
    const { waiting, message } = this.#files(state);
    if (!(await stat(waiting).catch(() => undefined))) return false;
    await writeFile(message, encrypt(state, JSON.stringify(response)), { mode: 0o600 });
    setTimeout(() => void rm(message, { force: true }).catch(() => undefined), keepMs).unref();
    return true;
  }

  async #take(state: string, signal: AbortSignal): Promise<AuthorizationResponse> {
    const { waiting, message } = this.#files(state);
    return new Promise((resolve) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const poll = async (): Promise<void> => {
        const text = await readFile(message, 'utf8')
          .then((sealed) => decrypt(state, sealed))
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
        for (const file of [waiting, message]) void rm(file, { force: true }).catch(() => undefined);
      };
      signal.addEventListener('abort', clean, { once: true });
      mkdir(this.#folder, { recursive: true })
        .then(() => writeFile(waiting, '', { mode: 0o600 }))
        .then(() => (signal.aborted ? clean() : poll()))
        // Without the folder this window still gets its own redirects.
        .catch(() => undefined);
    });
  }

  #files(state: string): { waiting: string; message: string } {
    const name = digest('name', state).toString('hex');
    return {
      waiting: join(this.#folder, `${name}.waiting`),
      message: join(this.#folder, `${name}.redirect`),
    };
  }
}

function digest(purpose: string, state: string): Buffer {
  return createHash('sha256').update(`${purpose}\n${state}`).digest();
}

function encrypt(state: string, text: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', digest('key', state), iv);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64');
}

function decrypt(state: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', digest('key', state), bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
}
