import type { Deployment } from '../oauth/deployment.ts';
import { dependsOnClock, type Session, withClockSkew } from './session.ts';
import type { SessionStore } from './store.ts';
import { patienceMs, within } from '../patience.ts';

// How long a measurement holds, and how long a failed one is not tried again.
const goodForMs = 300_000;
const pauseMs = 30_000;
// Less is the network's delay, and not worth a write.
const worthKeepingMs = 60_000;

/** What a clock is checked with. */
export interface ClockCheckParts {
  readonly store: SessionStore;
  /** Epoch ms. */
  readonly now: () => number;
  /** Ms since any moment: goes on evenly, whatever the clock is set to. */
  readonly monotonic: () => number;
  /** Asks the deployment for its time: server clock minus this computer's clock, ms. */
  readonly measureSkew: (deployment: Deployment) => Promise<number>;
}

/**
 * Measures anew how far this computer's clock is off, where a token lives or is dead depending on that, or where the
 * clock has been set back: what was known when the token came need not be so any more, and nothing else tells. A clock
 * that goes forward looks like sleep, and makes no dead token live.
 */
export class ClockCheck {
  readonly #parts: ClockCheckParts;
  #latest: { key: string; from: number; until: number; skew: Promise<number> } | undefined;
  /** By how much the clock has been ahead of the monotonic one at most, in ms. */
  #mostAhead = -Infinity;
  /** The tokens that were checked since the clock was set back, where it was. */
  #checked: Set<string> | undefined;

  constructor(parts: ClockCheckParts) {
    this.#parts = parts;
    this.watch();
  }

  /** Notices where the clock has been set back; the more often it is called, the surer. */
  watch(): void {
    const ahead = this.#parts.now() - this.#parts.monotonic();
    if (ahead >= this.#mostAhead - worthKeepingMs) {
      this.#mostAhead = Math.max(this.#mostAhead, ahead);
      return;
    }
    this.#mostAhead = ahead;
    this.#checked = new Set();
    this.#latest = undefined;
  }

  /**
   * The session as it is on the clock of this moment; `undefined` where it is gone, or where AIRisk cannot be asked and
   * nobody knows whether the token still lives.
   */
  async settle(deployment: Deployment, session: Session): Promise<Session | undefined> {
    const { store } = this.#parts;
    this.watch();
    if (!this.#isDoubtful(session)) return session;
    const checked = this.#checked;
    const measured = this.#measure(deployment).catch(() => undefined);
    const skew = await within(measured, patienceMs, () => undefined);
    if (skew === undefined) return undefined;
    checked?.add(session.accessToken);
    const settled = withClockSkew(session, skew);
    if (Math.abs(settled.clockSkew - session.clockSkew) < worthKeepingMs) return settled;
    // Where it cannot be stored it is measured again next time.
    return store.replace(deployment, session, settled).catch(() => settled);
  }

  #isDoubtful(session: Session): boolean {
    const now = this.#parts.now();
    const isSetBack = now < session.obtained - worthKeepingMs;
    const isUnchecked = this.#checked?.has(session.accessToken) === false;
    return isSetBack || isUnchecked || dependsOnClock(session, now);
  }

  #measure(deployment: Deployment): Promise<number> {
    const { now, measureSkew } = this.#parts;
    const { key } = deployment;
    const from = now();
    const latest = this.#latest;
    // Before it was measured: the clock has been set back since.
    if (latest?.key === key && latest.from <= from && from < latest.until) return latest.skew;
    const skew = measureSkew(deployment);
    const measured = { key, from, until: from + goodForMs, skew };
    this.#latest = measured;
    skew.catch(() => {
      measured.until = now() + pauseMs;
    });
    return skew;
  }
}
