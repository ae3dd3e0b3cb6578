import type { Deployment } from '../oauth/deployment.ts';
import type { ClockCheck } from './clockCheck.ts';
import type { Renewals } from './renewals.ts';
import { remainingMs, type Session, sessionKey } from './session.ts';
import { patienceMs, within } from '../patience.ts';

/** What handing tokens out takes. */
export interface HandOutParts {
  readonly renewals: Renewals;
  readonly clockCheck: ClockCheck;
  /** Whether the user lets tokens be renewed without being asked. */
  readonly renewsSilently: () => boolean;
  /** Epoch ms. */
  readonly now: () => number;
}

/** Makes stored sessions ready to be handed out, and knows which tokens somebody was given. */
export class HandOut {
  readonly #parts: HandOutParts;
  /** The token of each session that somebody was given last: only these are worth renewing. */
  readonly #inUse = new Map<string, string>();

  constructor(parts: HandOutParts) {
    this.#parts = parts;
  }

  /** Notes that somebody has this token. */
  use(deployment: Deployment, { userid, accessToken }: Session): void {
    this.#inUse.set(sessionKey(deployment, userid), accessToken);
  }

  isInUse(deployment: Deployment, { userid, accessToken }: Session): boolean {
    return this.#inUse.get(sessionKey(deployment, userid)) === accessToken;
  }

  /** In how many ms a session is to be renewed though nobody asks for it; `Infinity` for never. */
  dueIn(deployment: Deployment, session: Session): number {
    return this.isInUse(deployment, session) ? this.#dueIn(deployment, session, false) : Infinity;
  }

  /**
   * The session in a state that can be handed out: renewed where that is due, `undefined` where it is dead.
   * @param used whether it counts as in use from now on
   * @param late gives the session where its renewal takes too long to wait for
   */
  async settle(
    deployment: Deployment,
    stored: Session,
    used: boolean,
    late: () => Session | undefined,
  ): Promise<Session | undefined> {
    const inUse = used || this.isInUse(deployment, stored);
    if (inUse) this.use(deployment, stored);
    const session = await this.#parts.clockCheck.settle(deployment, stored);
    if (!session) return undefined;
    if (!inUse && this.#isUsable(session)) return session;
    if (this.#dueIn(deployment, session, true) > 0) return this.#isUsable(session) ? session : undefined;
    const best = await within(this.#parts.renewals.renew(deployment, session), patienceMs, late);
    if (!best || !this.#isUsable(best)) return undefined;
    if (inUse) this.use(deployment, best);
    return best;
  }

  #dueIn(deployment: Deployment, session: Session, asked: boolean): number {
    const { renewsSilently, renewals } = this.#parts;
    return renewsSilently() ? renewals.dueIn(deployment, session, asked) : Infinity;
  }

  #isUsable(session: Session): boolean {
    return remainingMs(session, this.#parts.now()) > 0;
  }
}
