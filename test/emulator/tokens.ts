import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { signingKey } from './seed.ts';

/** One access token. Without a `userid` it is generic. */
export interface IssuedToken {
  clientId: string;
  userid: string | undefined;
  expiresAt: number;
}

/** What a token is issued for. */
export interface TokenRequest extends IssuedToken {
  issuer: string;
  now: number;
  opaque: boolean;
}

/** The access tokens that are out. */
export interface TokenBook {
  issue(request: TokenRequest): string;
  /** The token behind a bearer value, when it is one of ours and still lives. */
  find(bearer: string, now: number): IssuedToken | undefined;
  /** Ends them all; answers how many there were. */
  revoke(): number;
}

/** A JWS in compact serialization, signed with HMAC SHA-256. @see RFC 7515 §7.1 */
export function signJwt(claims: object, key: string): string {
  const input = `${encodePart({ alg: 'HS256', typ: 'JWT' })}.${encodePart(claims)}`;
  return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
}

function encodePart(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

/** Tokens, kept in memory. */
export function createTokenBook(): TokenBook {
  const issued = new Map<string, IssuedToken>();
  return {
    issue({ clientId, userid, expiresAt, issuer, now, opaque }) {
      const claims = {
        sub: userid ?? clientId,
        client_id: clientId,
        ...(userid === undefined ? {} : { userid }),
        iss: issuer,
        iat: Math.floor(now / 1000),
        exp: Math.floor(expiresAt / 1000),
        jti: randomUUID(),
      };
      const token = opaque ? randomBytes(48).toString('base64url') : signJwt(claims, signingKey);
      issued.set(token, { clientId, userid, expiresAt });
      return token;
    },
    find(bearer, now) {
      const found = issued.get(bearer);
      return found && now < found.expiresAt ? found : undefined;
    },
    revoke() {
      const count = issued.size;
      issued.clear();
      return count;
    },
  };
}
