import * as z from 'zod/mini';
import { AiriskError, plainText } from '../errors.ts';
import { redact } from '../redact.ts';
import { lazily, string, where } from '../schema.ts';
import type { Deployment } from './deployment.ts';
import { errorDetails, type Http, isAiriskError, send } from './http.ts';

/** @see RFC 6749 §4.1.1, airisk-api.md, Authorization endpoint */
export interface AuthorizationRequest {
  readonly deployment: Deployment;
  readonly redirectUri: string;
  readonly state: string;
  /** An ApplicationUser's id; empty for a generic token. */
  readonly userid: string;
}

/** The address that the browser opens. Percent-encoded throughout: a space is `%20`, never `+`. */
export function authorizationRequestUrl(request: AuthorizationRequest): string {
  const { deployment, redirectUri, state, userid } = request;
  const parameters = Object.entries({
    client_id: deployment.clientId,
    redirect_uri: redirectUri,
    ...(userid && { userid }),
    state,
  });
  const query = parameters.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return `${deployment.origin}/api/oauth2?${query}`;
}

/** A fresh `state`: 256 bits, base64url (RFC 6749 §10.12). */
export function createState(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

/** An authorization response as it came in: not yet checked against anything. */
export interface AuthorizationResponse {
  readonly state: string | undefined;
  readonly code: string | undefined;
  readonly error: string | undefined;
  readonly errorDescription: string | undefined;
}

// A doubled parameter is given as an array.
const Parameters = lazily(() => {
  const parameter = z.optional(where(string(), ({ length }) => length > 0 && length <= 4096));
  return z.object({ state: parameter, code: parameter, error: parameter, error_description: parameter });
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
  const names = Object.keys(Parameters().shape);
  const { data } = Parameters().safeParse(Object.fromEntries(names.map((name) => [name, once(name)])));
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

/**
 * Asks the authorization endpoint without a browser. With a `state` nobody waits for it is a rehearsal that tells
 * what the browser would only show as a bare JSON page: an unknown client, user or redirect URI.
 * @returns the address of the redirect, or `undefined` where AIRisk shows a page instead.
 * @throws AiriskError `authorization_error` with AIRisk's traceId, `server_error`, and what {@link send} throws.
 */
export async function requestAuthorization(
  http: Http,
  request: AuthorizationRequest,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const answer = await send(http, authorizationRequestUrl(request), {}, signal);
  // 429 is no answer to this request: the same one may be taken in a minute.
  if (answer.status >= 500 || answer.status === 429)
    throw new AiriskError('server_error', errorDetails(answer, request.state));
  if (isAiriskError(answer))
    throw new AiriskError('authorization_error', errorDetails(answer, request.state));
  return answer.status >= 300 && answer.status < 400 ? (answer.location ?? undefined) : undefined;
}

/**
 * Gets a code without a browser: AIRisk redirects at once when client and user are valid. The redirect is read
 * and never followed.
 * @throws AiriskError `not_silent` for any answer but a redirect to exactly the redirect URI with a code and our
 * state and nothing else; and what {@link requestAuthorization} throws
 */
export async function authorizeSilently(
  http: Http,
  request: Omit<AuthorizationRequest, 'state'>,
  signal?: AbortSignal,
): Promise<string> {
  const state = createState();
  const { redirectUri } = request;
  const location = await requestAuthorization(http, { ...request, state }, signal);
  const start = redirectUri + (redirectUri.includes('?') ? '&' : '?');
  const query = location?.startsWith(start) ? location.slice(start.length) : '';
  const response = readAuthorizationResponse(query);
  const names = [...new URLSearchParams(query).keys()].toSorted().join(' ');
  if (!response?.code || names !== 'code state' || !sameState(state, response.state ?? '')) {
    throw new AiriskError('not_silent', { reason: redact(plainText(response?.error ?? ''), [state]) });
  }
  return response.code;
}
