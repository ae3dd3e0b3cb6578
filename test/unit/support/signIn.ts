import type { AuthorizationResponse } from '../../../src/core/oauth/authorizationResponse.ts';
import type { Token } from '../../../src/core/oauth/tokenRequest.ts';
import {
  type ExpectedRedirect,
  type Opening,
  type RedirectReceiver,
  signIn,
  type SignInRequest,
} from '../../../src/core/oauth/signIn.ts';
import { callback, deploymentAt, http, inOneHour } from './airisk.ts';
import { type Answer, reply, replyJson } from './server.ts';

/** A receiver that a test hands the redirect to. */
export class FakeReceiver implements RedirectReceiver {
  readonly begun: { readonly state: string; readonly signal: AbortSignal }[] = [];
  #resolve: (response: AuthorizationResponse) => void = () => undefined;
  #reject: (reason: Error) => void = () => undefined;

  begin(state: string, signal: AbortSignal): Promise<ExpectedRedirect> {
    this.begun.push({ state, signal });
    const response = new Promise<AuthorizationResponse>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    return Promise.resolve({ redirectUri: callback, response });
  }

  redirectWith(response: Partial<AuthorizationResponse>): void {
    const nothing = { code: undefined, error: undefined, errorDescription: undefined };
    this.#resolve({ ...nothing, state: this.begun[0]?.state, ...response });
  }

  fail(reason: Error): void {
    this.#reject(reason);
  }
}

/** AIRisk as documented: redirects at once with a code, and gives a token for any. */
export function aDeployment({ authorize, token }: { authorize?: Answer; token?: Answer } = {}): Answer {
  return (response, request) => {
    const { searchParams } = new URL(request.url, 'http://127.0.0.1');
    const location = `${searchParams.get('redirect_uri')}?code=at-once&state=${searchParams.get('state')}`;
    const redirect = authorize ?? reply(302, 'text/plain', '', { location });
    const grant = token ?? replyJson({ access_token: 'token', expiration: inOneHour() });
    return (request.method === 'GET' ? redirect : grant)(response, request);
  };
}

export interface SceneOptions {
  readonly receiver?: FakeReceiver;
  /** What the browser does; by default the redirect comes at once, with the code `the-code`. */
  readonly browse?: (receiver: FakeReceiver) => unknown;
  readonly timeoutMs?: number;
  readonly request?: Partial<SignInRequest>;
}

/** A sign-in that is under way. */
export interface Scene {
  readonly receiver: FakeReceiver;
  /** The addresses that the browser was given. */
  readonly opened: readonly string[];
  readonly cancel: () => void;
  readonly result: Promise<Token>;
}

/** Starts a sign-in at an origin. */
export function startSignIn(
  origin: string,
  options: SceneOptions = {},
  controller = new AbortController(),
): Scene {
  const { receiver = new FakeReceiver(), timeoutMs = 10_000, request } = options;
  const { browse = () => receiver.redirectWith({ code: 'the-code' }) } = options;
  const opened: string[] = [];
  const open = async ({ url }: Opening): Promise<unknown> => {
    opened.push(url);
    return await browse(receiver);
  };
  const result = signIn(
    {
      deployment: deploymentAt(origin),
      clientSecret: 's3cret',
      userid: 'user_42',
      format: 'form',
      ...request,
    },
    { http, receiver, open, timeoutMs },
    controller.signal,
  );
  return { receiver, opened, cancel: () => controller.abort(), result };
}
