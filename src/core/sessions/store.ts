import { parseJson } from '../schema.ts';
import type { Deployment } from '../oauth/deployment.ts';
import { Session, sessionKey, sessionKeyPrefix } from './session.ts';

/** The five verbs of VS Code's SecretStorage that the store needs. */
export interface SecretStore {
  keys(): Promise<readonly string[]>;
  get(key: string): Promise<string | undefined>;
  store(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
  /** Tells the key of every write, of this window and, where the host shares secrets, of the others. */
  onDidChange(listener: (key: string) => void): { dispose(): void };
}

/** Why a session changed: `elsewhere` stands for another window, `settings` for another deployment. */
export type SessionChangeReason = 'signIn' | 'renewal' | 'signOut' | 'expiry' | 'elsewhere' | 'settings';

/** A session that came, went or was replaced. */
export interface SessionChange {
  readonly key: string;
  /** `loaded`: nothing happened, the session has only been read for the first time. */
  readonly reason: SessionChangeReason | 'loaded';
  readonly before: Session | undefined;
  readonly after: Session | undefined;
}

/**
 * Sessions in SecretStorage, one record each. SecretStorage is the truth; what was read is kept in memory and
 * read again when the host tells of a change. Events come from comparing, so a doubled one does no harm.
 */
export class SessionStore {
  readonly #secrets: SecretStore;
  readonly #onDamaged: (key: string) => void;
  readonly #subscription: { dispose(): void };
  readonly #listeners = new Set<(change: SessionChange) => void>();
  /** The latest read or write of each key; the next one waits for it. */
  readonly #latest = new Map<string, Promise<Session | undefined>>();
  /** What listeners were last told. */
  readonly #known = new Map<string, Session>();
  readonly #damaged = new Set<string>();
  #index: Promise<Set<string>> | undefined;
  /** What {@link #index} gave. */
  #listed: Set<string> | undefined;

  /** @param onDamaged called once with the key of a record that does not fit the schema */
  constructor(secrets: SecretStore, onDamaged: (key: string) => void) {
    this.#secrets = secrets;
    this.#onDamaged = onDamaged;
    this.#subscription = secrets.onDidChange((key) => {
      if (key.startsWith('session:v1:')) this.#refresh(key, 'elsewhere').catch(() => undefined);
    });
  }

  /** The session of one user, expired or not. Waits for no other record. */
  get(deployment: Deployment, userid: string): Promise<Session | undefined> {
    return this.#read(sessionKey(deployment, userid));
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
    return reads.filter((session) => session !== undefined);
  }

  /** Stores a session; the one it replaces stays until the write has succeeded. */
  async put(deployment: Deployment, session: Session): Promise<void> {
    const key = sessionKey(deployment, session.userid);
    await this.#enqueue(key, async () => {
      await this.#secrets.store(key, JSON.stringify(session));
      return this.#settle(key, session, 'signIn');
    });
  }

  /**
   * Stores a session in the place of another, unless that one has been signed out or replaced meanwhile. Without
   * another one it must be free: a record that cannot be read holds it too.
   * @returns what is stored at the end
   */
  async replace(
    deployment: Deployment,
    before: Session | undefined,
    after: Session,
  ): Promise<Session | undefined> {
    const key = sessionKey(deployment, after.userid);
    return this.#enqueue(key, async (latest) => {
      // What was read last is as new as what a read would give: the host answers from the copy whose changes it
      // tells, and one that has been told is read before this.
      const text = latest ? undefined : await this.#secrets.get(key);
      const stored = latest ?? this.#parse(key, text);
      const isAsBefore = before ? stored?.accessToken === before.accessToken : !latest && text === undefined;
      if (!isAsBefore) return this.#settle(key, stored, 'elsewhere');
      await this.#secrets.store(key, JSON.stringify(after));
      return this.#settle(key, after, before ? 'renewal' : 'signIn');
    });
  }

  /** Deletes the session of one user, and tells it as it was. */
  async delete(deployment: Deployment, userid: string): Promise<Session | undefined> {
    const key = sessionKey(deployment, userid);
    // Not awaited first: what is stored meanwhile is another session. One that cannot be read can be deleted.
    const before = this.#read(key).catch(() => undefined);
    await this.#enqueue(key, async () => {
      await this.#secrets.delete(key);
      return this.#settle(key, undefined, 'signOut');
    });
    return before;
  }

  onDidChange(listener: (change: SessionChange) => void): { dispose(): void } {
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

  #read(key: string): Promise<Session | undefined> {
    // A record that was not there when all were listed has come since, even if its event is still on the way.
    const reason = this.#listed && !this.#listed.has(key) ? 'elsewhere' : 'loaded';
    const latest = this.#latest.get(key);
    // A write that failed is the writer's concern: a reader gets what is stored.
    return latest ? latest.catch(() => this.#refresh(key, reason)) : this.#refresh(key, reason);
  }

  #refresh(key: string, reason: SessionChange['reason']): Promise<Session | undefined> {
    return this.#enqueue(key, () =>
      this.#secrets.get(key).then((text) => this.#settle(key, this.#parse(key, text), reason)),
    );
  }

  #parse(key: string, text: string | undefined): Session | undefined {
    if (text === undefined) return undefined;
    const session = parseJson(Session, text);
    if (session) this.#damaged.delete(key);
    else if (!this.#damaged.has(key)) {
      this.#damaged.add(key);
      this.#onDamaged(key);
    }
    return session;
  }

  /** @param operation gets the session that the one before it left, `undefined` where there is none or it failed */
  #enqueue(
    key: string,
    operation: (latest?: Session) => Promise<Session | undefined>,
  ): Promise<Session | undefined> {
    const before = this.#latest.get(key);
    const operationDone = before ? before.then(operation, () => operation()) : operation();
    this.#latest.set(key, operationDone);
    // A failed operation is not remembered: whoever comes next asks SecretStorage again.
    operationDone.catch(() => {
      if (this.#latest.get(key) === operationDone) this.#latest.delete(key);
    });
    return operationDone;
  }

  #settle(key: string, after: Session | undefined, reason: SessionChange['reason']): Session | undefined {
    const before = this.#known.get(key);
    if (after) this.#known.set(key, after);
    else this.#known.delete(key);
    if (!this.#listed?.has(key)) void this.#index?.then((keys) => keys.add(key)).catch(() => undefined);
    if (before ? JSON.stringify(before) !== JSON.stringify(after) : after) {
      // What listeners know has changed since, though its event could not be followed.
      const told = before && reason === 'loaded' ? 'elsewhere' : reason;
      for (const listener of this.#listeners) listener({ key, reason: told, before, after });
    }
    return after;
  }
}
