import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { AiriskAuthenticationApi } from './api.ts';
import { AiriskError } from './core/errors.ts';
import { findDeployment } from './core/diagnosis.ts';
import type { Deployment } from './core/oauth/deployment.ts';
import type { Http } from './core/oauth/http.ts';
import { lazily, string } from './core/schema.ts';
import { ClockCheck } from './core/session/clockCheck.ts';
import { Leases } from './core/session/lease.ts';
import { Renewals } from './core/session/renewals.ts';
import { Sessions } from './core/session/sessions.ts';
import { shareSecrets, windowsSecret } from './core/session/sharedSecrets.ts';
import { type SecretStore, SessionStore } from './core/session/store.ts';
import { folderChannel } from './redirect/folderChannel.ts';
import { receiverFor, rehearseRedirect } from './redirect/receivers.ts';
import { redirectKind } from './redirect/redirectKind.ts';
import { sha256 } from './redirect/seal.ts';
import { callbackUri, UriHandler } from './redirect/uriHandler.ts';
import { schemeOpener } from './redirect/uriScheme.ts';
import { WindowRelay } from './redirect/windowRelay.ts';
import { type CommandParts, chooseUserid, registerCommands } from './vscode/commands.ts';
import { createSecretClipboard } from './vscode/clipboard.ts';
import { createCurrentAccount } from './vscode/currentAccount.ts';
import { registerReports } from './vscode/diagnose.ts';
import { Display } from './vscode/display.ts';
import { createExportedApi } from './vscode/exportedApi.ts';
import { AiriskAuthenticationProvider } from './vscode/provider.ts';
import { createRecentUsers, rememberRecentUsers } from './vscode/recentUsers.ts';
import { createClientSecrets, createSecretStore } from './vscode/secrets.ts';
import { configuredDeployment, type Settings, watchSettings } from './vscode/settings.ts';
import { firstMissing, setUp, type SetUpParts } from './vscode/setUp.ts';
import { inTime, renewCancellably, SignInFlow } from './vscode/signInFlow.ts';
import { registerTestSignIn } from './vscode/testSignIn.ts';
import { registerTokenDetails } from './vscode/tokenDetails.ts';
import { createWelcome } from './vscode/welcome.ts';

const Manifest = lazily(() => z.object({ version: string() }));

/** Builds the parts and wires them; nothing but registration happens before it returns. */
export function activate(context: vscode.ExtensionContext): AiriskAuthenticationApi {
  const log = vscode.window.createOutputChannel('AIRisk', { log: true });
  const now = Date.now;
  // First of all listeners, so that the others read the settings that are in force.
  const readSettings = watchSettings(context.subscriptions);
  const http = (): Http => ({ fetch, now, timeoutMs: readSettings().requestTimeoutSeconds * 1_000 });
  const folder = (name: string): string => vscode.Uri.joinPath(context.globalStorageUri, name).fsPath;
  const secrets = windowSecrets(
    createSecretStore(context.secrets),
    folder('windows'),
    context.subscriptions,
    log,
  );
  const clientSecrets = createClientSecrets(secrets);
  const store = new SessionStore(secrets, (key) =>
    log.warn(`A stored session cannot be read; left as it is: ${key}`),
  );

  const callback = callbackUri(context.extension.id);
  const relay = new WindowRelay(folder('redirects'));
  const uriHandler = new UriHandler(callback, (response) => {
    relay.send(response).then(
      (sent) =>
        log.info(sent ? 'Handed a redirect to another window' : 'Ignored a redirect nobody waits for'),
      () => log.warn('A redirect could not be handed to another window: its folder cannot be written'),
    );
  });

  const leases = new Leases(secrets, now);
  const renewals = new Renewals({
    store,
    leases,
    now,
    jitter: Math.random(),
    warningMs: () => readSettings().expiryWarningMinutes * 60_000,
    requestToken: (deployment, userid, allowed) => flow.requestTokenSilently(deployment, userid, allowed),
    onFailure: (error) => {
      log.warn(`A token was not renewed: ${error instanceof Error ? error.message : 'unknown error'}`);
    },
    onActivity: () => display.refresh(),
  });
  const sessions = new Sessions({
    store,
    renewals,
    clockCheck: new ClockCheck({
      store,
      now,
      monotonic: () => performance.now(),
      measureSkew: ({ origin }) => findDeployment(http(), origin),
    }),
    renewsSilently: () => readSettings().renewal === 'silent',
    now,
    deployment: currentDeployment(readSettings()),
  });
  const current = createCurrentAccount(context.globalState, () => display.refresh());
  const recentUsers = createRecentUsers(context.globalState);
  const clipboard = createSecretClipboard(context.globalState, hexDigest);

  const { extensionKind } = context.extension;
  const receiverParts = { callback: callback.toString(), uriHandler, relay, extensionKind };
  const setUpParts: SetUpParts = {
    readSettings,
    deploymentOf,
    clientSecrets,
    http,
    redirects: {
      callback: callback.toString(),
      kindOf: (redirectUri) => redirectKind(redirectUri, callback.toString()),
      rehearse: (redirectUri) => rehearseRedirect(redirectUri, callback),
      // In a remote window this is not the computer with the browser.
      opener: async (signal) =>
        vscode.env.remoteName === undefined ? schemeOpener(callback.scheme, signal) : undefined,
    },
  };
  const flow: SignInFlow = new SignInFlow({
    ...setUpParts,
    sessions,
    callback: callback.toString(),
    receiverFor: (redirectUri) => receiverFor(redirectUri, receiverParts),
    setUp: async () => setUp(setUpParts, (await firstMissing(setUpParts)) ?? 'baseUrl', false),
    log,
  });
  const commandParts: CommandParts = {
    ...setUpParts,
    sessions,
    flow,
    current,
    recentUsers,
    clipboard,
    now,
    log,
    secretStore: secrets,
    version: Manifest().parse(context.extension.packageJSON).version,
  };
  const patienceMs = (): number => readSettings().signInTimeoutMinutes * 60_000;
  // Set-up stays open when the caller has gone: what is typed in it counts all the same.
  const configured = (): Promise<unknown> => inTime(flow.configuration(), patienceMs());
  const provider = new AiriskAuthenticationProvider({
    sessions,
    signIn: async (userid) => {
      await configured();
      return flow.signIn(userid);
    },
    chooseUserid: async () => {
      await configured();
      return inTime(chooseUserid(commandParts), patienceMs(), () => {
        void vscode.commands.executeCommand('workbench.action.closeQuickOpen');
      });
    },
    currentUserid: () => current.get(sessions.deployment),
    renew: async (userid) => readSettings().renewal === 'silent' && renewCancellably(sessions, userid),
    now,
    log,
  });
  const exported = createExportedApi(sessions, now);
  const display: Display = new Display({
    sessions,
    leases,
    current,
    clientSecrets,
    readSettings,
    timers: { now, setTimeout, clearTimeout },
    welcome: createWelcome({
      state: context.globalState,
      walkthrough: `${context.extension.id}#getStarted`,
      readSettings,
      log,
    }),
    log,
  });

  context.subscriptions.push(
    log,
    store,
    relay,
    sessions,
    provider,
    exported,
    display,
    clipboard,
    vscode.authentication.registerAuthenticationProvider('airisk', 'AIRisk', provider, {
      supportsMultipleAccounts: true,
    }),
    vscode.window.registerUriHandler(uriHandler),
    registerCommands(commandParts),
    registerReports(),
    registerTestSignIn(commandParts),
    registerTokenDetails(sessions, now),
    rememberRecentUsers(sessions, recentUsers),
    secrets.onDidChange((key) => {
      if (!key.startsWith('client:')) return;
      renewals.forgetFailures();
      display.refresh();
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration('airisk')) return;
      renewals.forgetFailures();
      // What cannot be read now is read when the window is used next.
      sessions
        .use(currentDeployment(readSettings()))
        .catch(() => log.warn('The stored sessions cannot be read'))
        .finally(() => display.refresh());
    }),
  );
  display.refresh();
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

function hexDigest(text: string): string {
  return sha256(text).toString('hex');
}
