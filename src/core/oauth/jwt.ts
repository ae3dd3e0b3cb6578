import { parseJson, Properties } from '../schema.ts';

/** What can be read in a JWT by anybody who holds it; the signature is not among it. */
export interface DecodedToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * Decodes a signed token without verifying it: for reading, never for deciding.
 * @returns `undefined` for an opaque or encrypted token
 * @see RFC 7519 §7.2, RFC 7515 §7.1
 */
export function decodeToken(accessToken: string): DecodedToken | undefined {
  const [head = '', body = '', signature, ...more] = accessToken.split('.');
  if (signature === undefined || more.length > 0) return undefined;
  const header = parseJson(Properties, decodeBase64Url(head));
  const claims = parseJson(Properties, decodeBase64Url(body));
  return typeof header?.['alg'] === 'string' && claims ? { header, claims } : undefined;
}

/**
 * A claim that is a date, in epoch ms; `undefined` for anything that no Date can hold.
 * @see RFC 7519 §2, NumericDate
 */
export function dateClaim(claims: DecodedToken['claims'], name: 'exp' | 'iat' | 'nbf'): number | undefined {
  const seconds = claims[name];
  return typeof seconds === 'number' && Math.abs(seconds) <= 8.64e12 ? seconds * 1_000 : undefined;
}

function decodeBase64Url(text: string): string {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return '';
  }
}
