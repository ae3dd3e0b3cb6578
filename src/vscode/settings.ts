import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { AiriskError } from '../core/errors.ts';
import {
  type ConfiguredDeployment,
  defaultName,
  type EntryProblem,
  invalidEntry,
  isSameName,
  readDeployments,
} from '../core/oauth/configuredDeployments.ts';
import { type Deployment, deploymentOf, deploymentOrigin } from '../core/oauth/deployment.ts';
import { SettingAddress, SettingText, SettingUserid } from '../core/oauth/settingValues.ts';
import { lenient } from '../core/schema.ts';
import { plainText } from '../core/text.ts';
import type { ChosenDeployment } from './deploymentChoice.ts';

/** The settings `airisk.*`: what does not fit falls back to the default that the manifest declares. */
export const Settings = z.object({
  baseUrl: SettingAddress,
  clientId: SettingText,
  redirectUri: SettingAddress,
  userid: SettingUserid,
  tokenRequestFormat: lenient(z.enum(['form', 'json']), 'form'),
  // A slip must not hide that it is.
  production: z.pipe(
    z.optional(z.unknown()),
    z.transform((value) => (value ?? false) !== false),
  ),
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
  /** Why deployments are left out. The one called `default` is no problem while it is the only one: set-up asks for it. */
  readonly problems: () => readonly EntryProblem[];
  /**
   * Why the deployment of this name, in whatever case, is left out; `undefined` if it is valid or only its name is
   * reserved.
   */
  readonly problemOf: (name: string) => EntryProblem | undefined;
  /** A deployment as the settings describe it now; `undefined` when they do not any more. */
  readonly describe: (deployment: Pick<Deployment, 'key'>) => ConfiguredDeployment | undefined;
  /**
   * The deployment of this name, in whatever case.
   * @throws AiriskError `unknown_deployment`
   */
  readonly named: (name: string) => ConfiguredDeployment;
  /**
   * The deployment that this window uses: the chosen one, under whatever name it has now; `default`, else the first one,
   * when none was chosen. None while the chosen one is there and not valid. While it has left the settings, the first
   * one that is not for production.
   */
  readonly inUse: () => ConfiguredDeployment | undefined;
  /** The name of the chosen deployment while it has left the settings and others are there. */
  readonly absent: () => string | undefined;
  /** A deployment (the one in use), when its name is to be seen: there are more, or it is the production one. */
  readonly shown: (deployment?: Deployment) => ConfiguredDeployment | undefined;
  /**
   * The same as `inUse`, for what cannot be done without one.
   * @throws AiriskError `not_configured` when the address or client id of `default` is missing, `invalid_setting`,
   * `unknown_deployment` while the chosen one has left the settings
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
 * @param chosen the deployment that was chosen for this window, if one was
 */
export function watchSettings(
  subscriptions: vscode.Disposable[],
  sha256: (text: string) => string,
  chosen: () => ChosenDeployment | undefined,
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
  const find = (name: string): ConfiguredDeployment | undefined =>
    deployments().find((described) => isSameName(described.name, name));
  const named = (name: string): ConfiguredDeployment => {
    const found = find(name);
    if (found) return found;
    const names = deployments().map((described) => described.name);
    throw new AiriskError('unknown_deployment', { subject: plainText(name, 40), reason: names.join(', ') });
  };
  const wanted = (): string => chosen()?.name ?? defaultName;
  const problemOf = (name: string): EntryProblem | undefined => {
    if (deployments().some((described) => described.name === name)) return undefined;
    const problems = current().problems.filter(({ reason }) => reason !== 'reserved');
    const own = problems.find((problem) => problem.reason === 'map' || problem.name === name);
    return own ?? problems.find((problem) => isSameName(problem.name, name));
  };
  const known = (): ConfiguredDeployment | undefined =>
    deployments().find(({ key }) => key === chosen()?.key) ?? find(wanted());
  const absent = (): string | undefined =>
    known() || problemOf(wanted()) || deployments().length === 0 ? undefined : chosen()?.name;
  const inUse = (): ConfiguredDeployment | undefined => {
    const used = known();
    if (used) return used;
    const problem = problemOf(wanted());
    // One deployment under two names is used by the other name.
    if (problem) return find(problem.other ?? '');
    return chosen() ? deployments().find(({ production }) => !production) : deployments()[0];
  };
  return {
    read: () => current().settings,
    deployments,
    problems: () => current().problems,
    problemOf,
    describe,
    named,
    inUse,
    absent,
    shown: (deployment = inUse()) => {
      const described = deployment && describe(deployment);
      return described && (described.production || deployments().length > 1) ? described : undefined;
    },
    deployment: () => {
      const [used, left] = [inUse(), absent()];
      if (used) return used;
      if (left !== undefined) return named(left);
      if (isSameName(wanted(), defaultName) || !problemOf(wanted()))
        return defaultDeployment(current().settings, sha256);
      throw new AiriskError('invalid_setting', { subject: 'airisk.deployments' });
    },
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
  const map = vscode.workspace.getConfiguration('airisk').inspect<unknown>('deployments')?.globalValue;
  const read = (first?: ConfiguredDeployment) => readDeployments(first, map ?? {}, sha256);
  try {
    return { settings, ...read(defaultDeployment(settings, sha256)) };
  } catch (error) {
    if (!(error instanceof AiriskError)) throw error;
    const { deployments, problems } = read();
    const isBegun = settings.baseUrl !== '' || settings.clientId !== '';
    const isAlone = Object.keys(settings.deployments).length === 0;
    const own = isBegun && !isAlone ? [invalidEntry(defaultName, error)] : [];
    return { settings, deployments, problems: [...own, ...problems] };
  }
}

function defaultDeployment(settings: Settings, sha256: (text: string) => string): ConfiguredDeployment {
  const { redirectUri, userid, tokenRequestFormat, production } = settings;
  const rest = { redirectUri, userid, tokenRequestFormat, production };
  return { ...deploymentIn(settings, sha256), name: defaultName, ...rest };
}

function deploymentIn(
  { baseUrl, clientId }: Pick<Settings, 'baseUrl' | 'clientId'>,
  sha256: (text: string) => string,
): Deployment {
  if (!baseUrl) throw new AiriskError('not_configured', { subject: 'airisk.baseUrl' });
  return deploymentOf(deploymentOrigin(baseUrl), clientId, sha256);
}
