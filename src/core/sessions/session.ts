import * as z from 'zod/mini';
import type { Deployment } from '../oauth/deployment.ts';
import type { Token } from '../oauth/tokenRequest.ts';
import { Userid } from '../oauth/settingValues.ts';
import { accountLabel, earlierLabel, isLabelOf } from './accountLabel.ts';

/** One token of one deployment, for one user or for the application itself (generic). */
export interface Session {
  readonly deployment: Deployment;
  /** Empty for the generic token. */
  readonly userid: string;
  /** The user's name, as ListUsers gave it last: empty for a user without one, `undefined` when nobody has asked. */
  readonly name: string | undefined;
  /** The label of the account, made when the session came: it outlives changes of the name. */
  readonly label: string;
  readonly accessToken: string;
  /** Epoch ms on the server's clock. */
  readonly expiration: number;
  /** Server clock minus this computer's clock when the token came, ms. */
  readonly clockSkew: number;
  /** When the token came: epoch ms on this computer's clock. */
  readonly obtained: number;
  /** Names the sign-in that this token goes back to: the same after each renewal, different after the next sign-in. */
  readonly signIn: string;
}

/** What is known of the user of a session, or of the application, besides its id. */
export interface Person {
  /** What people call this user, or the application. */
  readonly name?: string | undefined;
  /** The label that the account has already. */
  readonly label?: string | undefined;
}

// A Date holds no more; what cannot be drawn must not be read.
const Time = z.number().check(z.gte(-8.64e15), z.lte(8.64e15));

/** The shape in SecretStorage. A record that does not fit is left where it is and treated as absent. */
const StoredSession = z.object({
  version: z.literal(1),
  origin: z.string(),
  clientId: z.string(),
  userid: Userid,
  // What an Authorization header can carry.
  accessToken: z.string().check(z.regex(/^[\x21-\x7e]+$/)),
  expiration: Time,
  clockSkew: Time,
  obtained: Time,
  signIn: z._default(z.string(), ''),
  name: z.optional(z.string()),
  label: z.optional(z.string()),
});

/** The text that SecretStorage keeps of a session. */
export function storedText(session: Session): string {
  const { origin, clientId } = session.deployment;
  const { userid, accessToken, expiration, clockSkew, obtained, signIn, name, label } = session;
  const times = { expiration, clockSkew, obtained };
  const record: z.input<typeof StoredSession> = {
    version: 1,
    origin,
    clientId,
    userid,
    accessToken,
    ...times,
    signIn,
    name,
    label,
  };
  return JSON.stringify(record);
}

/** The session that is stored under a key; `undefined` when the text is damaged, or belongs under another key. */
export function readStoredSession(key: string, text: string): Session | undefined {
  const [, deploymentKey = ''] = /^session:v1:([^:]*):/.exec(key) ?? [];
  try {
    const { data } = StoredSession.safeParse(JSON.parse(text));
    if (!data) return undefined;
    const { version: _version, origin, clientId, name, label, ...rest } = data;
    const deployment = { origin, clientId, key: deploymentKey };
    if (sessionKey(deployment, rest.userid) !== key) return undefined;
    return { deployment, ...rest, name, label: label ?? earlierLabel(deployment, rest.userid) };
  } catch {
    return undefined;
  }
}

/**
 * The session that a token response of a sign-in grants.
 * @param now epoch ms
 * @param person what is known of the user already
 */
export function createSession(
  { origin, clientId, key }: Deployment,
  userid: string,
  token: Token,
  now: number,
  { name, label = accountLabel({ origin, clientId, key }, userid, name) }: Person = {},
): Session {
  const deployment = { origin, clientId, key };
  return { deployment, userid, name, label, ...token, obtained: now, signIn: crypto.randomUUID() };
}

/**
 * The same session with the token that a renewal brought.
 * @param now epoch ms
 */
export function renewedSession(session: Session, token: Token, now: number): Session {
  return { ...session, ...token, obtained: now };
}

/** True when nothing distinguishes what is stored of two sessions of one user. */
export function isSameSession(a: Session | undefined, b: Session | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && storedText(a) === storedText(b));
}

/** True for a session of this deployment: the same origin and client id, and not only the same key. */
export function belongsTo({ deployment }: Session, { origin, clientId, key }: Deployment): boolean {
  return deployment.key === key && deployment.origin === origin && deployment.clientId === clientId;
}

/** What the storage keys of all sessions begin with. */
export const sessionKeysStart = 'session:v1:';

/** What the storage keys of a deployment's sessions begin with. */
export function sessionKeyPrefix({ key }: Pick<Deployment, 'key'>): string {
  return `${sessionKeysStart}${key}:`;
}

/** The SecretStorage key of a session, also its id: it stays the same when the token is renewed. */
export function sessionKey(deployment: Pick<Deployment, 'key'>, userid: string): string {
  return sessionKeyPrefix(deployment) + encodeURIComponent(userid);
}

/** {@link sessionKey} of a session. */
export function keyOf({ deployment, userid }: Pick<Session, 'deployment' | 'userid'>): string {
  return sessionKey(deployment, userid);
}

/** The userid that {@link sessionKey} made a key of; `undefined` for any other text. */
export function useridOfKey(deployment: Deployment, key: string): string | undefined {
  const prefix = sessionKeyPrefix(deployment);
  if (!key.startsWith(prefix)) return undefined;
  try {
    return Userid.safeParse(decodeURIComponent(key.slice(prefix.length))).data;
  } catch {
    return undefined;
  }
}

/** The account of a session: one for each session, since signing out of an account ends all its sessions. */
export interface Account {
  readonly id: string;
  readonly label: string;
}

/** The account of a session: VS Code finds it in its menu by id and remembers consent by label. */
export function accountOf({ deployment, userid, label }: Session): Account {
  return { id: sessionKey(deployment, userid), label };
}

/** Whether VS Code means this user's session by an account, which it knows by id or only by label. */
export function isAccountOf(account: Account, deployment: Deployment, userid: string): boolean {
  return account.id === sessionKey(deployment, userid) || isLabelOf(account.label, deployment, userid);
}

/**
 * The same session when the clock is off by a different amount: it came at the same moment of the server's clock.
 * @param clockSkew server clock minus this computer's clock, ms
 */
export function withClockSkew(session: Session, clockSkew: number): Session {
  return { ...session, clockSkew, obtained: session.obtained + session.clockSkew - clockSkew };
}

/** The same session as if its token had expired as soon as it came: AIRisk refuses it. */
export function refusedSession(session: Session): Session {
  return { ...session, expiration: session.obtained + session.clockSkew };
}

/**
 * True when the token lives or is dead depending on whether the clock, which was wrong when it came, still is.
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
