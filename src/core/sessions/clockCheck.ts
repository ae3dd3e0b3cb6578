import type { Deployment } from '../oauth/deployment.ts';
import { withTimeLimit } from '../tasks.ts';
import type { Entry } from './entry.ts';
import { dependsOnClock, type Session, withClockSkew } from './session.ts';
import type { SessionStore } from './store.ts';

// How long a measurement holds, and how long a failed one is not tried again.
const goodForMs = 300_000;
const pauseMs = 30_000;
// Less is the network's delay, and not worth a write.
const worthKeepingMs = 60_000;
// VS Code serves one caller of a provider at a time.
const longestWaitMs = 10_000;

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

interface Measurement {
  readonly from: number;
  until: number;
  readonly skew: Promise<number>;
}

/**
 * Measures again how far this computer's clock is off when a token lives or is dead depending on that, or when the
 * clock has been set back: what was known when the token came need not be so any more, and nothing else says so. A
 * clock that goes forward looks like sleep, and makes no dead token live.
 */
export class ClockCheck {
  readonly #parts: ClockCheckParts;
  readonly #latest = new Map<string, Measurement>();
  /** By how much the clock has been ahead of the monotonic one at most, in ms. */
  #mostAhead = -Infinity;
  /** How often the clock has been set back. */
  #setBacks = 0;

  constructor(parts: ClockCheckParts) {
    this.#parts = parts;
    this.watch();
  }

  /** Notices when the clock has been set back; the more often it is called, the surer. */
  watch(): void {
    const ahead = this.#parts.now() - this.#parts.monotonic();
    if (ahead >= this.#mostAhead - worthKeepingMs) {
      this.#mostAhead = Math.max(this.#mostAhead, ahead);
      return;
    }
    this.#mostAhead = ahead;
    this.#setBacks += 1;
    this.#latest.clear();
  }

  /**
   * The session as it is on the clock of this moment; `undefined` when it is gone, or when AIRisk cannot be asked and
   * nobody knows whether the token still lives.
   */
  async adjust(entry: Entry, session: Session): Promise<Session | undefined> {
    this.watch();
    if (!this.#isDoubtful(entry, session)) return session;
    const setBacks = this.#setBacks;
    const measured = this.#measure(entry.deployment).catch(() => undefined);
    const skew = await withTimeLimit(measured, longestWaitMs, () => undefined);
    if (skew === undefined) return undefined;
    entry.clockCheckedAt = setBacks;
    const adjusted = withClockSkew(session, skew);
    if (Math.abs(adjusted.clockSkew - session.clockSkew) < worthKeepingMs) return adjusted;
    // When it cannot be stored it is measured again next time.
    return this.#parts.store.replace(session, adjusted).catch(() => adjusted);
  }

  #isDoubtful({ clockCheckedAt }: Entry, session: Session): boolean {
    const now = this.#parts.now();
    const isSetBack = now < session.obtained - worthKeepingMs;
    return isSetBack || clockCheckedAt < this.#setBacks || dependsOnClock(session, now);
  }

  #measure(deployment: Deployment): Promise<number> {
    const { now, measureSkew } = this.#parts;
    const from = now();
    const latest = this.#latest.get(deployment.key);
    // Before it was measured: the clock has been set back since.
    if (latest && latest.from <= from && from < latest.until) return latest.skew;
    const measurement = { from, until: from + goodForMs, skew: measureSkew(deployment) };
    this.#latest.set(deployment.key, measurement);
    measurement.skew.catch(() => {
      measurement.until = now() + pauseMs;
    });
    return measurement.skew;
  }
}
