import type { Deployment } from '../oauth/deployment.ts';
import type { Token } from '../oauth/tokenRequest.ts';
import { withTimeLimit } from '../tasks.ts';
import type { ClockCheck } from './clockCheck.ts';
import { Entries, type SessionsChange } from './entries.ts';
import { type Entry, type EntryChange, noteRejected, updateEntry } from './entry.ts';
import type { Renewals } from './renewals.ts';
import { isLabelOf } from './accountLabel.ts';
import { type FailedRenewal, isDifferent, isOffline } from './renewalPolicy.ts';
import { createSession, type Person, remainingMs, type Session } from './session.ts';
import type { SessionStore } from './store.ts';

/** What sessions are made from. */
export interface SessionsParts {
  readonly store: SessionStore;
  readonly renewals: Renewals;
  readonly clockCheck: ClockCheck;
  /** Whether the user lets tokens be renewed without being asked. */
  readonly renewsSilently: () => boolean;
  /** Epoch ms. */
  readonly now: () => number;
  /** Those that are configured at the start. */
  readonly deployments: readonly Deployment[];
}

// VS Code serves one caller of a provider at a time: no caller waits longer than this for the network.
const longestWaitMs = 10_000;
// One click can be several commands.
const shortestPauseMs = 2_000;

/**
 * The usable sessions of all configured deployments: whoever asks gets a token that works or none. Listeners hear of
 * each change once.
 */
export class Sessions {
  readonly #parts: SessionsParts;
  readonly #entries: Entries;

  constructor(parts: SessionsParts) {
    this.#parts = parts;
    this.#entries = new Entries(parts.store, parts.now, parts.deployments);
  }

  /** Makes these the configured deployments; listeners hear which sessions went and came. */
  configure(deployments: readonly Deployment[]): Promise<void> {
    return this.#entries.configure(deployments);
  }

  /**
   * The usable session of one user, or of the application for an empty userid, renewed when that is due. From then on
   * it counts as in use and is kept renewed.
   */
  async find(deployment: Deployment, userid: string): Promise<Session | undefined> {
    const session = await this.#parts.store.get(deployment, userid);
    return session && this.#handOut(session, true);
  }

  /**
   * The usable sessions of a deployment, that of the user `first` first, the application last. VS Code takes one and
   * does not say which: so expired ones are renewed now, as many as there is time for, but only the first counts as in
   * use and is kept renewed.
   */
  async list(
    deployment: Deployment,
    first?: string,
    isWanted: (userid: string) => boolean = () => true,
  ): Promise<Session[]> {
    const stored = (await this.listStored(deployment, first)).filter(({ userid }) => isWanted(userid));
    const beginBefore = this.#parts.now() + longestWaitMs;
    const usable = await Promise.all(
      stored.map((session) => this.#handOut(session, session === stored[0], beginBefore)),
    );
    return usable.filter((session) => session !== undefined);
  }

  /** What {@link list} would give without renewing anything: for menus, which use no token. */
  async listUsable(deployment: Deployment, first?: string): Promise<Session[]> {
    return (await this.listStored(deployment, first)).filter((session) => this.#isUsable(session));
  }

  /** All sessions of a deployment, the expired among them, in the order of {@link list}. */
  async listStored(deployment: Deployment, first?: string): Promise<Session[]> {
    const rank = ({ userid }: Session): number => Number(userid === '') - 2 * Number(userid === first);
    const stored = await this.#parts.store.list(deployment);
    await this.#entries.announce(deployment);
    return stored.toSorted((a, b) => rank(a) - rank(b));
  }

  /**
   * Stores the token that a sign-in brought. The account keeps the label that it has, or that its name was asked for
   * by: VS Code takes a session with a different label for somebody else's.
   */
  async add(deployment: Deployment, userid: string, token: Token, person: Person = {}): Promise<Session> {
    const { store, now } = this.#parts;
    const before = await store.get(deployment, userid).catch(() => undefined);
    const asked = isLabelOf(person.label, deployment, userid) ? person.label : undefined;
    const known = { name: person.name ?? before?.name, label: before?.label ?? asked };
    const session = createSession(deployment, userid, token, now(), known);
    await store.put(session);
    this.#entries.of({ deployment, userid }).inUse = true;
    return session;
  }

  /** Signs one user out, and returns the session that was stored. */
  signOut(deployment: Deployment, userid: string): Promise<Session | undefined> {
    return this.#parts.store.delete(deployment, userid);
  }

  /** Puts back what {@link signOut} took away, unless somebody has signed in as the same user since. */
  restore(session: Session): Promise<void> {
    return this.#parts.store.restore(session);
  }

  /** Renews one user's token now; whether it worked. */
  async renew(deployment: Deployment, userid: string): Promise<boolean> {
    const session = await this.#parts.store.get(deployment, userid);
    if (!session) return false;
    const entry = this.#entries.of(session);
    entry.inUse = true;
    return isDifferent(session, await this.#parts.renewals.renew(entry, session));
  }

  /**
   * Renews a token that AIRisk does not accept, though it has not expired: each once, and seldom.
   * @param accessToken the token that was rejected, when it is known: one that came since is kept
   * @returns whether a different token is there
   */
  async replaceRejected(deployment: Deployment, userid: string, accessToken?: string): Promise<boolean> {
    const { store, renewals, renewsSilently, now } = this.#parts;
    const session = await store.get(deployment, userid);
    if (!session) return false;
    if (accessToken !== undefined && accessToken !== session.accessToken) return this.#isUsable(session);
    const entry = this.#entries.of(session);
    const { rejected } = entry;
    if (!noteRejected(entry, session.accessToken, now()))
      return accessToken === undefined && rejected?.accessToken !== session.accessToken;
    if (!renewsSilently()) return false;
    const renewed = await withTimeLimit(renewals.renew(entry, session), longestWaitMs, () => undefined);
    return isDifferent(session, renewed);
  }

  /** Why a user's token could not be renewed last. */
  failureOf(session: Pick<Session, 'deployment' | 'userid'>): FailedRenewal | undefined {
    const entry = this.#entries.find(session);
    const { failure, stored, inUse } = entry ?? {};
    if (!entry || !failure || !stored) return undefined;
    const dueIn = inUse ? this.#dueIn(entry, stored, false) : Infinity;
    return { error: failure.error, again: dueIn === Infinity ? undefined : this.#parts.now() + dueIn };
  }

  /** Whether only a person can renew a token: because that is wanted so, or AIRisk wants to see one. */
  needsPerson(session: Pick<Session, 'deployment' | 'userid'>): boolean {
    return !this.#parts.renewsSilently() || this.#entries.find(session)?.failure?.givesUp === true;
  }

  /** Tries again what failed because AIRisk was not reached: somebody is at work, and it may be back. */
  retry(): void {
    const { renewals, renewsSilently, now } = this.#parts;
    if (!renewsSilently()) return;
    for (const entry of this.#entries.all()) {
      const { stored, failure, inUse } = entry;
      if (!stored || !failure || !inUse || !isOffline(failure.error)) continue;
      if (Math.abs(now() - failure.at) >= shortestPauseMs) void renewals.renew(entry, stored);
    }
  }

  /** Lets every token be renewed at once again: what a renewal failed for may have been mended. */
  forgetFailures(): void {
    for (const entry of this.#entries.all()) entry.failure = undefined;
  }

  /**
   * Does what time brings: starts renewals that are due, and notifies listeners of tokens that have expired.
   * @returns in how many ms there is something to do again, or `undefined` for never
   */
  tick(): number | undefined {
    const { now, clockCheck, renewals } = this.#parts;
    clockCheck.watch();
    const waits: number[] = [];
    const ended: EntryChange[] = [];
    for (const entry of this.#entries.all()) {
      const { stored } = entry;
      if (!stored) continue;
      const remaining = remainingMs(stored, now());
      const due = entry.inUse ? this.#dueIn(entry, stored, false) : Infinity;
      waits.push(...[due, remaining].filter((wait) => wait > 0 && wait < Infinity));
      if (due <= 0) void renewals.renew(entry, stored);
      // After a sleep over the expiry a renewal may be under way: only its failure ends the session.
      else if (remaining <= 0 && entry.told) ended.push(updateEntry(entry, stored, now()));
    }
    this.#entries.notify(ended, 'expiry');
    return waits.length > 0 ? Math.min(...waits) : undefined;
  }

  /** True while a token of this user is being renewed here. */
  isRenewing(session: Session): boolean {
    return this.#entries.find(session)?.renewal !== undefined;
  }

  /** Sessions in use that nothing will renew silently: the user has to be asked before they expire. */
  unrenewable(): Entry[] {
    return this.#entries.all().filter((entry) => entry.told && entry.inUse && this.needsPerson(entry));
  }

  /** Whether a caller reported that AIRisk does not accept this token. */
  wasRejected(session: Session): boolean {
    return this.#entries.find(session)?.rejected?.accessToken === session.accessToken;
  }

  onDidChange(listener: (change: SessionsChange) => void): { dispose(): void } {
    return this.#entries.onDidChange(listener);
  }

  dispose(): void {
    this.#entries.dispose();
  }

  /** The session in a state that can be handed out: renewed when that is due, `undefined` when it is dead. */
  async #handOut(stored: Session, used: boolean, beginBefore?: number): Promise<Session | undefined> {
    const { clockCheck, renewals } = this.#parts;
    const entry = this.#entries.of(stored);
    entry.inUse ||= used;
    const session = await clockCheck.adjust(entry, stored);
    if (!session) return undefined;
    const isUsable = this.#isUsable(session);
    if (isUsable && !entry.inUse) return session;
    if (this.#dueIn(entry, session, true) > 0) return isUsable ? session : undefined;
    // Too late, not the session from before the wait: it may have been signed out since.
    const late = (): Session | undefined => entry.told;
    const best = await withTimeLimit(renewals.renew(entry, session, beginBefore), longestWaitMs, late);
    return best && this.#isUsable(best) ? best : undefined;
  }

  #dueIn(entry: Entry, session: Session, asked: boolean): number {
    return this.#parts.renewsSilently() ? this.#parts.renewals.dueIn(entry, session, asked) : Infinity;
  }

  #isUsable(session: Session): boolean {
    return remainingMs(session, this.#parts.now()) > 0;
  }
}
