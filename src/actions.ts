import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { findDeployment } from './core/diagnosis.ts';
import { AiriskError } from './core/errors.ts';
import type { Deployment } from './core/oauth/deployment.ts';
import type { Http } from './core/oauth/http.ts';
import { string } from './core/schema.ts';
import type { Session } from './core/sessions/session.ts';
import { LoopbackReceiver } from './node/loopback.ts';
import { receiverFor, type ReceiverParts, rehearseRedirect } from './redirect/receivers.ts';
import { hexDigest } from './node/seal.ts';
import { callbackUri, UriHandler } from './redirect/uriHandler.ts';
import { schemeOpener } from './node/uriScheme.ts';
import { WindowRelay } from './node/windowRelay.ts';
import { createSecretClipboard } from './vscode/commands/clipboard.ts';
import type { CommandName } from './vscode/commands/commandNames.ts';
import { chooseUserid, type CommandParts, createCommands } from './vscode/commands/commands.ts';
import { errorMessage, type ErrorWords, isCancellation, showError } from './vscode/errorMessages.ts';
import type { ProviderParts } from './vscode/provider.ts';
import { createRecentUsers, rememberRecentUsers } from './vscode/signIn/recentUsers.ts';
import { askToRenew } from './vscode/statusBar/renewalPrompt.ts';
import { firstMissing, setUp } from './vscode/setUp/setUp.ts';
import type { SetUpParts } from './vscode/setUp/setUpParts.ts';
import { inTime, renewCancellably, SignInFlow } from './vscode/signIn/signInFlow.ts';
import { signInForTests } from './vscode/signIn/signInForTests.ts';
import { describeToken } from './vscode/commands/tokenDescription.ts';
import { welcome } from './vscode/setUp/welcome.ts';

/** What is there from the start. */
export interface ActionParts extends Pick<
  CommandParts,
  'sessions' | 'current' | 'secretStore' | 'clientSecrets' | 'readSettings' | 'deploymentOf' | 'now' | 'log'
> {
  readonly context: vscode.ExtensionContext;
}

/** What people do, and what is done for them without their asking. */
export interface Actions extends Pick<ProviderParts, 'signIn' | 'chooseUserid' | 'renew'> {
  readonly run: (name: CommandName, argument: unknown) => Promise<void>;
  readonly signInForTests: (argument: unknown) => Promise<void>;
  readonly handleUri: (uri: vscode.Uri) => void;
  readonly requestTokenSilently: SignInFlow['requestTokenSilently'];
  /** Server clock minus this computer's clock, ms. */
  readonly measureSkew: (deployment: Deployment) => Promise<number>;
  readonly askToRenew: (session: Session) => Promise<void>;
  readonly describeToken: (session: Session | undefined) => string;
  readonly welcome: () => void;
  readonly errors: ErrorWords;
}

/**
 * Builds and wires what a window needs only once somebody uses it or a token is to be renewed: this file and what only
 * it imports is read then.
 */
export function createActions(parts: ActionParts): Actions {
  const { context, sessions, clientSecrets, readSettings, now, log } = parts;
  const { id, extensionKind, packageJSON } = context.extension;
  const http = (): Http => ({ fetch, now, timeoutMs: readSettings().requestTimeoutSeconds * 1_000 });
  const callback = callbackUri(id);
  const relay = new WindowRelay(vscode.Uri.joinPath(context.globalStorageUri, 'redirects').fsPath);
  const stateMissing = (): void => void showError(log, new AiriskError('state_missing'));
  const uriHandler = new UriHandler(
    callback,
    (response) => {
      relay.send(response).then(
        (sent) =>
          log.info(sent ? 'Handed a redirect to another window' : 'Ignored a redirect nobody waits for'),
        () => log.warn('A redirect could not be handed to another window: its folder cannot be written'),
      );
    },
    stateMissing,
  );
  const receiverParts: ReceiverParts = {
    callback,
    uriHandler: relay.listen(uriHandler),
    loopback: (redirectUri) =>
      new LoopbackReceiver(
        redirectUri,
        {
          language: vscode.env.language,
          title: vscode.l10n.t('Return to VS Code'),
          body: vscode.l10n.t('Your AIRisk sign-in continues there. You can close this tab.'),
        },
        stateMissing,
      ),
    extensionKind,
  };
  const setUpParts: SetUpParts = {
    readSettings,
    deploymentOf: parts.deploymentOf,
    clientSecrets,
    http,
    redirects: {
      callback: callback.toString(),
      rehearse: (redirectUri) => rehearseRedirect(redirectUri, receiverParts),
      // In a remote window this is not the computer with the browser.
      opener: async (signal) =>
        vscode.env.remoteName === undefined ? schemeOpener(callback.scheme, signal) : undefined,
    },
  };
  const flow = new SignInFlow({
    ...setUpParts,
    sessions,
    callback: callback.toString(),
    receiverFor: (redirectUri) => receiverFor(redirectUri, receiverParts),
    setUp: async () => setUp(setUpParts, (await firstMissing(setUpParts)) ?? 'baseUrl', false),
    log,
  });
  const recentUsers = createRecentUsers(context.globalState);
  const clipboard = createSecretClipboard(context.globalState, hexDigest);
  const { version } = z.object({ version: string() }).parse(packageJSON);
  const commandParts: CommandParts = { ...parts, ...setUpParts, flow, recentUsers, clipboard, version };
  context.subscriptions.push(relay, clipboard, rememberRecentUsers(sessions, recentUsers));

  const patienceMs = (): number => readSettings().signInTimeoutMinutes * 60_000;
  // Set-up stays open when the caller has gone: what is typed in it counts all the same.
  const configured = (): Promise<unknown> => inTime(flow.configuration(), patienceMs());
  return {
    run: createCommands(commandParts),
    signInForTests: (argument) => signInForTests(commandParts, argument),
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
    renew: (userid) => renewCancellably(sessions, userid),
    handleUri: (uri) => uriHandler.handleUri(uri),
    requestTokenSilently: (...request) => flow.requestTokenSilently(...request),
    measureSkew: ({ origin }) => findDeployment(http(), origin),
    askToRenew: (session) => askToRenew(session, () => sessions.deployment),
    describeToken: (session) => describeToken(session, now()),
    welcome: () => welcome(parts),
    errors: { errorMessage, isCancellation, showError },
  };
}
