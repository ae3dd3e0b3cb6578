import type { Event } from 'vscode';

/**
 * What `activate()` of `airisk.airisk-authentication` returns. Metadata only: tokens come from
 * `vscode.authentication.getSession('airisk', …)`, where the user's consent is asked.
 *
 * Within `apiVersion` 1 members are added, never changed or removed.
 */
export interface AiriskAuthenticationApi {
  readonly apiVersion: 1;
  /** The sessions that can be used now, users before the application, of the deployment in the settings. */
  sessions(): Promise<readonly AiriskSession[]>;
  /** Fires once for each change. */
  readonly onDidChangeSessions: Event<AiriskSessionsChangeEvent>;
}

/** What is known of one session, its token left out, at the time of the call or event. */
export interface AiriskSession {
  /** Empty for the generic session of the application itself. */
  readonly userid: string;
  /** The `account` of the `vscode.AuthenticationSession` that this describes. */
  readonly account: { readonly id: string; readonly label: string };
  /** The deployment: the only scheme, host and port that the token may be sent to. */
  readonly origin: string;
  /** When the token expires: epoch ms on the server's clock. */
  readonly expiration: number;
  /** Seconds until then, 0 when it has expired; right even where this computer's clock is not. */
  readonly expiresIn: number;
}

/** Which sessions changed, and why. */
export interface AiriskSessionsChangeEvent {
  readonly added: readonly AiriskSession[];
  /** The same sessions with another token. */
  readonly changed: readonly AiriskSession[];
  readonly removed: readonly AiriskSession[];
  /**
   * `elsewhere`: in another window. `settings`: another deployment was chosen. Be ready for a reason that is not
   * listed here.
   */
  readonly reason: 'signIn' | 'renewal' | 'signOut' | 'expiry' | 'elsewhere' | 'settings';
}
