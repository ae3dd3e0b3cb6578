import { randomBytes } from 'node:crypto';

/** What an authorization code is bound to. */
export interface Grant {
  clientId: string;
  redirectUri: string;
  userid: string | undefined;
}

interface IssuedCode extends Grant {
  expiresAt: number;
}

/** The authorization codes that are out. */
export interface CodeBook {
  issue(grant: Grant, expiresAt: number): string;
  /** Whose code this is, without using it up. */
  peek(code: string): Grant | undefined;
  /** True once per code, for exactly the grant it was issued for, until it expires. */
  redeem(code: string, grant: Grant, now: number): boolean;
  clear(): void;
}

/** A random code. Every one has `+`, `/` and `=`, which careless decoders damage. */
export function randomCode(): string {
  const raw = randomBytes(16).toString('base64');
  return `${raw.slice(0, 8)}+${raw.slice(8, 16)}/${raw.slice(16)}`;
}

/** Single-use codes, kept in memory. */
export function createCodeBook(): CodeBook {
  const issued = new Map<string, IssuedCode>();
  return {
    issue(grant, expiresAt) {
      const code = randomCode();
      issued.set(code, { ...grant, expiresAt });
      return code;
    },
    peek: (code) => issued.get(code),
    redeem(code, grant, now) {
      const found = issued.get(code);
      // Another client must not be able to burn a code that it could not have used.
      if (!found || found.clientId !== grant.clientId) return false;
      issued.delete(code);
      return (
        found.redirectUri === grant.redirectUri && found.userid === grant.userid && now < found.expiresAt
      );
    },
    clear: () => issued.clear(),
  };
}
