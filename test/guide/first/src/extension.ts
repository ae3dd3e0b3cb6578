import * as vscode from 'vscode';
import type { AiriskAuthenticationApi } from './airiskAuthentication.js';

export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(vscode.commands.registerCommand('hello-airisk.list', listConversations));
}

async function listConversations(): Promise<void> {
  const session = await vscode.authentication.getSession('airisk', ['user'], { createIfNone: true });
  const airisk = vscode.extensions.getExtension<AiriskAuthenticationApi>('airisk.airisk-authentication');
  const known = (await airisk?.exports.sessions())?.find(({ account }) => account.id === session.account.id);
  const headers = { Authorization: `Bearer ${session.accessToken}` };
  const response = await fetch(new URL('/api/GetConversations', known?.origin), { headers });
  void vscode.window.showInformationMessage(await response.text());
}
