import * as vscode from 'vscode';
import { registerMcpServer } from './mcpServer.js';
import type { AiriskAuthenticationApi } from './airiskAuthentication.js';

/** Adds the command that lists conversations. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  context.subscriptions.push(vscode.commands.registerCommand('conversations.list', listConversations));
  context.subscriptions.push(await registerMcpServer());
}

async function listConversations(): Promise<void> {
  try {
    const userid = await chooseUser();
    const response = userid === undefined ? undefined : await callAirisk('/api/GetConversations', userid);
    if (!response) return;
    if (!response.ok) throw new Error(`AIRisk answered with HTTP ${response.status}.`);
    const conversations: { title: string }[] = JSON.parse(await response.text());
    const titles = conversations.map(({ title }) => title);
    await vscode.window.showQuickPick(titles, { title: 'AIRisk conversations' });
  } catch (error) {
    void vscode.window.showErrorMessage(messageOf(error));
  }
}

/** The user who is signed in, or the one that the person picks; nothing where the person picks none. */
async function chooseUser(): Promise<string | undefined> {
  // Renews what has expired since VS Code was last open: `sessions()` tells of living tokens only.
  await vscode.authentication.getSession('airisk', [], { silent: true });
  let userids = await signedInUsers();
  if (userids.length === 0) {
    // Not `getSession` with []: that takes the application's own session where there is one.
    await vscode.commands.executeCommand('airisk.signInAsUser');
    userids = await signedInUsers();
  }
  if (userids.length < 2) return userids[0];
  return vscode.window.showQuickPick(userids, { title: 'Whose conversations?' });
}

async function signedInUsers(): Promise<string[]> {
  return (await airisk().sessions()).map(({ userid }) => userid).filter((userid) => userid !== '');
}

async function callAirisk(path: string, userid: string): Promise<Response | undefined> {
  const session = await getSession(userid, { createIfNone: true });
  if (!session) return undefined;
  const response = await send(path, session);
  if (response.status !== 401) return response;
  // Expired on its way, or revoked: have the token replaced, once, in the same account.
  const { account } = session;
  const forceNewSession = { detail: 'AIRisk does not accept the token any more.' };
  const replaced = await getSession(userid, { account, forceNewSession });
  return replaced && send(path, replaced);
}

/** A session; nothing where the person refused or the sign-in failed: they know why, or have been told. */
async function getSession(
  userid: string,
  options: vscode.AuthenticationGetSessionOptions,
): Promise<vscode.AuthenticationSession | undefined> {
  try {
    return await vscode.authentication.getSession('airisk', [`userid:${userid}`], options);
  } catch (error) {
    console.warn(`No AIRisk session: ${messageOf(error)}`);
    return undefined;
  }
}

async function send(path: string, { account, accessToken }: vscode.AuthenticationSession): Promise<Response> {
  // A token goes to the deployment that it came from, and nowhere else.
  const known = (await airisk().sessions()).find((session) => session.account.id === account.id);
  if (!known) throw new Error('The AIRisk session is gone. Try again.');
  return fetch(new URL(path, known.origin), { headers: { Authorization: `Bearer ${accessToken}` } });
}

export function airisk(): AiriskAuthenticationApi {
  const id = 'airisk.airisk-authentication';
  const extension = vscode.extensions.getExtension<AiriskAuthenticationApi>(id);
  if (!extension) throw new Error('AIRisk Authentication is not installed where this extension runs.');
  return extension.exports;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
