import { lazily, Properties, where } from '../schema.ts';
import { isUserid } from '../oauth/userid.ts';
import type { Deployment } from '../oauth/deployment.ts';
import type { Token } from '../oauth/tokenRequest.ts';

/** One token of one deployment, for one user or for the application itself (generic). */
export type Session = Readonly<{
  version: 1;
  origin: string;
  clientId: string;
  /** Empty for the generic token. */
  userid: string;
  accessToken: string;
  /** Epoch ms on the server's clock. */
  expiration: number;
  /** Server clock minus this computer's clock when the token came, ms. */
  clockSkew: number;
  /** When the token came: epoch ms on this computer's clock. */
  obtained: number;
}>;

/** The stored shape. A record that does not fit is left where it is and treated as absent. */
export const Session = lazily(() => where(Properties(), isSession));

// In one check: thousands are read at once, and a schema for each field would take longer than the reading.
function isSession(record: Readonly<Record<string, unknown>>): record is Session {
  const { version, origin, clientId, userid, accessToken, expiration, clockSkew, obtained } = record;
  return (
    version === 1 &&
    [origin, clientId].every((text) => typeof text === 'string') &&
    typeof userid === 'string' &&
    (userid === '' || isUserid(userid)) &&
    typeof accessToken === 'string' &&
    accessToken !== '' &&
    [expiration, clockSkew, obtained].every(Number.isFinite)
  );
}

/**
 * Makes the session that a token response grants.
 * @param now epoch ms
 */
export function createSession(deployment: Deployment, userid: string, token: Token, now: number): Session {
  const { origin, clientId } = deployment;
  return { version: 1, origin, clientId, userid, ...token, obtained: now };
}

/** False for a session of another deployment, as one that was asked for before the settings changed. */
export function belongsTo({ origin, clientId }: Session, deployment: Deployment): boolean {
  return origin === deployment.origin && clientId === deployment.clientId;
}

/** What the storage keys of a deployment's sessions start with. */
export function sessionKeyPrefix(deployment: Deployment): string {
  return `session:v1:${deployment.key}:`;
}

/** The SecretStorage key of a session, also its id: it stays the same when the token is renewed. */
export function sessionKey(deployment: Deployment, userid: string): string {
  return sessionKeyPrefix(deployment) + encodeURIComponent(userid);
}

/** The userid that {@link sessionKey} made a key of; `undefined` for any other text. */
export function useridOfKey(deployment: Deployment, key: string): string | undefined {
  const prefix = sessionKeyPrefix(deployment);
  if (!key.startsWith(prefix)) return undefined;
  try {
    const userid = decodeURIComponent(key.slice(prefix.length));
    return userid === '' || isUserid(userid) ? userid : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The account of a session, one for each session. VS Code finds it in its menu by id and remembers consent by label,
 * so both stay the same for ever.
 */
export function accountOf(
  deployment: Deployment,
  userid: string,
): { readonly id: string; readonly label: string } {
  return { id: sessionKey(deployment, userid), label: accountLabel(deployment, userid) };
}

/**
 * The name of a session's account. VS Code remembers consent by label, so a label never stands for two
 * accounts: the client id is escaped and the host comes last, whatever the userid holds.
 */
export function accountLabel(deployment: Pick<Deployment, 'origin' | 'clientId'>, userid: string): string {
  const host = deployment.origin.replace('https://', '');
  const client = `${encodeURIComponent(deployment.clientId)} @ ${host}`;
  return userid === '' ? client : `${userid} (${client})`;
}

/**
 * The same session on a clock that is off otherwise: it came at the same moment of the server's clock.
 * @param clockSkew server clock minus this computer's clock, ms
 */
export function withClockSkew(session: Session, clockSkew: number): Session {
  return { ...session, clockSkew, obtained: session.obtained + session.clockSkew - clockSkew };
}

/**
 * True where the token lives or is dead depending on whether the clock, which was wrong when it came, still is.
 * @param now epoch ms on this computer's clock
 */
export function dependsOnClock({ expiration, clockSkew }: Session, now: number): boolean {
  return expiration > now !== expiration > now + clockSkew;
}

/**
 * How long a session's token still lives, in ms; zero or less when it has expired.
 * @param now epoch ms on this computer's clock
 */
export function remainingMs(session: Session, now: number): number {
  // Before the token came: the clock was ahead then and has been set right since, so the measured skew is gone.
  const skew = now < session.obtained ? Math.max(session.clockSkew, 0) : session.clockSkew;
  return session.expiration - (now + skew);
}

/**
 * Whole seconds for which a session's token still lives, never negative.
 * @param now epoch ms on this computer's clock
 */
export function secondsLeft(session: Session, now: number): number {
  return Math.max(0, Math.floor(remainingMs(session, now) / 1_000));
}
