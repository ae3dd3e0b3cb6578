import type { Deployment } from '../oauth/deployment.ts';
import { dependsOnClock, type Session, withClockSkew } from './session.ts';
import type { SessionStore } from './store.ts';
import { patienceMs, within } from './within.ts';

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
  /** Asks the deployment for its time: server clock minus this computer's clock, ms. */
  readonly measureSkew: (deployment: Deployment) => Promise<number>;
}

/**
 * Measures anew how far this computer's clock is off, where a token lives or is dead depending on that: a clock that
 * was wrong when the token came may have been set right since, and nothing else tells.
 */
export class ClockCheck {
  readonly #parts: ClockCheckParts;
  #latest: { key: string; from: number; until: number; skew: Promise<number> } | undefined;

  constructor(parts: ClockCheckParts) {
    this.#parts = parts;
  }

  /**
   * The session as it is on the clock of this moment; `undefined` where it is gone, or where AIRisk cannot be asked and
   * nobody knows whether the token still lives.
   */
  async settle(deployment: Deployment, session: Session): Promise<Session | undefined> {
    const { store, now } = this.#parts;
    if (!dependsOnClock(session, now())) return session;
    const measured = this.#measure(deployment).catch(() => undefined);
    const skew = await within(measured, patienceMs, () => undefined);
    if (skew === undefined) return undefined;
    const settled = withClockSkew(session, skew);
    if (Math.abs(settled.clockSkew - session.clockSkew) < worthKeepingMs) return settled;
    // Where it cannot be stored it is measured again next time.
    return store.replace(deployment, session, settled).catch(() => settled);
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
