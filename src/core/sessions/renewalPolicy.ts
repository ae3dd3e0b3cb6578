import { AiriskError, hasCode, triedAgain } from '../errors.ts';
import type { Session } from './session.ts';

const minute = 60_000;
const longestPauseMs = 32 * minute;

/**
 * How much of a lifetime is left, in ms, when a token is to be renewed: a tenth to a fifth of it, never under a
 * minute or the time at which the user would be asked, but never over half of it either, so that a short-lived token
 * is not renewed in a loop.
 * @param jitter 0 to 1, another one in each window, so that windows do not renew at the same moment, however short
 * the lifetime is
 * @param warningMs how long before its end a token asks for attention: whether it renews by itself is known by then
 */
export function renewalWindowMs(session: Session, jitter: number, warningMs = 0): number {
  const lifetime = lifetimeMs(session);
  const least = Math.min(Math.max(lifetime / 10, minute, warningMs), lifetime * 0.375);
  const most = Math.min(Math.max(lifetime / 5, 1.5 * minute, 1.5 * warningMs), lifetime / 2);
  return least + (most - least) * jitter;
}

/**
 * How much of a lifetime is left, in ms, when the user is asked to renew: never over half of it, so that whoever
 * renews a short-lived token is not asked about the next one at once.
 * @param warningMs how long before its end a token asks for attention
 */
export function promptWindowMs(session: Session, warningMs: number): number {
  return Math.min(warningMs, lifetimeMs(session) / 2);
}

/**
 * How much of a lifetime is left, in ms, when a token is said to expire soon: never over a fifth of it, so that a
 * short-lived one is not urgent from the start.
 * @param warningMs how long before its end a token asks for attention
 */
export function warningWindowMs(session: Session, warningMs: number): number {
  return Math.min(warningMs, lifetimeMs(session) / 5);
}

function lifetimeMs({ expiration, obtained, clockSkew }: Session): number {
  return expiration - (obtained + clockSkew);
}

/** What follows from a failed renewal, for the token that it was for. */
export interface Retry {
  /** How long nothing is tried, in ms; `Infinity` for never with this token. */
  readonly pauseMs: number;
  /** The same when somebody asks for a token that has expired, and so would get none. */
  readonly askedPauseMs: number;
  /** Whether to ask the user before the token expires: that it renews by itself is not to be counted on. */
  readonly givesUp: boolean;
}

/** Whether a renewal brought a token, and a different one. */
export function isDifferent(before: Session, renewed: Session | undefined): renewed is Session {
  return renewed !== undefined && renewed.accessToken !== before.accessToken;
}

/** Why a renewal failed, and when the next one comes: epoch ms, or `undefined` for never unasked. */
export interface FailedRenewal {
  readonly error: unknown;
  readonly again: number | undefined;
}

/** The failures to renew one token, by the latest. */
export interface Failure extends Retry {
  readonly count: number;
  /** The latest of them. */
  readonly error: unknown;
  /** How many of these came after the token's expiry, and a whole pause after the one before. */
  readonly late: number;
  /** When the latest happened: epoch ms. */
  readonly at: number;
}

/** While somebody is there to see it, AIRisk is noticed to be back within so many ms. */
export const attendedPauseMs = 10_000;

/** True when AIRisk did not hear of the request at all: asking again soon does it no harm. */
export function isOffline(error: unknown): boolean {
  return hasCode(error, 'unreachable', 'request_timeout');
}

/** When a failed renewal may be tried again: not before AIRisk wants to hear of it, within reason. */
export function retryAfter(error: unknown, failures: number): Retry {
  const again = triedAgain(error);
  if (again !== 'soon') {
    const pause = again === 'later' ? longestPauseMs : Infinity;
    return { pauseMs: pause, askedPauseMs: pause, givesUp: true };
  }
  const pauseMs = Math.min((minute / 2) * 2 ** (failures - 1), longestPauseMs);
  const wantedMs = error instanceof AiriskError ? Math.min(error.retryAfterMs ?? 0, longestPauseMs) : 0;
  return {
    pauseMs: Math.max(pauseMs, wantedMs),
    askedPauseMs: Math.max(Math.min(pauseMs, minute), wantedMs),
    givesUp: failures >= 8,
  };
}
