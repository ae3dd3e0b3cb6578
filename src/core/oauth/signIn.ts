import { aborted } from '../abort.ts';
import { AiriskError, hasCode } from '../errors.ts';
import { authorizationRequestUrl, authorizeSilently, refusal } from './authorizationRequest.ts';
import { authorizationCode, type AuthorizationResponse } from './authorizationResponse.ts';
import { createState } from './state.ts';
import type { Http } from './http.ts';
import { requestToken, type Token, type TokenRequest } from './tokenRequest.ts';

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
  /** The response with our state. May reject when waiting is no use; need not settle after an abort. */
  readonly response: Promise<AuthorizationResponse>;
  /** True when a person hands the response over: nobody else can have made one without a state. */
  readonly fromPerson?: true;
  /** Lets a person hand the response over who sees where the browser ends; resolves when they have, or have left. */
  readonly paste?: () => Promise<void>;
  /** False when nobody here gets the redirect: only what AIRisk answers at once has a code then. */
  readonly isReceived?: false;
  /** False when the browser probably does not find the redirect URI. */
  readonly isReachable?: boolean;
}

/** A sign-in that is ready for its browser. */
export interface Opening {
  /** The authorization request. */
  readonly url: string;
  /** True when AIRisk has just redirected the same request at once: it needs no browser. */
  readonly isSilent: boolean;
  readonly expected: ExpectedRedirect;
}

/** What one sign-in is for and with. */
export interface SignInRequest extends Omit<TokenRequest, 'redirectUri' | 'code'> {
  /** Called when AIRisk has refused the generic token, and it was not the client that it refused. */
  readonly onGenericTokenRefused?: () => Promise<void>;
}

/** Where a sign-in meets the world. */
interface SignInPorts {
  readonly http: Http;
  readonly receiver: RedirectReceiver;
  /** Opens the authorization request in the browser. */
  readonly open: (opening: Opening) => Promise<unknown>;
  readonly timeoutMs: number;
}

/**
 * One sign-in from request to token: authorization request, redirect, token request (RFC 6749 §4.1). When AIRisk
 * refuses the generic token, once more without it: silently, else through the browser again.
 * @throws AiriskError, `sign_in_timeout` among them; `AbortError` when `signal` aborts. Whatever the end, nothing
 * waits for the redirect any more.
 */
export async function signIn(
  request: SignInRequest,
  ports: SignInPorts,
  signal: AbortSignal,
): Promise<Token> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(new AiriskError('sign_in_timeout')), ports.timeoutMs);
  const either = AbortSignal.any([signal, timeout.signal]);
  try {
    return await withoutRefusedToken(request, (attempt, again) => signInOnce(attempt, ports, either, again));
  } finally {
    clearTimeout(timer);
  }
}

async function signInOnce(
  request: SignInRequest,
  { http, receiver, open }: SignInPorts,
  signal: AbortSignal,
  again: boolean,
): Promise<Token> {
  const { deployment, userid } = request;
  const ending = new AbortController();
  const either = AbortSignal.any([signal, ending.signal]);
  try {
    either.throwIfAborted();
    const state = createState();
    const expected = await Promise.race([receiver.begin(state, either), aborted(either)]);
    const { redirectUri, response, fromPerson, isReceived = true } = expected;
    response.catch(() => undefined);
    // AIRisk shows an unknown client or user only in the browser, and no redirect follows: ask first, so that the
    // person reads it here and at once. Only a second attempt uses the code that this may give, and a sign-in that no
    // browser could bring one.
    const asked = { deployment, redirectUri, userid };
    const rehearsal = authorizeSilently(http, asked, either).catch((error: unknown) => {
      // Without a state nothing but a person's paste would be taken, and the browser would wait in vain.
      if (!hasCode(error, 'not_silent') && !(fromPerson && hasCode(error, 'state_missing'))) throw error;
      // What AIRisk says to the browser, nobody here would get.
      if (!isReceived && error.reason) throw refusal(error, asked);
    });
    // Beside the response: when that has failed already, as after Escape, no browser is opened.
    const rehearsed = await Promise.race([rehearsal, response]);
    let code = (again || !isReceived) && typeof rehearsed === 'string' ? rehearsed : '';
    if (!code) {
      if (!isReceived)
        throw new AiriskError('invalid_setting', { subject: 'airisk.redirectUri', reason: 'elsewhere' });
      const url = authorizationRequestUrl({ deployment, redirectUri, userid, state });
      const opened = open({ url, isSilent: typeof rehearsed === 'string', expected }).catch(() => {
        // Without its cause: the host's words quote the address, and with it the state.
        throw new AiriskError('browser_not_opened');
      });
      await Promise.race([opened, aborted(either)]);
      code = authorizationCode(await Promise.race([response, aborted(either)]));
    }
    return await requestToken(http, { ...request, redirectUri, code }, either);
  } finally {
    ending.abort();
  }
}

/**
 * The same without a browser and without anybody: works when AIRisk redirects at once.
 * @throws AiriskError, `not_silent` among them; `AbortError` when `signal` aborts
 */
export async function signInSilently(
  http: Http,
  request: SignInRequest,
  redirectUri: string,
  signal?: AbortSignal,
): Promise<Token> {
  const { deployment, userid } = request;
  return withoutRefusedToken(request, async (attempt) => {
    const code = await authorizeSilently(http, { deployment, redirectUri, userid }, signal);
    return requestToken(http, { ...attempt, redirectUri, code }, signal);
  });
}

/**
 * Attempts a sign-in, and when AIRisk refuses the generic token, once more without it: from the start, since the
 * code is spent.
 * @throws AiriskError `generic_token_refused` when nobody could be asked again, and what the last attempt throws
 */
async function withoutRefusedToken(
  request: SignInRequest,
  attempt: (request: SignInRequest, again: boolean) => Promise<Token>,
): Promise<Token> {
  try {
    return await attempt(request, false);
  } catch (refused) {
    if (!hasCode(refused, 'generic_token_refused')) throw refused;
    let failure: unknown;
    try {
      return await attempt({ ...request, genericToken: undefined }, true);
    } catch (error) {
      failure = error;
      throw hasCode(error, 'not_silent', 'sign_in_timeout', 'browser_not_opened') ? refused : error;
    } finally {
      // Refused with the token and without: it is the client, and the token may be as good as before.
      if (!hasCode(failure, 'invalid_client')) await request.onGenericTokenRefused?.();
    }
  }
}
