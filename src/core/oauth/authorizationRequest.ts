import { AiriskError } from '../errors.ts';
import { readAuthorizationResponse, sameState } from './authorizationResponse.ts';
import { createState } from './state.ts';
import type { Deployment } from './deployment.ts';
import { errorDetails, type Http, isAiriskError, send } from './http.ts';
import { plainText, redact } from '../text.ts';

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
  const { state, ...asked } = request;
  const answer = await send(http, authorizationRequestUrl(request), {}, signal);
  // 429 is no answer to this request: the same one may be taken in a minute.
  if (answer.status >= 500 || answer.status === 429)
    throw new AiriskError('server_error', errorDetails(answer, state));
  if (isAiriskError(answer))
    throw new AiriskError('authorization_error', { ...errorDetails(answer, state), request: asked });
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
    const { error = '', errorDescription = '' } = response ?? {};
    const reason = error && errorDescription ? `${errorDescription.replaceAll('+', ' ')} (${error})` : error;
    throw new AiriskError('not_silent', { reason: redact(plainText(reason), [state]) });
  }
  return response.code;
}
