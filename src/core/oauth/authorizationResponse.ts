import * as z from 'zod/mini';
import { AiriskError } from '../errors.ts';
import { lenient } from '../schema.ts';
import { plainText, redact } from '../text.ts';
import { isRedirectTo } from './redirectUri.ts';
import { stateForm } from './state.ts';

/** An authorization response as it came in: not yet checked against anything. */
export interface AuthorizationResponse {
  /** Empty when it was sent without a value: a server has lost it, and nobody has left it out. */
  readonly state: string | undefined;
  readonly code: string | undefined;
  readonly error: string | undefined;
  readonly errorDescription: string | undefined;
}

// A doubled parameter is given as an array. An empty one counts as omitted (RFC 6749 §3.1); the words are for people
// only.
const Value = z.string().check(z.maxLength(4096));
const Parameters = z.object({
  state: z.optional(Value),
  code: z.optional(Value),
  error: z.optional(Value),
  error_description: lenient(z.optional(Value), undefined),
});

/**
 * Reads the query of a redirect. When code or error is doubled or too long, or there is no error and the code, which a
 * sign-in stands on, is empty, nothing but its state is taken; `undefined` when that is none either. Parameters that are
 * not known are ignored (RFC 6749 §4.1.2).
 *
 * VS Code on the desktop hands over a query that is percent-decoded already (`decoded`), a browser-hosted one and
 * a loopback listener hand it over as sent. `URLSearchParams` reads `+` as a space, so a code `a+b` would be lost.
 * @see RFC 6749 §4.1.2, §4.1.2.1
 */
export function readAuthorizationResponse(query: string, decoded = false): AuthorizationResponse | undefined {
  const search = new URLSearchParams(decoded ? reencoded(query) : query.replaceAll('+', encodeURIComponent));
  const once = (name: string): string | string[] | undefined => {
    const values = search.getAll(name);
    return values.length > 1 ? values : values[0];
  };
  const names = Object.keys(Parameters.shape);
  const { data } = Parameters.safeParse(Object.fromEntries(names.map((name) => [name, once(name)])));
  if (!data || (data.code === '' && !data.error)) {
    // Ours ends a sign-in, which would wait in vain.
    const { data: state } = Value.safeParse(once('state'));
    return state ? { state, code: undefined, error: undefined, errorDescription: undefined } : undefined;
  }
  const { state, code, error, error_description } = data;
  return {
    state,
    code: code || undefined,
    error: error || undefined,
    errorDescription: error_description || undefined,
  };
}

const ourState = `state=${stateForm}(?:&|$)`;
const hasOurState = new RegExp(`(?:^|&)${ourState}`);
const words = new RegExp(
  `(?<=(?:^|&)error_(?:description|uri)=).*?(?=&(?:${ourState}|error_(?:description|uri)=|iss=)|$)`,
  'gs',
);

/**
 * A query as it was before VS Code decoded it, as far as one can tell. Words for people may have held an `&`, and then
 * parts of them look like parameters: they end where a state as ours begins.
 */
function reencoded(query: string): string {
  const escaped = query.replaceAll(/[%+]/g, encodeURIComponent);
  return hasOurState.test(escaped)
    ? escaped.replaceAll(words, (text) => text.replaceAll('&', encodeURIComponent))
    : escaped;
}

/**
 * Reads an address that a browser was sent to. Our state is the proof that it answers this sign-in, in whatever way
 * the address is spelled; without any state it must be the redirect URI.
 * @returns `undefined` for anything else, one with another state among them
 */
export function readRedirect(
  address: string,
  redirectUri: string,
  state: string,
): AuthorizationResponse | undefined {
  if (!URL.canParse(address)) return undefined;
  const response = readAuthorizationResponse(new URL(address).search.slice(1));
  if (!response) return undefined;
  const proven = response.state ? sameState(state, response.state) : isRedirectTo(address, redirectUri);
  return proven ? response : undefined;
}

/**
 * The code of a response whose `state` is known to be ours.
 * @throws AiriskError `authorization_refused` for `access_denied`, `authorization_error` for other errors,
 * `authorization_response_invalid` when there is neither code nor error, or both.
 */
export function authorizationCode(response: AuthorizationResponse): string {
  const { code, error, errorDescription, state } = response;
  if (error !== undefined && code === undefined) {
    const reason = plainText((errorDescription ?? '').replaceAll('+', ' ')) || plainText(error);
    throw new AiriskError(error === 'access_denied' ? 'authorization_refused' : 'authorization_error', {
      reason: redact(reason, [state]),
      oauthError: error,
    });
  }
  if (code === undefined || error !== undefined) throw new AiriskError('authorization_response_invalid');
  return code;
}

/** True for a response that a server gave without the state of the request. */
export function lacksState({ state, code, error }: AuthorizationResponse): boolean {
  return !state && (code ?? error) !== undefined;
}

/** Compares in a time that does not depend on where two states differ. */
export function sameState(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i % (b.length || 1));
  return difference === 0;
}
