import type { Event } from 'vscode';

/**
 * What `activate()` of `airisk.airisk-authentication` returns. Metadata only: tokens come from
 * `vscode.authentication.getSession('airisk', …)`, where the user's consent is asked.
 *
 * Within `apiVersion` 1 members are added, never changed or removed.
 */
export interface AiriskAuthenticationApi {
  readonly apiVersion: 1;
  /** Everybody who is signed in, users before the application, also those whose token has expired. */
  sessions(): Promise<readonly AiriskSession[]>;
  /** The deployments that are configured. A scope `deployment:NAME` asks for a session of one by its name. */
  deployments(): readonly AiriskDeployment[];
  /**
   * Call it when AIRisk answered 401: the token is renewed without asking anybody, once for all who report it, and at
   * most every 30 seconds for one account.
   * @param accessToken the token that was rejected: one that came since is kept
   * @returns whether a different token is there; `getSession` gives it. If not, the session is `expired` and only the
   * user can sign in again, or it is `live`, and was renewed less than 30 seconds ago or AIRisk cannot be reached: try
   * later, and ask nobody
   */
  reportRejected(account: AiriskSession['account'], accessToken?: string): Promise<boolean>;
  /** Fires once for each change. */
  readonly onDidChangeSessions: Event<AiriskSessionsChangeEvent>;
  /** Fires when a deployment came, went or changed, and when this window uses a different one. */
  readonly onDidChangeDeployments: Event<void>;
}

/** A deployment as the user's settings name it. */
export interface AiriskDeployment {
  readonly name: string;
  /** The only scheme, host and port that its tokens may be sent to. */
  readonly origin: string;
  /** Whether it is the one that scopes without `deployment:NAME` mean in this window. */
  readonly inUse: boolean;
  /** Whether the user has marked it as one with real data. */
  readonly production: boolean;
}

/** What is known of one session, its token left out, at the time of the call or event. */
export interface AiriskSession {
  /** Empty for the generic session of the application itself. */
  readonly userid: string;
  /** The `account` of the `vscode.AuthenticationSession` that this describes. */
  readonly account: { readonly id: string; readonly label: string };
  /** The deployment: the only scheme, host and port that the token may be sent to. */
  readonly origin: string;
  /** The name of that deployment in the settings. */
  readonly deployment: string;
  /** When the token expires: epoch ms on the server's clock. */
  readonly expiration: number;
  /** Milliseconds until then, 0 when it has expired; right even when this computer's clock is not. */
  readonly expiresAfter: number;
  /**
   * `live`: the token can be used. `renewable`: it has expired, and `getSession` with `silent` tries to renew it.
   * `expired`: only the user can sign in again.
   */
  readonly state: 'live' | 'renewable' | 'expired';
}

/** Which sessions changed, and why. */
export interface AiriskSessionsChangeEvent {
  /** Also what had expired, and was renewed late. */
  readonly added: readonly AiriskSession[];
  /** The same sessions with another token. */
  readonly changed: readonly AiriskSession[];
  /** Also what has expired, which `sessions()` goes on to list. */
  readonly removed: readonly AiriskSession[];
  /**
   * `elsewhere`: in another window. `settings`: the deployments in the settings changed. Be ready for a reason that is not
   * listed here.
   */
  readonly reason: 'signIn' | 'renewal' | 'signOut' | 'expiry' | 'elsewhere' | 'settings';
}

/**
 * The `name` of an error that `getSession('airisk', …)` rejects with, the same in every language. VS Code's own errors
 * have others: `Canceled`, and `Error` for a person who did not consent.
 */
export type AiriskErrorName =
  | 'AiriskNotConfigured'
  | 'AiriskInvalidScopes'
  | 'AiriskUnknownDeployment'
  | 'AiriskWrongAccount'
  | 'AiriskSettingsChanged'
  | 'AiriskOffline'
  | 'AiriskUnavailable'
  | 'AiriskRefused'
  | 'AiriskTimedOut'
  | 'AiriskFailed';
