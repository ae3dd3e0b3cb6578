import type { Deployment } from '../../core/oauth/deployment.ts';
import type { Http } from '../../core/oauth/http.ts';
import type { ClientSecrets } from '../secretStorage.ts';
import type { Questions } from '../questions.ts';
import type { Settings } from '../settings.ts';

/** What set-up reads and writes. */
export interface SetUpParts {
  readonly readSettings: () => Settings;
  readonly deploymentOf: (settings: Settings) => Deployment;
  readonly clientSecrets: ClientSecrets;
  readonly redirects: RedirectUris;
  readonly http: () => Http;
  readonly questions: Questions;
}

/** What set-up and Diagnose know about redirect URIs. */
export interface RedirectUris {
  /** Stands for an empty setting. */
  readonly callback: string;
  /**
   * Makes ready to receive and gives up again at once.
   * @returns the redirect URI as a sign-in would send it
   * @throws AiriskError `invalid_setting`, `port_in_use`
   */
  readonly rehearse: (redirectUri: string) => Promise<string>;
  /**
   * What this computer opens the editor's addresses with; empty for nothing.
   * @returns `undefined` when that cannot be told
   */
  readonly opener: (signal: AbortSignal) => Promise<string | undefined>;
}
