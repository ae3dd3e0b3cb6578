import type { Http } from '../../core/oauth/http.ts';
import type { ClientSecrets } from '../secretStorage.ts';
import type { Questions } from '../questions.ts';
import type { SettingsReader } from '../settings.ts';
import type { DeploymentEntry, EntryDrafts } from './deploymentEntry.ts';

/** What set-up reads and writes. */
export interface SetUpParts {
  readonly settings: SettingsReader;
  readonly drafts: EntryDrafts;
  readonly clientSecrets: ClientSecrets;
  readonly redirects: RedirectUris;
  readonly http: () => Http;
  readonly questions: Questions;
}

/** The same, for the deployment that is set up. */
export interface SetUpOfOne extends SetUpParts {
  readonly entry: DeploymentEntry;
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
   * @returns `undefined` when that is not known
   */
  readonly opener: (signal: AbortSignal) => Promise<string | undefined>;
}
