import type { Deployment } from '../oauth/deployment.ts';
import type { Leases } from './leases.ts';
import { promptWindowMs } from './renewalPolicy.ts';
import { remainingMs, type Session, sessionKey } from './session.ts';

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
  /** By the name of the lease, the token that was asked about last. */
  readonly #asked = new Map<string, Session>();
  #open: Session | undefined;

  constructor(parts: RenewalPromptsParts) {
    this.#parts = parts;
  }

  /**
   * Asks where one of the tokens is about to expire.
   * @param sessions those that only the user can renew
   * @param warningMs how long before its end a token asks for attention
   * @param now epoch ms
   * @returns in how many ms there is something to ask, `undefined` where nothing is known of
   */
  offer(
    deployment: Deployment,
    sessions: readonly Session[],
    warningMs: number,
    now: number,
  ): number | undefined {
    this.#forgetExpired(now);
    const open = this.#open?.accessToken;
    // VS Code hides a message after some seconds and still waits for the answer: nobody has to give it any more.
    if (!sessions.some(({ accessToken }) => accessToken === open)) this.#open = undefined;
    const [next] = sessions
      .map((session) => ({
        session,
        name: `prompt:${sessionKey(deployment, session.userid)}`,
        due: remainingMs(session, now) - promptWindowMs(session, warningMs),
      }))
      .filter(({ session, name }) => this.#asked.get(name)?.accessToken !== session.accessToken)
      .toSorted((a, b) => a.due - b.due);
    if (!next || this.#open) return undefined;
    if (next.due > 0) return next.due;
    this.#open = next.session;
    this.#asked.set(next.name, next.session);
    void this.#ask(next.session, next.name, remainingMs(next.session, now));
    return undefined;
  }

  async #ask(session: Session, name: string, ms: number): Promise<void> {
    const { leases, ask, onClosed } = this.#parts;
    try {
      // Where storage fails, a message in each window is better than none.
      const isHere = await leases.claim(name, ms).catch(() => true);
      if (isHere && this.#open === session) await ask(session);
    } finally {
      if (this.#open === session) this.#open = undefined;
      onClosed();
    }
  }

  #forgetExpired(now: number): void {
    for (const [name, session] of this.#asked) {
      if (remainingMs(session, now) > 0) continue;
      this.#asked.delete(name);
      this.#parts.leases.release(name).catch(() => undefined);
    }
  }
}
