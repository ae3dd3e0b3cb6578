import * as z from 'zod/mini';
import { parseJson } from '../schema.ts';
import type { SecretStore } from './store.ts';

const Lease = z.object({ owner: z.string(), until: z.number() });

// A window that ended in the middle holds the others up no longer than this; who lives on takes it again in time.
const heldMs = 6_000;
const extendMs = 2_000;
// Longer than a write takes to reach another window.
const settlingMs = 1_000;

/**
 * Lets one window at a time do a thing. A lease runs out by itself, so a window that crashed holds nothing up.
 * Two windows that ask before either has taken it both may: it saves work, it guards nothing.
 */
export class Leases {
  readonly #secrets: SecretStore;
  readonly #now: () => number;
  readonly #owner = crypto.randomUUID();
  #isDisposed = false;

  /** @param now epoch ms */
  constructor(secrets: SecretStore, now: () => number) {
    this.#secrets = secrets;
    this.#now = now;
  }

  /** In how many ms another window's lease ends; 0 when this window may take it for `ms`. */
  async heldFor(name: string, ms = heldMs): Promise<number> {
    const held = await this.#heldByOthers(name);
    // A longer one was taken before the clock was set back: nobody may hold it any more.
    return held > 0 && held <= ms ? held : 0;
  }

  /** Holds the lease while a task runs, as well as that works. Throws what the task throws. */
  async during<T>(name: string, task: () => Promise<T>): Promise<T> {
    let taken = Promise.resolve();
    const take = (): void => {
      if (this.#isDisposed) return;
      // Nobody waits for it, and one that cannot be taken is not worth a failure.
      taken = taken.then(() => this.take(name, heldMs)).catch(() => undefined);
      timer = setTimeout(take, extendMs);
    };
    let timer: ReturnType<typeof setTimeout> | undefined;
    take();
    try {
      return await task();
    } finally {
      clearTimeout(timer);
      void taken.then(() => this.release(name)).catch(() => undefined);
    }
  }

  /** Takes the lease for so many ms. */
  async take(name: string, ms: number): Promise<void> {
    const until = this.#now() + ms;
    await this.#secrets.store(storageKey(name), JSON.stringify({ owner: this.#owner, until }));
  }

  /**
   * Takes the lease for so many ms, for one of all windows that ask in the same instant: takes a second.
   * @returns whether this window has it
   */
  async claim(name: string, ms: number): Promise<boolean> {
    // Another window's may end a little later: it has been taken a little later than it was counted.
    const isOthers = async (): Promise<boolean> => (await this.heldFor(name, ms + settlingMs)) > 0;
    if (await isOthers()) return false;
    await this.take(name, ms);
    await new Promise((resolve) => setTimeout(resolve, settlingMs));
    return !(await isOthers());
  }

  async release(name: string): Promise<void> {
    if ((await this.#heldByOthers(name)) <= 0) await this.#secrets.delete(storageKey(name));
  }

  /** Notifies of each change of a lease, by this window or another. */
  onDidChange(name: string, listener: () => void): { dispose(): void } {
    return this.#secrets.onDidChange((key) => key === storageKey(name) && listener());
  }

  /** Lets all leases of this window run out. */
  dispose(): void {
    this.#isDisposed = true;
  }

  async #heldByOthers(name: string): Promise<number> {
    const text = await this.#secrets.get(storageKey(name));
    const lease = text === undefined ? undefined : parseJson(Lease, text);
    return lease && lease.owner !== this.#owner ? lease.until - this.#now() : 0;
  }
}

const storageKey = (name: string): string => `lease:v1:${name}`;
