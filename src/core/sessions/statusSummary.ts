import { type Countdown, countdown } from './countdown.ts';
import { warningWindowMs } from './renewalPolicy.ts';
import { remainingMs, type Session } from './session.ts';

/** How much a session's lifetime asks for attention. */
export type Urgency = 'calm' | 'soon' | 'expired';

/**
 * How urgent a session is.
 * @param warningMs how long before its end a token asks for attention, when it lives long enough
 * @param now epoch ms
 */
export function urgencyOf(session: Session, warningMs: number, now: number): Urgency {
  const remaining = remainingMs(session, now);
  if (remaining <= 0) return 'expired';
  return remaining < warningWindowMs(session, warningMs) ? 'soon' : 'calm';
}

/** The session that is shown where there is room for one: the chosen one, else the first usable one, else any. */
export function sessionInUse(
  sessions: readonly Session[],
  chosenUserid: string | undefined,
  now: number,
): Session | undefined {
  return (
    sessions.find(({ userid }) => userid === chosenUserid) ??
    sessions.find((session) => remainingMs(session, now) > 0) ??
    sessions[0]
  );
}

/** Sessions, deployments or names as a list for people shows them: the one in use first, so that Enter means it. */
export function withFirst<T>(all: readonly T[], first: T | undefined): readonly T[] {
  return first !== undefined && all.includes(first) ? [first, ...all.filter((one) => one !== first)] : all;
}

/** What there is to see at one moment. */
export interface Glance {
  readonly urgency: Urgency;
  readonly parts: Countdown['parts'];
  /** How many of the other sessions expire soon. */
  readonly othersSoon: number;
  /** Ms until any of this changes; `undefined` when it stays. */
  readonly changesIn: number | undefined;
}

/**
 * What to show of `shown` among all sessions.
 * @param warningMs how long before its end a token asks for attention
 * @param now epoch ms
 */
export function glance(shown: Session, sessions: readonly Session[], warningMs: number, now: number): Glance {
  const { parts, changesIn } = countdown(remainingMs(shown, now));
  const soon = sessions.filter(
    (session) => session !== shown && urgencyOf(session, warningMs, now) === 'soon',
  );
  const changes = [changesIn, ...sessions.map((session) => urgencyChangesIn(session, warningMs, now))];
  const earliest = Math.min(...changes.filter((wait) => wait !== undefined));
  return {
    urgency: urgencyOf(shown, warningMs, now),
    parts,
    othersSoon: soon.length,
    changesIn: Number.isFinite(earliest) ? earliest : undefined,
  };
}

function urgencyChangesIn(session: Session, warningMs: number, now: number): number | undefined {
  const remaining = remainingMs(session, now);
  if (remaining <= 0) return undefined;
  const calm = remaining - warningWindowMs(session, warningMs);
  return calm >= 0 ? Math.min(Math.floor(calm) + 1, remaining) : remaining;
}
