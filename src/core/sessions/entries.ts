import type { Deployment } from '../oauth/deployment.ts';
import { type Entry, type EntryChange, newEntry, updateEntry } from './entry.ts';
import { belongsTo, keyOf, type Session, sessionKey } from './session.ts';
import type { SessionChangeReason, SessionStore, StoredChange } from './store.ts';

/** Sessions that became usable, were renewed, or are usable no more. */
export interface SessionsChange {
  readonly added: readonly Session[];
  readonly changed: readonly Session[];
  readonly removed: readonly Session[];
  readonly reason: SessionChangeReason;
}

interface Configured {
  readonly deployment: Deployment;
  /** Until the sessions that came with the deployment have been read. */
  isNew: boolean;
}

/**
 * What this window knows of the sessions of all configured deployments, kept in step with the store; listeners hear of
 * each change once.
 */
export class Entries {
  readonly #store: SessionStore;
  readonly #now: () => number;
  readonly #listeners = new Set<(change: SessionsChange) => void>();
  readonly #entries = new Map<string, Entry>();
  readonly #subscription: { dispose(): void };
  #configured: ReadonlyMap<string, Configured>;

  /**
   * @param now epoch ms
   * @param deployments those that are configured at the start
   */
  constructor(store: SessionStore, now: () => number, deployments: readonly Deployment[]) {
    this.#store = store;
    this.#now = now;
    this.#configured = new Map(
      deployments.map((deployment) => [deployment.key, { deployment, isNew: false }]),
    );
    this.#subscription = store.onDidChange((change) => this.#onStored(change));
  }

  /** Makes these the configured deployments; listeners hear which sessions went and came. */
  async configure(deployments: readonly Deployment[]): Promise<void> {
    const before = this.#configured;
    this.#configured = new Map(
      deployments.map((deployment) => [
        deployment.key,
        before.get(deployment.key) ?? { deployment, isNew: true },
      ]),
    );
    const gone = this.all().filter((entry) => !this.#configured.has(entry.deployment.key));
    // At once: before what came is read, storage may fail or the settings change again.
    this.notify(
      gone.map((entry) => updateEntry(entry, undefined, this.#now())),
      'settings',
    );
    const come = [...this.#configured.values()].filter(({ isNew }) => isNew);
    await Promise.all(come.map((configured) => this.#announce(configured)));
  }

  /** What is known of a user's session; for a deployment that is not configured it is known to this call alone. */
  of({ deployment, userid }: Pick<Session, 'deployment' | 'userid'>): Entry {
    const key = sessionKey(deployment, userid);
    const entry = this.#entries.get(key) ?? newEntry(deployment, userid);
    if (this.#configured.has(deployment.key)) this.#entries.set(key, entry);
    return entry;
  }

  /** The same, when anything is known. */
  find(session: Pick<Session, 'deployment' | 'userid'>): Entry | undefined {
    return this.#entries.get(keyOf(session));
  }

  all(): Entry[] {
    return [...this.#entries.values()];
  }

  /** Lets listeners hear what became of some entries, in one change. */
  notify(changes: readonly EntryChange[], reason: SessionChangeReason): void {
    const all = (kind: keyof EntryChange): Session[] =>
      changes.map((change) => change[kind]).filter((session) => session !== undefined);
    const [added, changed, removed] = [all('added'), all('changed'), all('removed')];
    if (added.length + changed.length + removed.length === 0) return;
    for (const listener of this.#listeners) listener({ added, changed, removed, reason });
  }

  onDidChange(listener: (change: SessionsChange) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#listeners.clear();
  }

  /** Lets listeners hear of the sessions of a deployment that could not be read when it came. */
  async announce(deployment: Deployment): Promise<void> {
    const configured = this.#configured.get(deployment.key);
    if (configured?.isNew === true) await this.#announce(configured);
  }

  async #announce(configured: Configured): Promise<void> {
    const { deployment } = configured;
    const stored = await this.#store.list(deployment);
    if (this.#configured.get(deployment.key) !== configured || !configured.isNew) return;
    configured.isNew = false;
    const changes = stored.map((session) => {
      const entry = this.of(session);
      // Some came by themselves meanwhile, and listeners know them.
      return entry.told ? {} : updateEntry(entry, session, this.#now());
    });
    this.notify(changes, 'settings');
  }

  #onStored({ key, before, after, reason }: StoredChange): void {
    const session = after ?? before;
    const configured = session && this.#configured.get(session.deployment.key);
    if (!configured || !belongsTo(session, configured.deployment)) return;
    // Those of a deployment that is just coming are announced together.
    if (reason === 'loaded' && configured.isNew) return;
    const entry = this.of(session);
    const change = updateEntry(entry, after, this.#now());
    if (!after) this.#entries.delete(key);
    // What did not end by time, as a token that AIRisk refuses, is left alone until somebody asks.
    if (!entry.told) entry.inUse = false;
    if (reason === 'loaded') return;
    // Who is called differently is shown so, expired or not.
    if (reason === 'name' && after && !change.removed) this.notify([{ changed: after }], reason);
    else this.notify([change], after && !entry.told ? 'expiry' : reason);
  }
}
