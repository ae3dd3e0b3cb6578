import * as z from 'zod/mini';
import { AiriskError } from '../errors.ts';
import { plainText, redact } from '../text.ts';

/** An authorization response as it came in: not yet checked against anything. */
export interface AuthorizationResponse {
  readonly state: string | undefined;
  readonly code: string | undefined;
  readonly error: string | undefined;
  readonly errorDescription: string | undefined;
}

// A doubled parameter is given as an array.
const Parameter = z.optional(z.string().check(z.minLength(1), z.maxLength(4096)));
const Parameters = z.object({
  state: Parameter,
  code: Parameter,
  error: Parameter,
  error_description: Parameter,
});

/**
 * Reads the query of a redirect; `undefined` where a parameter is doubled, empty or too long.
 *
 * VS Code on the desktop hands over a query that is percent-decoded already (`decoded`), a browser-hosted one and
 * a loopback listener hand it over as sent. `URLSearchParams` reads `+` as a space, so a code `a+b` would be lost.
 * @see RFC 6749 §4.1.2, §4.1.2.1
 */
export function readAuthorizationResponse(query: string, decoded = false): AuthorizationResponse | undefined {
  const escaped = query.replaceAll(decoded ? /[%+]/g : /\+/g, encodeURIComponent);
  const search = new URLSearchParams(escaped);
  const once = (name: string): string | string[] | undefined => {
    const values = search.getAll(name);
    return values.length > 1 ? values : values[0];
  };
  const names = Object.keys(Parameters.shape);
  const { data } = Parameters.safeParse(Object.fromEntries(names.map((name) => [name, once(name)])));
  if (!data) return undefined;
  const { state, code, error, error_description } = data;
  return { state, code, error, errorDescription: error_description };
}

/**
 * The code of a response whose `state` is known to be ours.
 * @throws AiriskError `authorization_refused` for `access_denied`, `authorization_error` for other errors,
 * `authorization_response_invalid` where there is neither code nor error, or both.
 */
export function authorizationCode(response: AuthorizationResponse): string {
  const { code, error, errorDescription, state } = response;
  if (error !== undefined && code === undefined) {
    const reason = plainText((errorDescription ?? '').replaceAll('+', ' ')) || plainText(error);
    throw new AiriskError(error === 'access_denied' ? 'authorization_refused' : 'authorization_error', {
      reason: redact(reason, [state]),
    });
  }
  if (code === undefined || error !== undefined) throw new AiriskError('authorization_response_invalid');
  return code;
}

/** Compares without telling by its duration where two states differ. */
export function sameState(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i % (b.length || 1));
  return difference === 0;
}
