import * as vscode from 'vscode';
import { airisk } from './airisk.js';

/** A session whose token lives for so many milliseconds: the one that is there, or a different one. */
export async function longSession(
  scopes: string[],
  milliseconds: number,
): Promise<vscode.AuthenticationSession> {
  const session = await vscode.authentication.getSession('airisk', scopes, { createIfNone: true });
  const known = (await airisk().sessions()).find(({ account }) => account.id === session.account.id);
  if (known && known.expiresAfter >= milliseconds) return session;
  return vscode.authentication.getSession('airisk', scopes, {
    account: session.account,
    forceNewSession: { detail: 'This takes longer than the session lasts.' },
  });
}
