import type { Deployment } from '../oauth/deployment.ts';
import {
  belongsTo,
  isSameSession,
  keyOf,
  readStoredSession,
  type Session,
  sessionKey,
  sessionKeyPrefix,
  sessionKeysStart,
  storedText,
} from './session.ts';

/** The five verbs of VS Code's SecretStorage that the store needs. */
export interface SecretStore {
  keys(): Promise<readonly string[]>;
  get(key: string): Promise<string | undefined>;
  store(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
  /** Notifies of the key of every write, of this window and, when the host shares secrets, of the others. */
  onDidChange(listener: (key: string) => void): { dispose(): void };
}

/**
 * Why a session changed: `elsewhere` stands for another window, `settings` for a deployment that came or went, `name` for
 * what the user is called.
 */
export type SessionChangeReason =
  'signIn' | 'renewal' | 'signOut' | 'expiry' | 'elsewhere' | 'settings' | 'name';

/** A session that came, went or was replaced in the store. */
export interface StoredChange {
  readonly key: string;
  /** `loaded`: nothing happened, the session has only been read for the first time. */
  readonly reason: SessionChangeReason | 'loaded';
  readonly before: Session | undefined;
  readonly after: Session | undefined;
}

/** What is known of one record. */
interface StoredRecord {
  /** The latest read or write; the next one waits for it. */
  latest?: Promise<Session | undefined>;
  /** What listeners were last notified of. */
  session?: Session | undefined;
  damaged?: boolean;
  /** The sign-in that was ended here: a renewal that another window had under way must not bring it back. */
  ended?: string | undefined;
}

/**
 * Sessions in SecretStorage, one record each. SecretStorage is the truth; what was read is kept in memory and
 * read again when the host notifies of a change. Events come from comparing, so a doubled one does no harm.
 */
export class SessionStore {
  readonly #secrets: SecretStore;
  readonly #onDamaged: (key: string) => void;
  readonly #subscription: { dispose(): void };
  readonly #listeners = new Set<(change: StoredChange) => void>();
  readonly #records = new Map<string, StoredRecord>();
  #index: Promise<Set<string>> | undefined;
  /** What {@link #index} gave. */
  #listed: Set<string> | undefined;

  /** @param onDamaged called once with the key of a record that does not fit the schema */
  constructor(secrets: SecretStore, onDamaged: (key: string) => void) {
    this.#secrets = secrets;
    this.#onDamaged = onDamaged;
    this.#subscription = secrets.onDidChange((key) => {
      if (key.startsWith(sessionKeysStart)) this.#refresh(key, 'elsewhere').catch(() => undefined);
    });
  }

  /** The session of one user, expired or not. Waits for no other record. */
  async get(deployment: Deployment, userid: string): Promise<Session | undefined> {
    const session = await this.#read(sessionKey(deployment, userid));
    return session && belongsTo(session, deployment) ? session : undefined;
  }

  /** All sessions of a deployment, expired or not. One that cannot be read now hides none of the others. */
  async list(deployment: Deployment): Promise<Session[]> {
    const prefix = sessionKeyPrefix(deployment);
    const keys = [...(await this.#keys())].filter((key) => key.startsWith(prefix));
    const failures: unknown[] = [];
    const reads = await Promise.all(
      keys.map((key) => this.#read(key).catch((error: unknown) => void failures.push(error))),
    );
    if (failures.length > 0 && failures.length === keys.length) throw failures[0];
    return reads
      .filter((session) => session !== undefined)
      .filter((session) => belongsTo(session, deployment));
  }

  /** Stores the session of a sign-in; the one it replaces stays until the write has succeeded. */
  async put(session: Session): Promise<void> {
    const key = keyOf(session);
    await this.#enqueue(key, async () => {
      await this.#secrets.store(key, storedText(session));
      this.#record(key).ended = undefined;
      return this.#settle(key, session, 'signIn');
    });
  }

  /**
   * Stores a session in the place of the one before it, unless that one has been signed out or replaced meanwhile.
   * @returns what is stored at the end
   */
  replace(before: Session, after: Session): Promise<Session | undefined> {
    const key = keyOf(after);
    return this.#enqueue(key, async (latest) => {
      // What was read last is as new as what a read would give: the host answers from the copy whose changes it
      // notifies of, and one that has been notified of is read before this.
      const stored = latest ?? this.#parse(key, await this.#secrets.get(key));
      if (stored?.accessToken !== before.accessToken) return this.#settle(key, stored, 'elsewhere');
      // The name may have been learned while the token came, and a sign-out undone.
      const next = { ...after, name: stored.name, signIn: stored.signIn };
      await this.#secrets.store(key, storedText(next));
      return this.#settle(key, next, 'renewal');
    });
  }

  /** Notes what the user of a session is called now, when that session is still there. */
  async rename(session: Session, name: string): Promise<void> {
    const key = keyOf(session);
    await this.#enqueue(key, async (latest) => {
      const stored = latest ?? this.#parse(key, await this.#secrets.get(key));
      if (!stored || stored.name === name) return this.#settle(key, stored, 'elsewhere');
      const renamed = { ...stored, name };
      await this.#secrets.store(key, storedText(renamed));
      return this.#settle(key, renamed, 'name');
    });
  }

  /**
   * Puts back what {@link delete} took away, unless the place is taken: a record that cannot be read takes it too. It
   * counts as the next sign-in: the one before has ended in every window that signed it out.
   */
  async restore(session: Session): Promise<void> {
    const key = keyOf(session);
    await this.#enqueue(key, async (latest) => {
      const text = latest ? undefined : await this.#secrets.get(key);
      if (latest ?? text !== undefined)
        return this.#settle(key, latest ?? this.#parse(key, text), 'elsewhere');
      this.#record(key).ended = undefined;
      const restored = { ...session, signIn: crypto.randomUUID() };
      await this.#secrets.store(key, storedText(restored));
      return this.#settle(key, restored, 'signIn');
    });
  }

  /** Deletes the session of one user, and returns it as it was. */
  async delete(deployment: Deployment, userid: string): Promise<Session | undefined> {
    const key = sessionKey(deployment, userid);
    // Not awaited first: what is stored meanwhile is another session. One that cannot be read can be deleted.
    const before = this.#read(key).catch(() => undefined);
    await this.#enqueue(key, async (latest) => {
      await this.#secrets.delete(key);
      const record = this.#record(key);
      // Signed out once more, it is the same sign-in that has ended.
      record.ended = latest?.signIn ?? record.ended;
      return this.#settle(key, undefined, 'signOut');
    });
    return before;
  }

  onDidChange(listener: (change: StoredChange) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#listeners.clear();
  }

  async #keys(): Promise<Set<string>> {
    this.#index ??= this.#secrets.keys().then((keys) => (this.#listed = new Set(keys)));
    try {
      return await this.#index;
    } catch (error) {
      this.#index = undefined;
      throw error;
    }
  }

  #record(key: string): StoredRecord {
    const record = this.#records.get(key) ?? {};
    this.#records.set(key, record);
    return record;
  }

  #read(key: string): Promise<Session | undefined> {
    // A record that was not there when all were listed has come since, even if its event is still on the way.
    const reason = this.#listed && !this.#listed.has(key) ? 'elsewhere' : 'loaded';
    const latest = this.#records.get(key)?.latest;
    // A write that failed is the writer's concern: a reader gets what is stored.
    return latest ? latest.catch(() => this.#refresh(key, reason)) : this.#refresh(key, reason);
  }

  #refresh(key: string, reason: StoredChange['reason']): Promise<Session | undefined> {
    return this.#enqueue(key, async () => {
      const session = this.#parse(key, await this.#secrets.get(key));
      if (session && session.signIn !== '' && session.signIn === this.#record(key).ended) {
        // Another window renewed it while it was signed out here.
        await this.#secrets.delete(key);
        return this.#settle(key, undefined, 'signOut');
      }
      return this.#settle(key, session, reason);
    });
  }

  #parse(key: string, text: string | undefined): Session | undefined {
    if (text === undefined) return undefined;
    const record = this.#record(key);
    const session = readStoredSession(key, text);
    if (!session && !record.damaged) this.#onDamaged(key);
    record.damaged = !session;
    return session;
  }

  /** @param operation gets the session that the one before it left, `undefined` when there is none or it failed */
  #enqueue(
    key: string,
    operation: (latest?: Session) => Promise<Session | undefined>,
  ): Promise<Session | undefined> {
    const record = this.#record(key);
    const before = record.latest;
    const operationDone = before ? before.then(operation, () => operation()) : operation();
    record.latest = operationDone;
    // A failed operation is not remembered: whoever comes next asks SecretStorage again.
    operationDone.catch(() => {
      if (record.latest === operationDone) delete record.latest;
    });
    return operationDone;
  }

  #settle(key: string, after: Session | undefined, reason: StoredChange['reason']): Session | undefined {
    const record = this.#record(key);
    const before = record.session;
    record.session = after;
    if (!this.#listed?.has(key)) void this.#index?.then((keys) => keys.add(key)).catch(() => undefined);
    if (!isSameSession(before, after)) {
      // What listeners know has changed since, though its event could not be followed.
      const known = before && reason === 'loaded' ? 'elsewhere' : reason;
      for (const listener of this.#listeners) listener({ key, reason: known, before, after });
    }
    return after;
  }
}
