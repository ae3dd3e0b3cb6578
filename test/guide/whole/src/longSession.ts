import * as vscode from 'vscode';
import { airisk } from './extension.js';

/** A session whose token lives for so many seconds: the one that is there, or another. */
export async function longSession(scopes: string[], seconds: number): Promise<vscode.AuthenticationSession> {
  const session = await vscode.authentication.getSession('airisk', scopes, { createIfNone: true });
  const known = (await airisk().sessions()).find(({ account }) => account.id === session.account.id);
  if (known && known.expiresIn >= seconds) return session;
  return vscode.authentication.getSession('airisk', scopes, {
    account: session.account,
    forceNewSession: { detail: 'This takes longer than the session lasts.' },
  });
}
