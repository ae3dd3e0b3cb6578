import * as vscode from 'vscode';
import type { AiriskAuthenticationApi } from '../../../src/api.ts';
import { clientId, clientSecret, type EmulatorControl } from './index.ts';

type Account = vscode.AuthenticationSessionAccountInformation;

const { authentication, commands, workspace } = vscode;
const getSession = authentication.getSession.bind(authentication);

/** What a renewal takes at most that needs no browser. */
const mostRenewalMs = 10_000;

/**
 * Signs in to an emulator without a browser and without a person, and sets the settings for it.
 * @param userid '' for the application itself
 * @throws Error of `airisk.signInForTests`, which refuses every address that is not one of this computer
 */
export async function signIn(origin: string, userid: string): Promise<void> {
  const settings = workspace.getConfiguration('airisk');
  // One that every emulator knows: the editor's own differs from host to host. Nobody has to listen there.
  const redirectUri = 'http://127.0.0.1:38431/callback';
  for (const [name, value] of Object.entries({ baseUrl: origin, clientId, redirectUri })) {
    if (settings.inspect(name)?.globalValue !== value)
      await settings.update(name, value, vscode.ConfigurationTarget.Global);
  }
  await commands.executeCommand('airisk.signInForTests', { clientSecret, userid });
}

/** Signs a user out; '' is the application itself. */
export async function signOut(userid: string): Promise<void> {
  await commands.executeCommand('airisk.signOut', { userid });
}

/**
 * Ends a user's session as time does: afterwards it has expired, and nothing but the browser or `reset()` of the
 * emulator brings it back.
 */
export async function expire(emulator: EmulatorControl, userid: string): Promise<void> {
  const isExpired = async (): Promise<boolean> =>
    (await airisk().sessions()).some((known) => known.userid === userid && known.state !== 'live');
  // As short as this computer can manage: a token of a second may have expired before it is there.
  for (let seconds = 2; ; seconds *= 2) {
    await emulator.setTokenLifetime(seconds);
    try {
      await signIn(emulator.origin, userid);
      break;
    } catch (error) {
      if (seconds > 30) throw error;
    }
  }
  await emulator.requireLogin(true);
  while (!(await isExpired())) await new Promise((resolve) => setTimeout(resolve, 50));
}

/**
 * Gives the extension under test access to a session, as a user would in the Accounts menu.
 * @param extensionId `publisher.name`
 * @param account of several that are signed in
 * @throws Error when nobody is signed in for that, or VS Code has not taken it within ten seconds
 */
export async function grantAccess(
  extensionId: string,
  scopes: readonly string[],
  account?: Account,
): Promise<vscode.AuthenticationSession> {
  const end = Date.now() + 10_000;
  const named = account && { account };
  // With neither `silent` nor `createIfNone` VS Code offers access in the Accounts menu.
  let session = await getSession('airisk', scopes, named);
  const offer = `airisk${extensionId.toLowerCase()}Access`;
  if (!session && !(await commands.getCommands()).includes(offer)) {
    throw new Error(
      `There is no live AIRisk session of ${account?.label ?? 'anybody'} for [${scopes.join()}]: call signIn first. What needs a sign-in in the browser cannot be tested here.`,
    );
  }
  if (!session) await commands.executeCommand(offer);
  while (!session) {
    if (Date.now() > end) throw new Error(`${extensionId} got no access to AIRisk for ${scopes.join(' ')}.`);
    // The account picker opens some time after the command has ended.
    await commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    session = await getSession('airisk', scopes, { silent: true, ...named });
  }
  return session;
}

/**
 * Has VS Code's questions answered with *Allow*: under `extensionTestsPath` it refuses to show any, so that
 * `createIfNone` and `forceNewSession` always fail. Until this is disposed, they give the extension under test access
 * to the session that is signed in, and `forceNewSession` a renewed one. What takes a sign-in in the browser rejects.
 * @param extensionId `publisher.name`
 */
export function allowAccess(extensionId: string): vscode.Disposable {
  const replace = (value: unknown): void =>
    void Object.defineProperty(authentication, 'getSession', { value, configurable: true, writable: true });
  const original: unknown = authentication.getSession;
  replace(
    async (
      provider: string,
      scopes: readonly string[],
      options: vscode.AuthenticationGetSessionOptions = {},
    ) => {
      const asks = Boolean(options.createIfNone) || Boolean(options.forceNewSession);
      if (provider !== 'airisk' || !asks) return getSession(provider, scopes, options);
      const { account } = options;
      const silently = account ? { silent: true, account } : { silent: true };
      const session =
        (await getSession('airisk', scopes, silently)) ?? (await grantAccess(extensionId, scopes, account));
      return options.forceNewSession ? replaced(scopes, session) : session;
    },
  );
  return new vscode.Disposable(() => replace(original));
}

/** The same session with a different token; rejects when AIRisk gives none without the browser. */
async function replaced(
  scopes: readonly string[],
  { account, accessToken }: vscode.AuthenticationSession,
): Promise<vscode.AuthenticationSession> {
  const known = (await airisk().sessions()).find((session) => session.account.id === account.id);
  if (!known) throw new Error(`There is no AIRisk session of ${account.label} any more.`);
  const { userid, deployment } = known;
  // When AIRisk wants to see somebody, the browser opens, and nobody is there.
  const leave = setTimeout(() => void commands.executeCommand('airisk.cancelSignIn'), mostRenewalMs);
  await commands.executeCommand('airisk.renew', { userid, deployment });
  clearTimeout(leave);
  const session = await getSession('airisk', scopes, { silent: true, account });
  if (session && session.accessToken !== accessToken) return session;
  throw new Error(
    `AIRisk gave no different token for ${account.label}: the emulator is offline or wants a login.`,
  );
}

function airisk(): AiriskAuthenticationApi {
  const extension = vscode.extensions.getExtension<AiriskAuthenticationApi>('airisk.airisk-authentication');
  if (!extension) throw new Error('AIRisk Authentication is not installed in this VS Code.');
  return extension.exports;
}
