import type { Deployment } from '../oauth/deployment.ts';
import type { Token } from '../oauth/tokenRequest.ts';
import { taskQueue } from '../tasks.ts';
import type { Entry } from './entry.ts';
import type { Leases } from './leases.ts';
import { attendedPauseMs, isOffline, renewalWindowMs, retryAfter } from './renewalPolicy.ts';
import { remainingMs, renewedSession, type Session, sessionKey } from './session.ts';
import type { SessionStore } from './store.ts';

// About ten hours: who has not asked for an expired token until then has it renewed by asking.
const mostLateFailures = 24;
// What a server takes from one person without wondering.
const renewalsAtOnce = 6;

/** What renewals work with. */
export interface RenewalsParts {
  readonly store: SessionStore;
  readonly leases: Leases;
  /** Epoch ms. */
  readonly now: () => number;
  /** 0 to 1, chosen once for this window. */
  readonly jitter: number;
  /** Whether somebody has this window before them. */
  readonly isAttended: () => boolean;
  /** How long before its end a token asks for attention, in ms. */
  readonly warningMs: () => number;
  /** Gets a different token for the same user without asking anybody. */
  readonly requestToken: (deployment: Deployment, userid: string) => Promise<Token>;
  readonly onFailure: (error: unknown) => void;
  /** Called when a renewal begins and when it has ended. */
  readonly onActivity: () => void;
}

/** Renews tokens: one renewal at a time for each session, in one window, a few at a time, with pauses after failures. */
export class Renewals {
  readonly #parts: RenewalsParts;
  readonly #queue = taskQueue(renewalsAtOnce);

  constructor(parts: RenewalsParts) {
    this.#parts = parts;
  }

  /**
   * In how many ms a session is to be renewed; zero or less when it is due, `Infinity` when trying is no use.
   * @param asked whether somebody asks for the token now, and it is not only kept alive
   */
  dueIn({ failure }: Entry, session: Session, asked: boolean): number {
    const { now, jitter, warningMs } = this.#parts;
    const remaining = remainingMs(session, now());
    const due = remaining - renewalWindowMs(session, jitter, warningMs());
    if (!failure) return due;
    const attended = this.#parts.isAttended() && isOffline(failure.error);
    if (!asked && !attended && failure.late >= mostLateFailures) return Infinity;
    const usualMs = asked && remaining <= 0 ? failure.askedPauseMs : failure.pauseMs;
    const pauseMs = attended ? Math.min(usualMs, attendedPauseMs) : usualMs;
    // The distance, so that a clock that is set back after a failure does not draw the pause out.
    return Math.max(due, pauseMs - Math.abs(now() - failure.at));
  }

  /**
   * Renews a session, or joins the renewal under way.
   * @param beginBefore epoch ms: a renewal that has not had its turn by then is dropped
   * @returns the session that is stored at the end, renewed or not; `undefined` when it was signed out meanwhile
   */
  renew(entry: Entry, session: Session, beginBefore = Infinity): Promise<Session | undefined> {
    const { store, now, onActivity } = this.#parts;
    if (entry.renewal) return entry.renewal;
    const begun = this.#queue(async () => (now() < beginBefore ? this.#attempt(entry, session) : session))
      .catch((error: unknown) => {
        this.#remember(entry, session, error);
        return store.get(entry.deployment, entry.userid).catch(() => session);
      })
      .finally(() => {
        entry.renewal = undefined;
        onActivity();
      });
    entry.renewal = begun;
    onActivity();
    return begun;
  }

  async #attempt(entry: Entry, session: Session): Promise<Session | undefined> {
    const { store, leases, requestToken, now } = this.#parts;
    const { deployment, userid } = entry;
    const key = sessionKey(deployment, userid);
    for (;;) {
      const heldFor = await leases.heldFor(key);
      if (heldFor <= 0) break;
      await this.#otherWindow(key, session, heldFor);
      const stored = await store.get(deployment, userid);
      if (stored?.accessToken !== session.accessToken) return stored;
    }
    return leases.during(key, async () => {
      const token = await requestToken(deployment, userid);
      return store.replace(session, renewedSession(session, token, now()));
    });
  }

  /** Waits while another window renews: until the session has changed, or the lease has, or is over. */
  async #otherWindow(key: string, session: Session, heldForMs: number): Promise<void> {
    const { store, leases } = this.#parts;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        for (const subscription of subscriptions) subscription.dispose();
        resolve();
      };
      const timer = setTimeout(end, heldForMs);
      const subscriptions = [
        store.onDidChange((change) => change.key === key && end()),
        leases.onDidChange(key, end),
      ];
      // It may have come while this window asked for the lease.
      store.get(session.deployment, session.userid).then(
        (stored) => stored?.accessToken !== session.accessToken && end(),
        () => undefined,
      );
    });
  }

  #remember(entry: Entry, session: Session, error: unknown): void {
    const { now, onFailure } = this.#parts;
    if (!isSame(entry.failure?.error, error)) onFailure(error);
    if (entry.stored?.accessToken !== session.accessToken) return;
    const { failure: before } = entry;
    const at = now();
    // One that somebody has not waited for is none more: it draws no pause out.
    const isEarly = before !== undefined && Math.abs(at - before.at) < before.pauseMs;
    const count = before && isEarly && isOffline(error) ? before.count : (before?.count ?? 0) + 1;
    const isLate = remainingMs(session, at) <= 0 && !isEarly;
    const late = (before?.late ?? 0) + Number(isLate);
    entry.failure = { count, error, late, at, ...retryAfter(error, count) };
  }
}

function isSame(one: unknown, other: unknown): boolean {
  return one instanceof Error && other instanceof Error && one.message === other.message;
}
