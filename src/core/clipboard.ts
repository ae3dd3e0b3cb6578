import type { Timers } from './ticker.ts';

/** How long a token stays on the clipboard, in ms. */
export const clipboardLifetimeMs = 60_000;
// Until it can be read again, for instance because the browser's tab is in front again.
const retryMs = 2_000;

/** The host's clipboard. */
export interface Clipboard {
  /** `undefined` while it cannot be read. */
  readonly read: () => Promise<string | undefined>;
  readonly write: (text: string) => Promise<void>;
}

/** Puts secrets on the clipboard and takes them away again, unless something else was copied meanwhile. */
export class SecretClipboard {
  readonly #clipboard: Clipboard;
  readonly #timers: Pick<Timers, 'setTimeout' | 'clearTimeout'>;
  #secret: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(clipboard: Clipboard, timers: Pick<Timers, 'setTimeout' | 'clearTimeout'>) {
    this.#clipboard = clipboard;
    this.#timers = timers;
  }

  /** Copies a secret; it is cleared by itself after {@link clipboardLifetimeMs}. */
  async copy(secret: string): Promise<void> {
    // Before the write, so that an older one that is being cleared leaves this one alone.
    this.#secret = secret;
    this.#clearIn(clipboardLifetimeMs);
    await this.#clipboard.write(secret);
  }

  /** Clears the clipboard if it holds exactly what was copied last. */
  async clear(): Promise<void> {
    const secret = this.#secret;
    if (secret === undefined) return;
    const text = await this.#clipboard.read();
    if (secret !== this.#secret) return;
    if (text === undefined) return this.#clearIn(retryMs);
    this.#timers.clearTimeout(this.#timer);
    this.#secret = undefined;
    if (text === secret) await this.#clipboard.write('');
  }

  dispose(): void {
    this.#timers.clearTimeout(this.#timer);
    this.#secret = undefined;
  }

  #clearIn(ms: number): void {
    this.#timers.clearTimeout(this.#timer);
    this.#timer = this.#timers.setTimeout(() => {
      this.clear().catch(() => this.#clearIn(retryMs));
    }, ms);
  }
}
