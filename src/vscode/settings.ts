import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { AiriskError } from '../core/errors.ts';
import { type Deployment, deploymentOf, deploymentOrigin } from '../core/oauth/deployment.ts';
import { SettingAddress, SettingText } from '../core/oauth/settingValues.ts';
import { lenient } from '../core/schema.ts';

/** The settings `airisk.*`: what does not fit falls back to the default that the manifest declares. */
export const Settings = z.object({
  baseUrl: SettingAddress,
  clientId: SettingText,
  redirectUri: SettingAddress,
  userid: SettingText,
  tokenRequestFormat: lenient(z.enum(['form', 'json']), 'form'),
  renewal: lenient(z.enum(['silent', 'ask', 'off']), 'silent'),
  expiryWarningMinutes: lenient(z.number().check(z.gte(0), z.lte(1440)), 5),
  statusBar: lenient(z.enum(['always', 'signedIn', 'never']), 'always'),
  signInTimeoutMinutes: lenient(z.number().check(z.gte(0.05), z.lte(60)), 5),
  terminal: lenient(z.enum(['profile', 'all', 'off']), 'profile'),
  requestTimeoutSeconds: lenient(z.number().check(z.gte(1), z.lte(300)), 30),
});

/** The settings of the user, valid. */
export type Settings = z.infer<typeof Settings>;

/** A deployment as the settings describe it. */
export interface ConfiguredDeployment extends Deployment {
  /** As registered with AIRisk; empty for the callback of this editor. */
  readonly redirectUri: string;
  /** The user to offer first; may be empty. */
  readonly userid: string;
  readonly tokenRequestFormat: 'form' | 'json';
}

/** The settings `airisk.*` and what they describe. */
export interface SettingsReader {
  readonly read: () => Settings;
  /** The deployments that can be used. */
  readonly deployments: () => readonly ConfiguredDeployment[];
  /** A deployment as the settings describe it now; `undefined` when they do not any more. */
  readonly describe: (deployment: Deployment) => ConfiguredDeployment | undefined;
  /**
   * The deployment that this window uses.
   * @throws AiriskError `not_configured` when its address or client id is missing, `invalid_setting`
   */
  readonly deployment: () => ConfiguredDeployment;
}

/**
 * Reads the settings of the user once, and again after each change: callers ask for every session of every call.
 * Values of a workspace are passed over even when the host would let them in: a folder that could name the server
 * could steal a token.
 * @param sha256 SHA-256 of a text in hex
 */
export function watchSettings(
  subscriptions: vscode.Disposable[],
  sha256: (text: string) => string,
): SettingsReader {
  let settings: Settings | undefined;
  const forget = (event: vscode.ConfigurationChangeEvent): void => {
    if (event.affectsConfiguration('airisk')) settings = undefined;
  };
  subscriptions.push(vscode.workspace.onDidChangeConfiguration(forget));
  const read = (): Settings => (settings ??= readSettings());
  const deployment = (): ConfiguredDeployment => describedDeployment(read(), sha256);
  const deployments = (): readonly ConfiguredDeployment[] => {
    try {
      return [deployment()];
    } catch (error) {
      if (error instanceof AiriskError) return [];
      throw error;
    }
  };
  return {
    read,
    deployment,
    deployments,
    describe: ({ key }) => deployments().find((described) => described.key === key),
  };
}

function readSettings(): Settings {
  const configuration = vscode.workspace.getConfiguration('airisk');
  const values = Object.keys(Settings.shape).map((name) => {
    const { globalValue, defaultValue } = configuration.inspect<unknown>(name) ?? {};
    return [name, globalValue ?? defaultValue];
  });
  return Settings.parse(Object.fromEntries(values));
}

function describedDeployment(
  { baseUrl, clientId, redirectUri, userid, tokenRequestFormat }: Settings,
  sha256: (text: string) => string,
): ConfiguredDeployment {
  if (!baseUrl) throw new AiriskError('not_configured', { subject: 'airisk.baseUrl' });
  const origin = deploymentOrigin(baseUrl);
  if (!clientId) throw new AiriskError('not_configured', { subject: 'airisk.clientId' });
  return {
    ...deploymentOf(origin, clientId, sha256),
    redirectUri,
    userid,
    tokenRequestFormat,
  };
}
