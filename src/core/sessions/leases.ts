import * as z from 'zod/mini';
import { lazily, number, parseJson, string } from '../schema.ts';
import type { SecretStore } from './store.ts';

const Lease = lazily(() => z.object({ owner: string(), until: number() }));

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

  /** @param now epoch ms */
  constructor(secrets: SecretStore, now: () => number) {
    this.#secrets = secrets;
    this.#now = now;
  }

  /** In how many ms another window's lease ends; 0 where this window may take it for `ms`. */
  async heldFor(name: string, ms: number): Promise<number> {
    const held = await this.#heldByOthers(name);
    // A longer one was taken before the clock was set back: nobody may hold it any more.
    return held > 0 && held <= ms ? held : 0;
  }

  /** Takes the lease for so many ms. */
  async take(name: string, ms: number): Promise<void> {
    const until = this.#now() + ms;
    await this.#secrets.store(keyOf(name), JSON.stringify({ owner: this.#owner, until }));
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
    if ((await this.#heldByOthers(name)) <= 0) await this.#secrets.delete(keyOf(name));
  }

  async #heldByOthers(name: string): Promise<number> {
    const text = await this.#secrets.get(keyOf(name));
    const lease = text === undefined ? undefined : parseJson(Lease, text);
    return lease && lease.owner !== this.#owner ? lease.until - this.#now() : 0;
  }
}

const keyOf = (name: string): string => `lease:v1:${name}`;
