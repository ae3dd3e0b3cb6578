import * as vscode from 'vscode';
import type { AiriskAuthenticationApi } from './api.ts';
import { AiriskError } from './core/errors.ts';
import type { Deployment } from './core/oauth/deployment.ts';
import { lazily } from './core/schema.ts';
import { ClockCheck } from './core/sessions/clockCheck.ts';
import { Leases } from './core/sessions/leases.ts';
import { Renewals } from './core/sessions/renewals.ts';
import { Sessions } from './core/sessions/sessions.ts';
import { shareSecrets, windowsSecret } from './core/sessions/sharedSecrets.ts';
import { type SecretStore, SessionStore } from './core/sessions/store.ts';
import { folderChannel } from './node/folderChannel.ts';
import { hexDigest } from './node/seal.ts';
import { commandNames } from './vscode/commands/commandNames.ts';
import { createCurrentAccount } from './vscode/currentAccount.ts';
import { Heartbeat } from './vscode/heartbeat.ts';
import { createExportedApi } from './vscode/exportedApi.ts';
import { AiriskAuthenticationProvider } from './vscode/provider.ts';
import { registerReports } from './vscode/diagnose/reportDocuments.ts';
import { createClientSecrets, createSecretStore } from './vscode/secretStorage.ts';
import { configuredDeployment, type Settings, watchSettings } from './vscode/settings.ts';
import { clipboardPending, welcomed } from './vscode/persistentState.ts';
import { registerTokenDetails } from './vscode/commands/tokenDetails.ts';

/** Builds the parts and wires them; nothing but registration happens before it returns. */
export function activate(context: vscode.ExtensionContext): AiriskAuthenticationApi {
  const log = vscode.window.createOutputChannel('AIRisk', { log: true });
  const now = Date.now;
  // First of all listeners, so that the others read the settings that are in force.
  const readSettings = watchSettings(context.subscriptions);
  const secrets = windowSecrets(
    createSecretStore(context.secrets),
    vscode.Uri.joinPath(context.globalStorageUri, 'windows').fsPath,
    context.subscriptions,
    log,
  );
  const clientSecrets = createClientSecrets(secrets);
  const store = new SessionStore(secrets, (key) =>
    log.warn(`A stored session cannot be read; left as it is: ${key}`),
  );

  const leases = new Leases(secrets, now);
  const renewals = new Renewals({
    store,
    leases,
    now,
    jitter: Math.random(),
    warningMs: () => readSettings().expiryWarningMinutes * 60_000,
    requestTimeoutMs: () => readSettings().requestTimeoutSeconds * 1_000,
    requestToken: async (...request) => (await actions()).requestTokenSilently(...request),
    onFailure: (error) => {
      log.warn(`A token was not renewed: ${error instanceof Error ? error.message : 'unknown error'}`);
    },
    onActivity: () => heartbeat.refresh(),
  });
  const sessions = new Sessions({
    store,
    renewals,
    clockCheck: new ClockCheck({
      store,
      now,
      monotonic: () => performance.now(),
      measureSkew: async (of) => (await actions()).measureSkew(of),
    }),
    renewsSilently: () => readSettings().renewal === 'silent',
    now,
    deployment: currentDeployment(readSettings()),
  });
  const current = createCurrentAccount(context.globalState, () => heartbeat.refresh());
  const actions = lazily(async () => {
    const { createActions } = await import('./actions.ts').catch((error: unknown) => {
      log.error(error instanceof Error ? error : 'A file of the extension cannot be read');
      // VS Code shows it, or the extension that asked for a session gets it.
      throw new Error(
        vscode.l10n.t('AIRisk cannot read its own files. Reload the window or reinstall the extension.'),
      );
    });
    return createActions({
      context,
      sessions,
      current,
      secretStore: secrets,
      clientSecrets,
      readSettings,
      deploymentOf,
      now,
      log,
    });
  });
  const provider = new AiriskAuthenticationProvider({
    sessions,
    signIn: async (userid) => (await actions()).signIn(userid),
    chooseUserid: async () => (await actions()).chooseUserid(),
    currentUserid: () => current.get(sessions.deployment),
    renew: async (userid) => readSettings().renewal === 'silent' && (await actions()).renew(userid),
    errors: async () => (await actions()).errors,
    now,
    log,
  });
  const exported = createExportedApi(sessions, now);
  const heartbeat: Heartbeat = new Heartbeat({
    sessions,
    leases,
    current,
    clientSecrets,
    readSettings,
    timers: { now, setTimeout, clearTimeout },
    askToRenew: async (session) => (await actions()).askToRenew(session),
    // The first window with the focus decides, and Settings Sync carries that to the person's other computers.
    welcome: () => {
      if (vscode.window.state.focused && !context.globalState.get(welcomed)) {
        void actions().then(({ welcome }) => welcome());
      }
    },
    log,
  });

  context.subscriptions.push(
    log,
    store,
    sessions,
    provider,
    exported,
    heartbeat,
    vscode.authentication.registerAuthenticationProvider('airisk', 'AIRisk', provider, {
      supportsMultipleAccounts: true,
    }),
    vscode.window.registerUriHandler({ handleUri: async (uri) => (await actions()).handleUri(uri) }),
    ...commandNames.map((name) =>
      vscode.commands.registerCommand(`airisk.${name}`, async (argument: unknown) =>
        (await actions()).run(name, argument),
      ),
    ),
    vscode.commands.registerCommand('airisk.signInForTests', async (argument: unknown) =>
      (await actions()).signInForTests(argument),
    ),
    registerReports(),
    registerTokenDetails(sessions, async (session) => (await actions()).describeToken(session)),
    secrets.onDidChange((key) => {
      if (!key.startsWith('client:')) return;
      renewals.forgetFailures();
      heartbeat.refresh();
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration('airisk')) return;
      renewals.forgetFailures();
      // What cannot be read now is read when the window is used next.
      sessions
        .use(currentDeployment(readSettings()))
        .catch(() => log.warn('The stored sessions cannot be read'))
        .finally(() => heartbeat.refresh());
    }),
  );
  context.globalState.setKeysForSync([welcomed]);
  heartbeat.refresh();
  // A window that ended left a token on the clipboard.
  if (context.globalState.get(clipboardPending)) void actions();
  return exported.api;
}

/** Where VS Code runs in a browser, each window has a copy of all secrets; elsewhere they share them. */
function windowSecrets(
  secrets: SecretStore,
  folder: string,
  subscriptions: vscode.Disposable[],
  log: vscode.LogOutputChannel,
): SecretStore {
  if (vscode.env.uiKind !== vscode.UIKind.Web) return secrets;
  const channel = folderChannel(
    folder,
    () => windowsSecret(secrets),
    () => log.warn('Other windows are not heard at once: their folder or a secret for it cannot be had'),
  );
  const shared = shareSecrets(secrets, channel, Date.now);
  subscriptions.push(shared);
  return shared;
}

function currentDeployment(settings: Settings): Deployment | undefined {
  try {
    return deploymentOf(settings);
  } catch (error) {
    if (error instanceof AiriskError) return undefined;
    throw error;
  }
}

function deploymentOf(settings: Settings): Deployment {
  return configuredDeployment(settings, hexDigest);
}
