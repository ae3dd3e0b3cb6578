import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { AiriskError } from '../core/errors.ts';
import {
  type ConfiguredDeployment,
  defaultName,
  type EntryProblem,
  isSameName,
  readDeployments,
} from '../core/oauth/configuredDeployments.ts';
import { type Deployment, deploymentOf, deploymentOrigin } from '../core/oauth/deployment.ts';
import { SettingAddress, SettingText } from '../core/oauth/settingValues.ts';
import { lenient } from '../core/schema.ts';
import { plainText } from '../core/text.ts';

/** The settings `airisk.*`: what does not fit falls back to the default that the manifest declares. */
export const Settings = z.object({
  baseUrl: SettingAddress,
  clientId: SettingText,
  redirectUri: SettingAddress,
  userid: SettingText,
  tokenRequestFormat: lenient(z.enum(['form', 'json']), 'form'),
  deployments: lenient(z.record(z.string(), z.unknown()), {}),
  renewal: lenient(z.enum(['silent', 'ask', 'off']), 'silent'),
  expiryWarningMinutes: lenient(z.number().check(z.gte(0), z.lte(1440)), 5),
  statusBar: lenient(z.enum(['always', 'signedIn', 'never']), 'always'),
  signInTimeoutMinutes: lenient(z.number().check(z.gte(0.05), z.lte(60)), 5),
  terminal: lenient(z.enum(['profile', 'all', 'off']), 'profile'),
  requestTimeoutSeconds: lenient(z.number().check(z.gte(1), z.lte(300)), 30),
});

/** The settings of the user, valid. */
export type Settings = z.infer<typeof Settings>;

/** The settings `airisk.*` and what they describe. */
export interface SettingsReader {
  readonly read: () => Settings;
  /** The deployments that can be used, the one called `default` first. */
  readonly deployments: () => readonly ConfiguredDeployment[];
  /** Why entries of `airisk.deployments` are left out. */
  readonly problems: () => readonly EntryProblem[];
  /** A deployment as the settings describe it now; `undefined` when they do not any more. */
  readonly describe: (deployment: Deployment) => ConfiguredDeployment | undefined;
  /**
   * The deployment of a name, in any letters.
   * @throws AiriskError `unknown_deployment`
   */
  readonly named: (name: string) => ConfiguredDeployment;
  /** The deployment that this window uses: the chosen one as long as it is configured, else the first one. */
  readonly inUse: () => ConfiguredDeployment | undefined;
  /** A deployment (the one in use), when its name is to be seen: there are more, or it is the production one. */
  readonly shown: (deployment?: Deployment) => ConfiguredDeployment | undefined;
  /**
   * The same as `inUse`, for what cannot be done without one.
   * @throws AiriskError `not_configured` when the address or client id of the first one is missing, `invalid_setting`
   */
  readonly deployment: () => ConfiguredDeployment;
  /**
   * The deployment that an address and a client id make.
   * @throws AiriskError `not_configured`, `invalid_setting`
   */
  readonly deploymentOf: (values: Pick<Settings, 'baseUrl' | 'clientId'>) => Deployment;
}

interface Configured {
  readonly settings: Settings;
  readonly deployments: readonly ConfiguredDeployment[];
  readonly problems: readonly EntryProblem[];
}

/**
 * Reads the settings of the user once, and again after each change: callers ask for every session of every call.
 * Values of a workspace are passed over even when the host would let them in: a folder that could name the server
 * could steal a token.
 * @param sha256 SHA-256 of a text in hex
 * @param chosenName the name of the deployment that was chosen for this window, if one was
 */
export function watchSettings(
  subscriptions: vscode.Disposable[],
  sha256: (text: string) => string,
  chosenName: () => string | undefined,
): SettingsReader {
  let configured: Configured | undefined;
  const forget = (event: vscode.ConfigurationChangeEvent): void => {
    if (event.affectsConfiguration('airisk')) configured = undefined;
  };
  subscriptions.push(vscode.workspace.onDidChangeConfiguration(forget));
  const current = (): Configured => (configured ??= configuredBy(readSettings(), sha256));
  const deployments = (): readonly ConfiguredDeployment[] => current().deployments;
  const describe: SettingsReader['describe'] = ({ key }) =>
    deployments().find((described) => described.key === key);
  const inUse = (): ConfiguredDeployment | undefined => {
    const name = chosenName();
    const isChosen = (described: ConfiguredDeployment): boolean =>
      name !== undefined && isSameName(described.name, name);
    return deployments().find(isChosen) ?? deployments()[0];
  };
  return {
    read: () => current().settings,
    deployments,
    problems: () => current().problems,
    describe,
    named: (name) => {
      const found = deployments().find((described) => isSameName(described.name, name));
      if (found) return found;
      const names = deployments().map((described) => described.name);
      throw new AiriskError('unknown_deployment', { subject: plainText(name, 40), reason: names.join(', ') });
    },
    inUse,
    shown: (deployment = inUse()) => {
      const described = deployment && describe(deployment);
      return described && (described.production || deployments().length > 1) ? described : undefined;
    },
    deployment: () => inUse() ?? defaultDeployment(current().settings, sha256),
    deploymentOf: (values) => deploymentIn(values, sha256),
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

function configuredBy(settings: Settings, sha256: (text: string) => string): Configured {
  let first: ConfiguredDeployment | undefined;
  try {
    first = defaultDeployment(settings, sha256);
  } catch (error) {
    if (!(error instanceof AiriskError)) throw error;
  }
  const map = vscode.workspace.getConfiguration('airisk').inspect<unknown>('deployments')?.globalValue;
  return { settings, ...readDeployments(first, map ?? {}, sha256) };
}

function defaultDeployment(settings: Settings, sha256: (text: string) => string): ConfiguredDeployment {
  const { redirectUri, userid, tokenRequestFormat } = settings;
  const rest = { redirectUri, userid, tokenRequestFormat, production: false };
  return { ...deploymentIn(settings, sha256), name: defaultName, ...rest };
}

function deploymentIn(
  { baseUrl, clientId }: Pick<Settings, 'baseUrl' | 'clientId'>,
  sha256: (text: string) => string,
): Deployment {
  if (!baseUrl) throw new AiriskError('not_configured', { subject: 'airisk.baseUrl' });
  const origin = deploymentOrigin(baseUrl);
  if (!clientId) throw new AiriskError('not_configured', { subject: 'airisk.clientId' });
  return deploymentOf(origin, clientId, sha256);
}
