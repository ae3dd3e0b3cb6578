import { AiriskError, hasCode } from '../errors.ts';
import type { Deployment } from '../oauth/deployment.ts';
import type { Http } from '../oauth/http.ts';
import { type SignInRequest, signInSilently } from '../oauth/signIn.ts';
import type { Token } from '../oauth/tokenRequest.ts';
import { refusedSession, remainingMs } from './session.ts';
import type { SessionStore } from './store.ts';

/** What tokens are requested with. */
export interface TokenSourceParts {
  readonly store: SessionStore;
  readonly clientSecret: (deployment: Deployment) => Promise<string | undefined>;
  /** How a token request is written; `undefined` when the deployment is not configured any more. */
  readonly tokenRequestFormat: (deployment: Deployment) => 'form' | 'json' | undefined;
  /** The redirect URI that a sign-in would send now, and others that may be registered in its place. */
  readonly redirectUris: (deployment: Deployment) => Promise<readonly string[]>;
  readonly http: () => Http;
  /** Epoch ms. */
  readonly now: () => number;
  readonly onGenericTokenRefused: () => void;
}

/** Where tokens come from: what is configured and stored for a deployment, turned into requests. */
export interface TokenSource {
  /**
   * What a sign-in sends, the application's token beside it when that lives.
   * @throws AiriskError `not_configured`, `storage`
   */
  readonly request: (deployment: Deployment, userid: string) => Promise<SignInRequest>;
  /**
   * A token that AIRisk gives without asking anybody.
   * @throws AiriskError, `not_configured` and `not_silent` among them
   */
  readonly requestSilently: (deployment: Deployment, userid: string, signal?: AbortSignal) => Promise<Token>;
}

/** Makes the source of tokens; it knows no sessions, so that whoever keeps sessions alive can stand on it. */
export function createTokenSource(parts: TokenSourceParts): TokenSource {
  const { store, clientSecret, tokenRequestFormat, redirectUris, http, now } = parts;
  const request: TokenSource['request'] = async (deployment, userid) => {
    const [secret, generic] = await Promise.all([
      clientSecret(deployment),
      userid === '' ? undefined : store.get(deployment, '').catch(() => undefined),
    ]);
    const format = tokenRequestFormat(deployment);
    if (!format) throw new AiriskError('settings_changed');
    if (!secret) throw new AiriskError('not_configured');
    return {
      deployment,
      clientSecret: secret,
      userid,
      format,
      genericToken: generic && remainingMs(generic, now()) > 0 ? generic.accessToken : undefined,
      onGenericTokenRefused: async () => {
        parts.onGenericTokenRefused();
        if (generic) await store.replace(generic, refusedSession(generic)).catch(() => undefined);
      },
    };
  };
  return {
    request,
    requestSilently: async (deployment, userid, signal) => {
      const prepared = await request(deployment, userid);
      let first: unknown;
      for (const redirectUri of await redirectUris(deployment)) {
        try {
          return await signInSilently(http(), prepared, redirectUri, signal);
        } catch (error) {
          // An error page may say that the redirect URI is not registered; a page to log in is for a registered one.
          const isErrorPage = hasCode(error, 'not_silent') && (error.status ?? 0) >= 400;
          if (!isErrorPage && !hasCode(error, 'authorization_error')) throw error;
          first ??= error;
        }
      }
      throw first;
    },
  };
}
