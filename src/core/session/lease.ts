import * as z from 'zod/mini';
import { parseJson } from '../oauth/http.ts';
import { lazily } from '../schema.ts';
import type { SecretStore } from './store.ts';

const Lease = lazily(() => z.object({ owner: z.string(), until: z.number() }));

/**
 * Lets one window at a time do a thing. A lease runs out by itself, so a window that crashed holds nothing up.
 * Two windows that ask within the same few milliseconds can both get one: it saves work, it guards nothing.
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

  /** Takes the lease for so many ms; in how many ms the holder's ends where another window has it, else 0. */
  async acquire(name: string, ms: number): Promise<number> {
    const held = await this.#heldByOthers(name);
    // A longer one was taken before the clock was set back: nobody may hold it any more.
    if (held > 0 && held <= ms) return held;
    const until = this.#now() + ms;
    await this.#secrets.store(keyOf(name), JSON.stringify({ owner: this.#owner, until }));
    return this.#heldByOthers(name);
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
