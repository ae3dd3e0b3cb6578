import * as vscode from 'vscode';
import type { AiriskAuthenticationApi } from './airiskAuthentication.js';

/** Adds the command that lists conversations. */
export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(vscode.commands.registerCommand('conversations.list', listConversations));
}

async function listConversations(): Promise<void> {
  try {
    const response = await callAirisk('/api/GetConversations', await scopesOfUser());
    if (!response.ok) throw new Error(`AIRisk answered with HTTP ${response.status}.`);
    const conversations: { title: string }[] = JSON.parse(await response.text());
    const titles = conversations.map(({ title }) => title);
    await vscode.window.showQuickPick(titles, { title: 'AIRisk conversations' });
  } catch (error) {
    if (!isRefusal(error)) void vscode.window.showErrorMessage(messageOf(error));
  }
}

/** The user who is signed in; the one that the person picks where there are several; any where there is none. */
async function scopesOfUser(): Promise<string[]> {
  const users = (await airisk().sessions()).filter(({ userid }) => userid !== '');
  let userid = users[0]?.userid;
  if (users.length > 1) {
    const options = { title: 'Whose conversations?' };
    userid = await vscode.window.showQuickPick(
      users.map((user) => user.userid),
      options,
    );
    if (userid === undefined) throw new vscode.CancellationError();
  }
  return userid === undefined ? [] : [`userid:${userid}`];
}

async function callAirisk(path: string, scopes: string[]): Promise<Response> {
  const session = await vscode.authentication.getSession('airisk', scopes, { createIfNone: true });
  const response = await send(path, session);
  if (response.status !== 401) return response;
  // Expired on its way, or revoked: have the token replaced, once, in the same account.
  const { account } = session;
  const forceNewSession = { detail: 'AIRisk does not accept the token any more.' };
  return send(path, await vscode.authentication.getSession('airisk', scopes, { account, forceNewSession }));
}

async function send(path: string, { account, accessToken }: vscode.AuthenticationSession): Promise<Response> {
  // A token goes to the deployment that it came from, and nowhere else.
  const known = (await airisk().sessions()).find((session) => session.account.id === account.id);
  if (!known) throw new Error('The AIRisk session is gone. Try again.');
  return fetch(new URL(path, known.origin), { headers: { Authorization: `Bearer ${accessToken}` } });
}

function airisk(): AiriskAuthenticationApi {
  const id = 'airisk.airisk-authentication';
  const extension = vscode.extensions.getExtension<AiriskAuthenticationApi>(id);
  if (!extension) throw new Error('AIRisk Authentication is not installed where this extension runs.');
  return extension.exports;
}

/** True where the person said no: there is nothing to report. VS Code has three ways to say so. */
function isRefusal(error: unknown): boolean {
  const message = messageOf(error);
  return message === 'Canceled' || message.startsWith('User did not consent');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
