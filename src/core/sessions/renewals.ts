import type { Deployment } from '../oauth/deployment.ts';
import type { Token } from '../oauth/tokenRequest.ts';
import type { Leases } from './leases.ts';
import { renewalWindowMs, type Retry, retryAfter } from './renewalPolicy.ts';
import { createSession, remainingMs, type Session, sessionKey } from './session.ts';
import type { SessionStore } from './store.ts';

// About ten hours: who has not asked for an expired token until then has it renewed by asking.
const mostLateFailures = 24;

/** What renewals work with. */
export interface RenewalsParts {
  readonly store: SessionStore;
  readonly leases: Leases;
  /** Epoch ms. */
  readonly now: () => number;
  /** 0 to 1, chosen once for this window. */
  readonly jitter: number;
  /** How long before its end a token asks for attention, in ms. */
  readonly warningMs: () => number;
  /** After how many ms a request is given up. */
  readonly requestTimeoutMs: () => number;
  /**
   * Gets another token for the same user without asking anybody. Before `allowed` has resolved, no token is bought;
   * it rejects where another window renews.
   */
  readonly requestToken: (deployment: Deployment, userid: string, allowed: Promise<void>) => Promise<Token>;
  readonly onFailure: (error: unknown) => void;
  /** Called when a renewal begins and when it has ended. */
  readonly onActivity?: () => void;
}

interface Failure extends Retry {
  /** The token that could not be renewed: another one starts afresh. */
  readonly accessToken: string;
  readonly count: number;
  /** How many of these came after its expiry, and a whole pause after the one before. */
  readonly late: number;
  /** Epoch ms. */
  readonly at: number;
}

/** Renews tokens: once at a time for each session, in one window, with pauses after failures. */
export class Renewals {
  readonly #parts: RenewalsParts;
  readonly #running = new Map<string, Promise<Session | undefined>>();
  readonly #failures = new Map<string, Failure>();

  constructor(parts: RenewalsParts) {
    this.#parts = parts;
  }

  /**
   * In how many ms a session is to be renewed; zero or less when it is due, `Infinity` where trying is no use.
   * @param asked whether somebody asks for the token now, and it is not only kept alive
   */
  dueIn(deployment: Deployment, session: Session, asked: boolean): number {
    const { now, jitter, warningMs } = this.#parts;
    const remaining = remainingMs(session, now());
    const due = remaining - renewalWindowMs(session, jitter, warningMs());
    const failure = this.#failureOf(deployment, session);
    if (!failure) return due;
    if (!asked && failure.late >= mostLateFailures) return Infinity;
    const pauseMs = asked && remaining <= 0 ? failure.askedPauseMs : failure.pauseMs;
    // The distance, so that a clock that is set back after a failure does not draw the pause out.
    return Math.max(due, pauseMs - Math.abs(now() - failure.at));
  }

  /** True while a renewal of this user's session is under way in this window. */
  isRunning(deployment: Deployment, userid: string): boolean {
    return this.#running.has(sessionKey(deployment, userid));
  }

  /** Lets every token be renewed at once again: what a renewal failed for may have been mended. */
  forgetFailures(): void {
    this.#failures.clear();
  }

  /** True where this token has failed to renew so that the user is to be asked. */
  hasGivenUp(deployment: Deployment, session: Session): boolean {
    return this.#failureOf(deployment, session)?.givesUp === true;
  }

  /**
   * Renews a session, or joins the renewal under way.
   * @returns the session that is stored at the end, renewed or not; `undefined` where it was signed out meanwhile
   */
  renew(deployment: Deployment, session: Session): Promise<Session | undefined> {
    const key = sessionKey(deployment, session.userid);
    const running = this.#running.get(key);
    if (running) return running;
    const renewal = this.#attempt(deployment, session, key)
      .catch((error: unknown) => {
        this.#remember(deployment, session, error);
        return this.#parts.store.get(deployment, session.userid).catch(() => session);
      })
      .finally(() => {
        this.#running.delete(key);
        this.#parts.onActivity?.();
      });
    this.#running.set(key, renewal);
    this.#parts.onActivity?.();
    return renewal;
  }

  async #attempt(deployment: Deployment, session: Session, key: string): Promise<Session | undefined> {
    const { store, leases, requestToken, requestTimeoutMs, now } = this.#parts;
    // Two requests at their longest; then another window may try.
    const leaseMs = 2 * requestTimeoutMs();
    const { userid } = session;
    const asked = leases.heldFor(key, leaseMs);
    const allowed = asked.then((ms) => {
      if (ms > 0) throw new Error('Another window renews.');
    });
    // Begun while this window still asks who renews: where another one does, all that is wasted is a code, which
    // nobody can use without the client secret and which ends by itself. A token is bought by the one that renews.
    const requested = requestToken(deployment, userid, allowed);
    for (const begun of [allowed, requested]) begun.catch(() => undefined);
    const heldFor = await asked;
    if (heldFor > 0) return this.#awaitOther(deployment, session, heldFor);
    const taken = leases.take(key, leaseMs);
    taken.catch(() => undefined);
    try {
      const renewed = createSession(deployment, userid, await requested, now());
      return await store.replace(deployment, session, renewed);
    } finally {
      // Nobody waits for it, and one that could not be taken was not worth a failure.
      taken.then(
        () => leases.release(key).catch(this.#parts.onFailure),
        () => undefined,
      );
    }
  }

  /** Another window renews: its result comes through the store. */
  async #awaitOther(deployment: Deployment, session: Session, ms: number): Promise<Session | undefined> {
    const { store } = this.#parts;
    const { userid, accessToken } = session;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        subscription.dispose();
        resolve();
      };
      const timer = setTimeout(end, ms);
      const key = sessionKey(deployment, userid);
      const subscription = store.onDidChange((change) => change.key === key && end());
      // It may have come while this window asked for the lease.
      store.get(deployment, userid).then(
        (stored) => stored?.accessToken !== accessToken && end(),
        () => undefined,
      );
    });
    return store.get(deployment, userid);
  }

  #failureOf(deployment: Deployment, { userid, accessToken }: Session): Failure | undefined {
    const failure = this.#failures.get(sessionKey(deployment, userid));
    return failure?.accessToken === accessToken ? failure : undefined;
  }

  #remember(deployment: Deployment, session: Session, error: unknown): void {
    const { now, onFailure } = this.#parts;
    const { userid, accessToken } = session;
    const before = this.#failureOf(deployment, session);
    const at = now();
    const count = (before?.count ?? 0) + 1;
    const isLate = remainingMs(session, at) <= 0 && (!before || Math.abs(at - before.at) >= before.pauseMs);
    const late = (before?.late ?? 0) + Number(isLate);
    const failure = { accessToken, count, late, at, ...retryAfter(error, count) };
    this.#failures.set(sessionKey(deployment, userid), failure);
    onFailure(error);
  }
}
