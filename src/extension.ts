import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { AiriskAuthenticationApi } from './api.ts';
import { findDeployment } from './core/diagnosis.ts';
import type { Http } from './core/oauth/http.ts';
import { setUpPath } from './core/oauth/setUpLink.ts';
import { createState } from './core/oauth/state.ts';
import { keyOf, type Session } from './core/sessions/session.ts';
import { createSessionLayer } from './core/sessions/sessionLayer.ts';
import { createTokenSource } from './core/sessions/tokenSource.ts';
import { hexDigest } from './node/seal.ts';
import { schemeOpener } from './node/uriScheme.ts';
import { createRedirects } from './parts/redirects.ts';
import { createWindowSecrets } from './parts/secrets.ts';
import { createTerminalAccess } from './parts/terminals.ts';
import {
  receiverFor,
  rehearseRedirect,
  silentRedirectUris,
  runsBesideBrowser,
} from './redirect/receivers.ts';
import { followChanges } from './vscode/changes.ts';
import { createSecretClipboard } from './vscode/commands/clipboard.ts';
import {
  type CommandParts,
  createCommands,
  registerCommands,
  renewWithCancel,
} from './vscode/commands/commands.ts';
import { setUpNamed } from './vscode/commands/deploymentCommands.ts';
import { registerTokenDetails } from './vscode/commands/tokenDetails.ts';
import { registerReports } from './vscode/diagnose/reportDocuments.ts';
import { createDeploymentChoice } from './vscode/deploymentChoice.ts';
import { createExportedApi } from './vscode/exportedApi.ts';
import { Heartbeat } from './vscode/heartbeat.ts';
import { createPersistentState } from './vscode/persistentState.ts';
import { AiriskAuthenticationProvider } from './vscode/provider.ts';
import { Questions } from './vscode/questions.ts';
import { createClientSecrets } from './vscode/secretStorage.ts';
import { watchSettings } from './vscode/settings.ts';
import { openEntry } from './vscode/setUp/deploymentEntry.ts';
import { firstMissing, setUp } from './vscode/setUp/setUp.ts';
import type { SetUpParts } from './vscode/setUp/setUpParts.ts';
import { createSetUpLinks } from './vscode/setUp/setUpLinks.ts';
import { createWelcome } from './vscode/setUp/welcome.ts';
import { chooseIdentity, chooseUser } from './vscode/signIn/chooseUser.ts';
import { answerInTime, ensureSetUp } from './vscode/signIn/ensureSetUp.ts';
import { signInForTests } from './vscode/signIn/signInForTests.ts';
import { SignIns } from './vscode/signIn/signIns.ts';
import { askToRenew } from './vscode/statusBar/renewalPrompt.ts';
import { keepTerminalAccess, registerTerminalProfile } from './vscode/terminal/terminalCommands.ts';

/** Builds the parts and wires them; nothing but registration happens before it returns. */
export function activate(context: vscode.ExtensionContext): AiriskAuthenticationApi {
  const { id, extensionKind, packageJSON } = context.extension;
  const log = vscode.window.createOutputChannel('AIRisk', { log: true });
  const now = Date.now;
  const ticket = createState();
  const documentKey = createState();
  const documentOf = (session: Session): string => hexDigest(`${documentKey} ${keyOf(session)}`);
  const folder = (name: string): string => vscode.Uri.joinPath(context.globalStorageUri, name).fsPath;

  // What is configured, remembered and kept secret. The settings listen first, so that all others read what is in force.
  const choice = createDeploymentChoice(context.workspaceState, context.globalState);
  const settings = watchSettings(context.subscriptions, hexDigest, choice.chosen);
  const state = createPersistentState(context.globalState, () => heartbeat.refresh());
  const secrets = createWindowSecrets(context, folder('windows'), log);
  const clientSecrets = createClientSecrets(secrets, state);
  const http = (): Http => ({ fetch, now, timeoutMs: settings.read().requestTimeoutSeconds * 1_000 });

  // The ways in which a code comes back.
  const questions = new Questions();
  const redirects = createRedirects(
    context.extension,
    folder('redirects'),
    questions,
    (redirectUri) => signIns.waitingAt(redirectUri),
    log,
  );
  const { receivers } = redirects;
  const { callback } = receivers;

  // Sessions, and the tokens that keep them alive.
  const { sessions, names, recentUsers, leases, tokenSource, dispose } = createSessionLayer({
    secrets,
    tokenSource: (store) =>
      createTokenSource({
        store,
        clientSecret: (deployment) => clientSecrets.get(deployment),
        tokenRequestFormat: (deployment) => settings.describe(deployment)?.tokenRequestFormat,
        redirectUris: (deployment) =>
          silentRedirectUris(settings.describe(deployment)?.redirectUri ?? '', receivers),
        http,
        now,
        onGenericTokenRefused: () => log.warn("AIRisk refused the application's token"),
      }),
    http,
    measureSkew: ({ origin }) => findDeployment(http(), origin),
    deployments: settings.deployments(),
    renewsSilently: () => settings.read().renewal === 'silent',
    isAttended: () => vscode.window.state.focused,
    warningMs: () => settings.read().expiryWarningMinutes * 60_000,
    jitter: Math.random(),
    now,
    monotonic: () => performance.now(),
    onDamaged: (key) => log.warn(`A stored session cannot be read; left as it is: ${key}`),
    onFailure: (error) =>
      log.warn(`A token was not renewed: ${error instanceof Error ? error.message : 'unknown error'}`),
    onActivity: () => heartbeat.refresh(),
  });

  // What people do.
  const setUpParts: SetUpParts = {
    questions,
    settings,
    drafts: new Map(),
    clientSecrets,
    http,
    redirects: {
      callback: callback.toString(),
      rehearse: (redirectUri) => rehearseRedirect(redirectUri, receivers),
      opener: async (signal) =>
        runsBesideBrowser(extensionKind) ? schemeOpener(callback.scheme, signal) : undefined,
    },
  };
  const signIns = new SignIns({
    sessions,
    names,
    tokenSource,
    settings,
    questions,
    http,
    receiverFor: (redirectUri) => receiverFor(redirectUri, receivers),
    log,
  });
  const terminalAccess = createTerminalAccess({
    context,
    folder: folder('terminal'),
    questions,
    sessions,
    settings,
    state,
    secrets,
    onDidChange: () => heartbeat.refresh(),
    now,
    log,
  });
  const clipboard = createSecretClipboard(state, hexDigest);
  const commandParts: CommandParts = {
    ...setUpParts,
    sessions,
    names,
    recentUsers,
    signIns,
    state,
    clipboard,
    terminalAccess,
    secretStore: secrets,
    ticket,
    documentOf,
    choice,
    ensureSetUp: (named) =>
      ensureSetUp(
        {
          settings,
          clientSecrets,
          setUp: async (name) => {
            const one = { ...setUpParts, entry: openEntry(settings, setUpParts.drafts, name) };
            return setUp(one, (await firstMissing(one)) ?? 'baseUrl', false);
          },
        },
        named,
      ),
    now,
    log,
    version: z.object({ version: z.string() }).parse(packageJSON).version,
  };

  // What other extensions get, and what is always on the screen.
  const questionMs = (): number => settings.read().signInTimeoutMinutes * 60_000;
  const provider = new AiriskAuthenticationProvider({
    sessions,
    settings,
    state,
    signIn: (target) => signIns.signIn(target),
    renew: async (target) =>
      settings.read().renewal === 'silent' && renewWithCancel({ sessions, settings }, target),
    // Set-up stays open when the caller has gone: what is typed in it counts all the same.
    ensureSetUp: (named) => answerInTime(commandParts.ensureSetUp(named), questionMs()),
    chooseUser: (deployment, wanted) => {
      const late = new AbortController();
      const choose = wanted === 'user' ? chooseUser : chooseIdentity;
      return answerInTime(choose(commandParts, deployment, late.signal), questionMs(), () => late.abort());
    },
    now,
    log,
  });
  const exported = createExportedApi(sessions, settings, now);
  const heartbeat: Heartbeat = new Heartbeat({
    sessions,
    leases,
    state,
    clientSecrets,
    settings,
    ticket,
    terminals: () => terminalAccess.isOpen,
    timers: { now, setTimeout, clearTimeout },
    askToRenew: (session) => askToRenew(session, settings),
    welcome: createWelcome({ state, settings, clientSecrets, extensionId: id, log }),
    log,
  });

  const followSetUpLink = createSetUpLinks({
    ...setUpParts,
    goOn: (name) => setUpNamed(commandParts, name, 'clientSecret'),
    monotonic: () => performance.now(),
    log,
  });

  context.subscriptions.push(
    log,
    choice,
    { dispose },
    redirects,
    questions,
    clipboard,
    provider,
    exported,
    heartbeat,
    vscode.authentication.registerAuthenticationProvider('airisk', 'AIRisk', provider, {
      supportsMultipleAccounts: true,
    }),
    vscode.window.registerUriHandler({
      handleUri: (uri) =>
        uri.path === setUpPath ? followSetUpLink(uri.query) : redirects.uriHandler.handleUri(uri),
    }),
    registerCommands(createCommands(commandParts), sessions, log),
    vscode.commands.registerCommand('airisk.signInForTests', (argument: unknown) =>
      signInForTests({ settings, clientSecrets, signIns }, argument),
    ),
    terminalAccess,
    registerTerminalProfile(terminalAccess),
    keepTerminalAccess(terminalAccess, sessions, settings, log),
    registerReports(),
    registerTokenDetails(sessions, settings, documentOf, now),
    followChanges({ ...commandParts, secrets, provider, exported, heartbeat }),
  );
  return exported.api;
}
