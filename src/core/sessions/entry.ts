import type { Deployment } from '../oauth/deployment.ts';
import type { Failure } from './renewalPolicy.ts';
import { remainingMs, type Session } from './session.ts';

// A caller that reports each new token as rejected does not load AIRisk.
const rejectedPauseMs = 30_000;

/** All that a window knows of one session, kept under its storage key. */
export interface Entry {
  readonly deployment: Deployment;
  readonly userid: string;
  /** What SecretStorage held last. */
  stored: Session | undefined;
  /** What listeners believe to be usable. */
  told: Session | undefined;
  /** Somebody was given a token of this session: only such a session is worth renewing unasked. */
  inUse: boolean;
  /** Why the stored token could not be renewed; a different token starts afresh. */
  failure: Failure | undefined;
  renewal: Promise<Session | undefined> | undefined;
  /** The token that a caller reported as rejected last, and when: epoch ms. */
  rejected: { readonly accessToken: string; readonly at: number } | undefined;
  /** The token whose end the user was asked about. */
  askedAbout: string | undefined;
  /** After how many corrections of the clock the stored token was compared with AIRisk's clock. */
  clockCheckedAt: number;
}

/** A session of which nothing is known yet. */
export function newEntry(deployment: Deployment, userid: string): Entry {
  return {
    deployment,
    userid,
    stored: undefined,
    told: undefined,
    inUse: false,
    failure: undefined,
    renewal: undefined,
    rejected: undefined,
    askedAbout: undefined,
    clockCheckedAt: 0,
  };
}

/**
 * Notes that a caller reported a token as rejected, unless one was a moment ago.
 * @param now epoch ms
 * @returns false when nothing is to be done about it yet
 */
export function noteRejected(entry: Entry, accessToken: string, now: number): boolean {
  const { rejected, renewal } = entry;
  if (rejected && !renewal && Math.abs(now - rejected.at) < rejectedPauseMs) return false;
  entry.rejected = { accessToken, at: now };
  return true;
}

/** What became of an entry for those who listen. */
export interface EntryChange {
  readonly added?: Session;
  readonly changed?: Session;
  readonly removed?: Session;
}

/**
 * Notes what is stored now, and derives from it what listeners have to be notified of.
 * @param now epoch ms
 */
export function updateEntry(entry: Entry, stored: Session | undefined, now: number): EntryChange {
  const before = entry.told;
  if (stored?.accessToken !== entry.stored?.accessToken) {
    entry.failure = undefined;
    entry.clockCheckedAt = 0;
  }
  entry.stored = stored;
  entry.told = stored && remainingMs(stored, now) > 0 ? stored : undefined;
  if (entry.told) return before ? { changed: entry.told } : { added: entry.told };
  return before ? { removed: before } : {};
}
