import * as vscode from 'vscode';
import { AiriskError } from '../core/errors.ts';
import { type Deployment, deploymentOf, deploymentOrigin } from '../core/oauth/deployment.ts';
import { number, string } from '../core/schema.ts';

type Reader<T> = (value: unknown) => T;

const text: Reader<string> = (value) => string().safeParse(value).data ?? '';
const amount =
  (fallback: number, minimum: number, maximum: number): Reader<number> =>
  (value) => {
    const { data = fallback } = number().safeParse(value);
    return data >= minimum && data <= maximum ? data : fallback;
  };
const oneOf =
  <Value extends string>(fallback: Value, ...others: Value[]): Reader<Value> =>
  (value) =>
    others.find((other) => other === text(value)) ?? fallback;

const readers = {
  baseUrl: text,
  clientId: text,
  redirectUri: text,
  userid: text,
  tokenRequestFormat: oneOf('form', 'json'),
  renewal: oneOf('silent', 'ask', 'off'),
  expiryWarningMinutes: amount(5, 0, 1440),
  statusBar: oneOf('always', 'signedIn', 'never'),
  signInTimeoutMinutes: amount(5, 0.05, 60),
  requestTimeoutSeconds: amount(30, 1, 300),
};

/** The settings `airisk.*`, valid: what does not fit falls back to the default that the manifest declares. */
export type Settings = { readonly [Name in keyof typeof readers]: ReturnType<(typeof readers)[Name]> };

/**
 * Reads the settings of the user. Values of a workspace are passed over even where the host would let them in:
 * a folder that could name the server could steal a token.
 */
function readSettings(): Settings {
  const configuration = vscode.workspace.getConfiguration('airisk');
  const values = Object.entries(readers).map(([name, read]) => {
    const { globalValue, defaultValue } = configuration.inspect<unknown>(name) ?? {};
    return [name, read(globalValue ?? defaultValue)];
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- fromEntries forgets which name has which type
  return Object.fromEntries(values) as Settings;
}

/** Reads the settings once, and again after each change: callers ask for every session of every call. */
export function watchSettings(subscriptions: vscode.Disposable[]): () => Settings {
  let settings: Settings | undefined;
  const forget = (event: vscode.ConfigurationChangeEvent): void => {
    if (event.affectsConfiguration('airisk')) settings = undefined;
  };
  subscriptions.push(vscode.workspace.onDidChangeConfiguration(forget));
  return () => (settings ??= readSettings());
}

/**
 * The deployment that the settings name.
 * @throws AiriskError `not_configured` where address or client id is missing, `invalid_setting`
 */
export function configuredDeployment(settings: Settings, sha256: (text: string) => string): Deployment {
  const clientId = settings.clientId.trim();
  if (!settings.baseUrl.trim()) throw new AiriskError('not_configured', { subject: 'airisk.baseUrl' });
  const origin = deploymentOrigin(settings.baseUrl);
  if (!clientId) throw new AiriskError('not_configured', { subject: 'airisk.clientId' });
  return deploymentOf(origin, clientId, sha256);
}
