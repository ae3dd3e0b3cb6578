import { AiriskError } from '../errors.ts';
import { isBlank, plainText, redact } from '../text.ts';
import { readRedirect } from './authorizationResponse.ts';
import type { Deployment } from './deployment.ts';
import { errorDetails, isAiriskError, isPassing, movedTo } from './errorResponse.ts';
import { type Http, type HttpAnswer, send } from './http.ts';
import { createState } from './state.ts';

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
 * Asks the authorization endpoint without a browser. With a `state` that nobody waits for it is a rehearsal: it
 * says what the browser would only show as a bare JSON page: an unknown client, user or redirect URI.
 * @returns the address of the redirect, or `undefined` when AIRisk shows a page instead.
 * @throws AiriskError `authorization_error` with AIRisk's traceId, `server_error`, and what {@link send} throws.
 */
export async function requestAuthorization(
  http: Http,
  request: AuthorizationRequest,
  signal?: AbortSignal,
): Promise<string | undefined> {
  return redirectOf(await ask(http, request, signal));
}

function redirectOf({ status, location }: HttpAnswer): string | undefined {
  return status >= 300 && status < 400 ? (location ?? undefined) : undefined;
}

async function ask(http: Http, request: AuthorizationRequest, signal?: AbortSignal): Promise<HttpAnswer> {
  const { state, ...asked } = request;
  const answer = await send(http, authorizationRequestUrl(request), {}, signal);
  if (isPassing(answer)) throw new AiriskError('server_error', errorDetails(answer, state));
  if (isAiriskError(answer))
    throw new AiriskError('authorization_error', { ...errorDetails(answer, state), request: asked });
  return answer;
}

/**
 * Gets a code without a browser: AIRisk redirects at once when client and user are valid. The redirect is read
 * and never followed. With our state in it, it may be spelled in any way and have more parameters (RFC 9207): AIRisk
 * itself gave it as the answer to this request.
 * @throws AiriskError `not_silent`, with the HTTP status, for any answer but a code with our state, `state_missing` for
 * a code and `authorization_error` for an error without one at the redirect URI, `moved`, and what
 * {@link requestAuthorization} throws
 */
export async function authorizeSilently(
  http: Http,
  request: Omit<AuthorizationRequest, 'state'>,
  signal?: AbortSignal,
): Promise<string> {
  const state = createState();
  const url = authorizationRequestUrl({ ...request, state });
  const answer = await ask(http, { ...request, state }, signal);
  const location = redirectOf(answer);
  const address = location !== undefined && URL.canParse(location, url) ? new URL(location, url).href : '';
  const response = readRedirect(address, request.redirectUri, state);
  const { code, error = '', errorDescription = '' } = response ?? {};
  if (response && code && !error) {
    if (!response.state) throw new AiriskError('state_missing');
    return code;
  }
  const origin = movedTo(url, address);
  if (!code && !error && origin)
    throw new AiriskError('moved', { subject: new URL(url).host, reason: origin });
  const words = errorDescription.replaceAll('+', ' ');
  const reason = error && !isBlank(words) ? `${words} (${error})` : error;
  // AIRisk has said it to this request of ours. From a browser, without our state, it could be anybody's.
  const isFinal = error !== '' && !response?.state;
  throw new AiriskError(isFinal ? 'authorization_error' : 'not_silent', {
    reason: redact(plainText(reason), [state]),
    oauthError: error,
    status: answer.status,
    ...(isFinal && { request }),
  });
}

/** What AIRisk said in a redirect that no browser of a person follows, as the refusal that it is. */
export function refusal(
  { reason, oauthError }: AiriskError,
  request: Omit<AuthorizationRequest, 'state'>,
): AiriskError {
  return new AiriskError('authorization_error', { reason, oauthError, request });
}
