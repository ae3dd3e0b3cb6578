import { AiriskError } from './errors.ts';
import {
  authorizationCode,
  type AuthorizationRequest,
  type AuthorizationResponse,
  authorizationRequestUrl,
  authorizeSilently,
  createState,
  requestAuthorization,
} from './oauth/authorization.ts';
import type { Deployment } from './oauth/deployment.ts';
import type { Http } from './oauth/http.ts';
import { requestToken, type Token } from './oauth/token.ts';

/** A way in which a code comes back. */
export interface RedirectReceiver {
  /**
   * Starts to wait for the redirect that carries `state`, until `signal` aborts. Redirects with another state are
   * somebody else's or an attacker's: they are never the response, and never end the waiting.
   */
  begin(state: string, signal: AbortSignal): Promise<ExpectedRedirect>;
}

/** What {@link RedirectReceiver.begin} starts. */
export interface ExpectedRedirect {
  readonly redirectUri: string;
  /** The response with our state. May reject where waiting is no use; need not settle after an abort. */
  readonly response: Promise<AuthorizationResponse>;
}

/** What one sign-in is for and with. */
export interface SignInRequest {
  readonly deployment: Deployment;
  readonly clientSecret: string;
  /** Empty for a generic token. */
  readonly userid: string;
  readonly format: 'form' | 'json';
  readonly genericToken?: string | undefined;
}

/** Where a sign-in meets the world. */
export interface SignInPorts {
  readonly http: Http;
  readonly receiver: RedirectReceiver;
  /** Opens the authorization request in the browser. */
  readonly open: (url: string) => Promise<unknown>;
  readonly timeoutMs: number;
}

/**
 * One sign-in from request to token: authorization request, redirect, token request (RFC 6749 §4.1).
 * @throws AiriskError, `sign_in_timeout` among them; `AbortError` when `signal` aborts. Whatever the end, nothing
 * waits for the redirect any more.
 */
export async function signIn(
  request: SignInRequest,
  ports: SignInPorts,
  signal: AbortSignal,
): Promise<Token> {
  const { deployment, userid } = request;
  const { http, receiver, open, timeoutMs } = ports;
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(new AiriskError('sign_in_timeout')), timeoutMs);
  const either = AbortSignal.any([signal, ending.signal]);
  try {
    either.throwIfAborted();
    const state = createState();
    const { redirectUri, response } = await Promise.race([receiver.begin(state, either), aborted(either)]);
    response.catch(() => undefined);
    // AIRisk shows an unknown client or user only in the browser, and no redirect follows: ask first, so that the
    // person reads it here and at once. The rehearsal's own code is never used.
    const rehearsal = { deployment, redirectUri, userid, state: createState() };
    // Beside the response: where that has failed already, as after Escape, no browser is opened.
    await Promise.race([requestAuthorization(http, rehearsal, either), response]);
    const opened = open(authorizationRequestUrl({ deployment, redirectUri, userid, state })).catch(() => {
      // Without its cause: the host's words quote the address, and with it the state.
      throw new AiriskError('browser_not_opened');
    });
    await Promise.race([opened, aborted(either)]);
    const code = authorizationCode(await Promise.race([response, aborted(either)]));
    return await requestToken(http, { ...request, redirectUri, code }, either);
  } finally {
    clearTimeout(timer);
    ending.abort();
  }
}

/**
 * The same without a browser and without anybody: works where AIRisk redirects at once.
 * @param request what the token request needs may still be on its way while the code is asked for
 * @throws AiriskError, `not_silent` among them, and what `request` rejects with
 */
export async function signInSilently(
  http: Http,
  authorization: Omit<AuthorizationRequest, 'state'>,
  request: SignInRequest | Promise<SignInRequest>,
): Promise<Token> {
  const [code, rest] = await Promise.all([authorizeSilently(http, authorization), request]);
  return requestToken(http, { ...rest, ...authorization, code });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
