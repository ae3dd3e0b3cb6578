import * as z from 'zod/mini';
import { lenient, parseJson } from '../schema.ts';

/** What can be read in a JWT by anybody who holds it; the signature is not among it. */
interface DecodedToken {
  /** Header and claims as indented JSON, every value as it is written there. */
  readonly json: string;
  /** The claims that are dates, epoch ms. */
  readonly dates: { readonly [Name in 'exp' | 'iat' | 'nbf']?: number | undefined };
}

const Header = z.object({ alg: z.string() });
// Seconds, and no more than a Date can hold (RFC 7519 §2, NumericDate); ms.
const NumericDate = lenient(
  z.optional(
    z.pipe(
      z.number().check(z.minimum(-8.64e12), z.maximum(8.64e12)),
      z.transform((seconds) => seconds * 1_000),
    ),
  ),
  undefined,
);
const Claims = z.object({ exp: NumericDate, iat: NumericDate, nbf: NumericDate });

/**
 * Decodes a signed token without verifying it: for reading, never for deciding.
 * @returns `undefined` for an opaque or encrypted token
 * @see RFC 7519 §7.2, RFC 7515 §7.1
 */
export function decodeToken(accessToken: string): DecodedToken | undefined {
  const [head = '', body = '', signature, ...more] = accessToken.split('.');
  if (signature === undefined || more.length > 0) return undefined;
  const [header, claims] = [decodeBase64Url(head), decodeBase64Url(body)];
  const dates = parseJson(Claims, claims);
  if (!parseJson(Header, header) || !dates) return undefined;
  return { json: indent(`{"header":${header},"claims":${claims}}`), dates };
}

/** Lays JSON out in lines. As text, because `JSON.parse` rounds a number of 64 bits. */
function indent(json: string): string {
  let line = '\n';
  return json.replaceAll(/"(?:[^"\\]|\\.)*"|\s+|[[{]\s*[\]}]|[[\]{},:]/g, (token) => {
    if (token.startsWith('"')) return token;
    if (token.trim() === '') return '';
    if (token === ',') return token + line;
    if (token === ':') return ': ';
    if (token.length > 1) return token.replaceAll(/\s/g, '');
    if (token === '{' || token === '[') {
      line += '  ';
      return token + line;
    }
    line = line.slice(0, -2);
    return line + token;
  });
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
