import type { Deployment } from '../oauth/deployment.ts';
import type { Token } from '../oauth/tokenRequest.ts';
import { HandOut, type HandOutParts } from './handOut.ts';
import { createSession, remainingMs, type Session, sessionKey, sessionKeyPrefix } from './session.ts';
import type { SessionChange, SessionChangeReason, SessionStore } from './store.ts';
import { fewAtOnce, patienceMs } from '../patience.ts';

/** Sessions that became usable, were renewed, or are usable no more. */
export interface SessionsChange {
  readonly added: readonly Session[];
  readonly changed: readonly Session[];
  readonly removed: readonly Session[];
  readonly reason: SessionChangeReason;
  /** Whose sessions these are: with the reason `settings`, the one before or the one after. */
  readonly deployment: Deployment;
}

/** What sessions are made from. */
export interface SessionsParts extends HandOutParts {
  readonly store: SessionStore;
  readonly deployment: Deployment | undefined;
}

// What a server takes from one person without wondering.
const renewalsAtOnce = 6;
const nothing = { added: [], changed: [], removed: [] };

/** The usable sessions of the current deployment: whoever asks gets a token that works or none; changes are told once. */
export class Sessions {
  readonly #parts: SessionsParts;
  readonly #handOut: HandOut;
  readonly #listeners = new Set<(change: SessionsChange) => void>();
  /** What listeners believe to be usable. */
  readonly #usable = new Map<string, Session>();
  /** Stored sessions whose token has expired: those in use are renewed where that works later. */
  readonly #expired = new Map<string, Session>();
  readonly #signIns = new Map<string, Promise<Session>>();
  readonly #subscription: { dispose(): void };
  #deployment: Deployment | undefined;
  /** What was told of the current deployment by itself; another set for each change of deployment. */
  #told = new Set<string>();

  constructor(parts: SessionsParts) {
    this.#parts = parts;
    this.#handOut = new HandOut(parts);
    this.#deployment = parts.deployment;
    this.#subscription = this.#parts.store.onDidChange((change) => this.#onStored(change));
  }

  /** The deployment whose sessions are told; the sessions of another one stay stored. */
  get deployment(): Deployment | undefined {
    return this.#deployment;
  }

  /** Makes another deployment the current one, and tells what went and what came. */
  async use(deployment: Deployment | undefined): Promise<void> {
    if (deployment?.key === this.#deployment?.key) return;
    const before = this.#deployment;
    const removed = [...this.#usable.values()];
    this.#usable.clear();
    this.#expired.clear();
    this.#deployment = deployment;
    // Told at once: before what came is read, storage may fail or the settings change again.
    if (before) this.#fire(before, { ...nothing, removed, reason: 'settings' });
    const told = (this.#told = new Set());
    const stored = await this.listStored();
    if (!deployment || told !== this.#told) return;
    const added = stored.filter((session) => {
      const key = sessionKey(deployment, session.userid);
      return !told.has(key) && this.#keep(key, session);
    });
    this.#fire(deployment, { ...nothing, added, reason: 'settings' });
  }

  /** The usable session of one user, or of the application for an empty userid, renewed where that is due. */
  async find(userid: string): Promise<Session | undefined> {
    const deployment = this.#deployment;
    const session = deployment && (await this.#parts.store.get(deployment, userid));
    return session && this.#settle(deployment, session, true);
  }

  /**
   * All usable sessions, that of the `current` user first, the application last. VS Code takes one and does not tell
   * which: so expired ones are renewed now, a few at a time and as many as there is time for, but only the first counts
   * as in use and is kept renewed.
   */
  async list(current?: string): Promise<Session[]> {
    const deployment = this.#deployment;
    if (!deployment) return [];
    const stored = await this.listStored(current);
    const settle = (session: Session) => () => this.#settle(deployment, session, session === stored[0]);
    const living = new Set(stored.filter((session) => this.#isUsable(session)));
    const expired = stored.filter((session) => !living.has(session));
    const settled = await Promise.all([
      fewAtOnce(expired.map(settle), renewalsAtOnce, patienceMs),
      ...[...living].map((session) => settle(session)()),
    ]);
    const found = new Map(settled.flat().map((session) => [session?.userid, session]));
    return stored.map(({ userid }) => found.get(userid)).filter((session) => session !== undefined);
  }

  /** What {@link list} would give without renewing anything: for menus, which use no token. */
  async listUsable(current?: string): Promise<Session[]> {
    return (await this.listStored(current)).filter((session) => this.#isUsable(session));
  }

  /** All sessions, the expired among them, in the order of {@link list}. */
  async listStored(current?: string): Promise<Session[]> {
    const sessions = this.#deployment ? await this.#parts.store.list(this.#deployment) : [];
    const rank = ({ userid }: Session): number => Number(userid === '') - 2 * Number(userid === current);
    return sessions.toSorted((a, b) => rank(a) - rank(b));
  }

  /** Signs in as one user; whoever asks for the same user meanwhile joins. Throws what `request` throws. */
  signIn(deployment: Deployment, userid: string, request: () => Promise<Token>): Promise<Session> {
    const key = sessionKey(deployment, userid);
    const running = this.#signIns.get(key);
    if (running) return running;
    const signIn = this.#obtain(deployment, userid, request).finally(() => this.#signIns.delete(key));
    this.#signIns.set(key, signIn);
    return signIn;
  }

  /** Signs one user out; tells the session that was stored. */
  async signOut(userid: string): Promise<Session | undefined> {
    return this.#deployment && this.#parts.store.delete(this.#deployment, userid);
  }

  /**
   * Does what time brings: starts renewals that are due, and tells listeners about tokens that have expired.
   * @returns in how many ms there is something to do again, or `undefined` for never
   */
  tick(): number | undefined {
    const deployment = this.#deployment;
    if (!deployment) return undefined;
    this.#parts.clockCheck.watch();
    const now = this.#parts.now();
    const waits: number[] = [];
    const removed: Session[] = [];
    for (const [key, session] of [...this.#usable, ...this.#expired]) {
      const remaining = remainingMs(session, now);
      const due = this.#handOut.dueIn(deployment, session);
      waits.push(...[due, remaining].filter((wait) => wait > 0 && wait < Infinity));
      if (due <= 0) void this.#parts.renewals.renew(deployment, session);
      // After a sleep over the expiry a renewal may be under way: only its failure ends the session.
      else if (remaining <= 0 && this.#usable.delete(key)) {
        this.#expired.set(key, session);
        removed.push(session);
      }
    }
    this.#fire(deployment, { ...nothing, removed, reason: 'expiry' });
    return waits.length > 0 ? Math.min(...waits) : undefined;
  }

  /** True while a token of this user is being renewed here. */
  isRenewing(userid: string): boolean {
    return this.#deployment !== undefined && this.#parts.renewals.isRunning(this.#deployment, userid);
  }

  /** Sessions in use that nothing will renew silently: the user has to be asked before they expire. */
  unrenewable(): Session[] {
    const deployment = this.#deployment;
    if (!deployment) return [];
    return [...this.#usable.values()].filter(
      (session) =>
        this.#handOut.isInUse(deployment, session) &&
        (!this.#parts.renewsSilently() || this.#parts.renewals.hasGivenUp(deployment, session)),
    );
  }

  /** Renews one user's token now; whether it worked. */
  async renew(userid: string): Promise<boolean> {
    const deployment = this.#deployment;
    const session = deployment && (await this.#parts.store.get(deployment, userid));
    if (!session) return false;
    const renewed = await this.#parts.renewals.renew(deployment, session);
    return renewed !== undefined && renewed.accessToken !== session.accessToken;
  }

  /** Puts back what {@link signOut} took away, unless somebody has signed in as the same user since. */
  async restore(deployment: Deployment, session: Session): Promise<void> {
    await this.#parts.store.replace(deployment, undefined, session);
  }

  /** Ends a session whose token AIRisk refuses, as if it had expired. A token that came since stays. */
  async expire(deployment: Deployment, session: Session): Promise<void> {
    const expiration = session.obtained + session.clockSkew;
    await this.#parts.store.replace(deployment, session, { ...session, expiration });
  }

  onDidChange(listener: (change: SessionsChange) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#listeners.clear();
  }

  async #obtain(deployment: Deployment, userid: string, request: () => Promise<Token>): Promise<Session> {
    const token = await request();
    const session = createSession(deployment, userid, token, this.#parts.now());
    await this.#parts.store.put(deployment, session);
    this.#handOut.use(deployment, session);
    return session;
  }

  #settle(deployment: Deployment, stored: Session, used: boolean): Promise<Session | undefined> {
    // Too late, not the session from before the wait: it may have been signed out since.
    const late = (): Session | undefined => this.#usable.get(sessionKey(deployment, stored.userid));
    return this.#handOut.settle(deployment, stored, used, late);
  }

  #isUsable(session: Session): boolean {
    return remainingMs(session, this.#parts.now()) > 0;
  }

  #onStored({ key, after, reason }: SessionChange): void {
    const deployment = this.#deployment;
    if (!deployment || !key.startsWith(sessionKeyPrefix(deployment))) return;
    const before = this.#usable.get(key);
    const usable = this.#keep(key, after);
    if (reason === 'loaded') return;
    // What did not end by time, as a token that AIRisk refuses, is left alone until somebody asks.
    this.#expired.delete(key);
    this.#told.add(key);
    if (usable) this.#fire(deployment, { ...nothing, [before ? 'changed' : 'added']: [usable], reason });
    else if (before)
      this.#fire(deployment, { ...nothing, removed: [before], reason: after ? 'expiry' : reason });
  }

  /** Notes what is stored, and gives it back where it is usable. */
  #keep(key: string, stored: Session | undefined): Session | undefined {
    this.#usable.delete(key);
    this.#expired.delete(key);
    if (!stored) return undefined;
    const isUsable = this.#isUsable(stored);
    (isUsable ? this.#usable : this.#expired).set(key, stored);
    return isUsable ? stored : undefined;
  }

  #fire(deployment: Deployment, change: Omit<SessionsChange, 'deployment'>): void {
    if (change.added.length + change.changed.length + change.removed.length === 0) return;
    for (const listener of this.#listeners) listener({ ...change, deployment });
  }
}
