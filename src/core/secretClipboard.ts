import type { Timers } from './ticker.ts';

/** How long a token stays on the clipboard, in ms. */
const clipboardLifetimeMs = 60_000;
// Until it can be read again, for instance because the browser's tab is in front again.
const retryMs = 2_000;

/** A secret on the clipboard that is to be cleared. */
export interface PendingClear {
  /** What it is recognized by. */
  readonly digest: string;
  /** Epoch ms. */
  readonly at: number;
}

/** The host's clipboard. */
export interface Clipboard {
  /** `undefined` while it cannot be read. */
  readonly read: () => Promise<string | undefined>;
  readonly write: (text: string) => Promise<void>;
  /** Remembers for the next window what is still to be cleared: VS Code gives a closing one no clipboard. */
  readonly remember: (pending: PendingClear | undefined) => void;
  /** What is remembered now, of whichever window. */
  readonly remembered: () => PendingClear | undefined;
  /** Notifies when the person turns to this window. */
  readonly onDidFocus: (listener: () => void) => { dispose(): void };
  /** A one-way hash. */
  readonly digest: (text: string) => string;
  /** Epoch ms. */
  readonly now: () => number;
}

/** Puts secrets on the clipboard and takes them away again, unless something else was copied meanwhile. */
export class SecretClipboard {
  readonly #clipboard: Clipboard;
  readonly #timers: Pick<Timers, 'setTimeout' | 'clearTimeout'>;
  readonly #subscription: { dispose(): void };
  #pending: PendingClear | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(clipboard: Clipboard, timers: Pick<Timers, 'setTimeout' | 'clearTimeout'>) {
    this.#clipboard = clipboard;
    this.#timers = timers;
    this.#subscription = clipboard.onDidFocus(() => this.#takeOver());
    this.#takeOver();
  }

  /** Copies a secret; it is cleared by itself after {@link clipboardLifetimeMs}. */
  async copy(secret: string): Promise<void> {
    const { digest, now, remember, write } = this.#clipboard;
    // Before the write, so that an older one that is being cleared leaves this one alone.
    this.#pending = { digest: digest(secret), at: now() + clipboardLifetimeMs };
    remember(this.#pending);
    this.#clearIn(clipboardLifetimeMs);
    await write(secret);
  }

  /** Clears the clipboard if it holds exactly what was copied last. */
  async clear(): Promise<void> {
    const { read, write, remember, remembered, digest } = this.#clipboard;
    const pending = this.#pending;
    if (pending === undefined) return;
    const text = await read();
    if (pending !== this.#pending) return;
    if (text === undefined) return this.#clearIn(retryMs);
    if (digest(text) === pending.digest) await write('');
    if (pending !== this.#pending) return;
    this.#timers.clearTimeout(this.#timer);
    this.#pending = undefined;
    if (remembered()?.digest === pending.digest) remember(undefined);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#timers.clearTimeout(this.#timer);
    this.#pending = undefined;
  }

  /** Sees to what a different window has copied since: that one may have ended. */
  #takeOver(): void {
    const { now, remembered } = this.#clipboard;
    const latest = remembered();
    if (!latest || (this.#pending && this.#pending.at >= latest.at)) return;
    this.#pending = latest;
    this.#clearIn(Math.max(0, latest.at - now()));
  }

  #clearIn(ms: number): void {
    this.#timers.clearTimeout(this.#timer);
    this.#timer = this.#timers.setTimeout(() => {
      const due = this.#pending;
      this.#takeOver();
      if (due === this.#pending) this.clear().catch(() => this.#clearIn(retryMs));
    }, ms);
  }
}
