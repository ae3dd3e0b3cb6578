import type { Entry } from './entry.ts';
import type { Leases } from './leases.ts';
import { promptWindowMs } from './renewalPolicy.ts';
import { keyOf, remainingMs, type Session } from './session.ts';

/** What asking the user takes. */
export interface RenewalPromptsParts {
  readonly leases: Leases;
  /** Asks about one session; ends when the message is answered or closed. */
  readonly ask: (session: Session) => Promise<void>;
  /** Called when there is room for the next message. */
  readonly onClosed: () => void;
}

/** Has the user asked whether to renew a token: once for each, in one window, with one message at a time. */
export class RenewalPrompts {
  readonly #parts: RenewalPromptsParts;
  #open: Session | undefined;
  /** Those that were asked about here, until their tokens expire: no window opened meanwhile asks again. */
  #asked: readonly Session[] = [];

  constructor(parts: RenewalPromptsParts) {
    this.#parts = parts;
  }

  /**
   * Asks when one of the tokens is about to expire.
   * @param entries of the sessions that only the user can renew
   * @param warningMs how long before its end a token asks for attention
   * @param now epoch ms
   * @returns in how many ms there is something to ask, `undefined` when nothing is known of
   */
  offer(entries: readonly Entry[], warningMs: number, now: number): number | undefined {
    this.#forgetExpired(now);
    const open = this.#open?.accessToken;
    // VS Code hides a message after some seconds and still waits for the answer: nobody has to give it any more.
    if (!entries.some(({ told }) => told?.accessToken === open)) this.#open = undefined;
    const [next] = entries
      .flatMap((entry) => (entry.told ? [{ entry, session: entry.told }] : []))
      .filter(({ entry, session }) => entry.askedAbout !== session.accessToken)
      .map((one) => ({
        ...one,
        due: remainingMs(one.session, now) - promptWindowMs(one.session, warningMs),
      }))
      .toSorted((a, b) => a.due - b.due);
    if (!next || this.#open) return undefined;
    if (next.due > 0) return next.due;
    this.#open = next.session;
    next.entry.askedAbout = next.session.accessToken;
    this.#asked = [...this.#asked, next.session];
    void this.#ask(next.session, remainingMs(next.session, now));
    return undefined;
  }

  async #ask(session: Session, ms: number): Promise<void> {
    const { leases, ask, onClosed } = this.#parts;
    try {
      // When storage fails, a message in each window is better than none.
      const isHere = await leases.claim(leaseName(session), ms).catch(() => true);
      if (isHere && this.#open === session) await ask(session);
    } finally {
      if (this.#open === session) this.#open = undefined;
      onClosed();
    }
  }

  #forgetExpired(now: number): void {
    const expired = this.#asked.filter((session) => remainingMs(session, now) <= 0);
    this.#asked = this.#asked.filter((session) => !expired.includes(session));
    for (const session of expired) this.#parts.leases.release(leaseName(session)).catch(() => undefined);
  }
}

const leaseName = (session: Session): string => `prompt:${keyOf(session)}`;
