import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { AiriskError } from '../core/errors.ts';
import { type Deployment, deploymentOf, deploymentOrigin } from '../core/oauth/deployment.ts';

/** The settings `airisk.*`, valid: what does not fit falls back to the default that the manifest declares. */
export type Settings = z.infer<typeof Settings>;

const text = z.catch(z.string(), '');
const amount = (fallback: number, minimum: number, maximum: number) =>
  z.catch(z.number().check(z.gte(minimum), z.lte(maximum)), fallback);

const Settings = z.object({
  baseUrl: text,
  clientId: text,
  redirectUri: text,
  userid: text,
  tokenRequestFormat: z.catch(z.enum(['form', 'json']), 'form'),
  renewal: z.catch(z.enum(['silent', 'ask', 'off']), 'silent'),
  expiryWarningMinutes: amount(5, 0, 1440),
  statusBar: z.catch(z.enum(['always', 'signedIn', 'never']), 'always'),
  signInTimeoutMinutes: amount(5, 0.05, 60),
  requestTimeoutSeconds: amount(30, 1, 300),
});

/** Names of the settings that set-up writes. */
export type SetUpSetting = 'baseUrl' | 'clientId' | 'redirectUri';

/**
 * Reads the settings of the user. Values of a workspace are passed over even where the host would let them in:
 * a folder that could name the server could steal a token.
 */
export function readSettings(): Settings {
  const configuration = vscode.workspace.getConfiguration('airisk');
  const values = Object.keys(Settings.shape).map((name) => {
    const { globalValue, defaultValue } = configuration.inspect<unknown>(name) ?? {};
    return [name, globalValue ?? defaultValue];
  });
  return Settings.parse(Object.fromEntries(values));
}

/** Writes one setting of the user. */
export async function writeSetting(name: SetUpSetting, value: string): Promise<void> {
  await vscode.workspace.getConfiguration('airisk').update(name, value, vscode.ConfigurationTarget.Global);
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
