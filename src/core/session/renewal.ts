import { AiriskError } from '../errors.ts';
import type { Session } from './session.ts';

const minute = 60_000;

/**
 * How much of a lifetime is left, in ms, when a token is to be renewed: a tenth to a fifth of it, never under a
 * minute, but never over half of it either, so that a short-lived token is not renewed in a loop.
 * @param jitter 0 to 1, another one in each window, so that windows do not renew at the same moment
 */
export function renewalWindowMs(session: Session, jitter: number): number {
  const lifetime = session.expiration - (session.obtained + session.clockSkew);
  return Math.min(Math.max(lifetime * (0.1 + 0.1 * jitter), minute), lifetime / 2);
}

/** When a failed renewal may be tried again: how many ms from now, `Infinity` for never with this token. */
export function retryDelayMs(error: unknown, failures: number): number {
  const transient =
    !(error instanceof AiriskError) ||
    ['unreachable', 'request_timeout', 'server_error', 'invalid_response', 'storage'].includes(error.code);
  return transient && failures < 8 ? (minute / 2) * 2 ** (failures - 1) : Infinity;
}
