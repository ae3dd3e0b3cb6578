import * as vscode from 'vscode';
import type { AiriskAuthenticationApi } from './airiskAuthentication.js';

/** Calls AIRisk as a user who is signed in; nothing when nobody is, or has allowed it. */
export async function callAirisk(
  path: string,
  options: vscode.AuthenticationGetSessionOptions,
): Promise<Response | undefined> {
  const session = await vscode.authentication.getSession('airisk', [], options);
  return session && send(path, session);
}

async function send(path: string, { account, accessToken }: vscode.AuthenticationSession): Promise<Response> {
  // A token goes to the deployment that it came from, and nowhere else.
  const known = (await airisk().sessions()).find((session) => session.account.id === account.id);
  return fetch(new URL(path, known?.origin), { headers: { Authorization: `Bearer ${accessToken}` } });
}

function airisk(): AiriskAuthenticationApi {
  const id = 'airisk.airisk-authentication';
  const extension = vscode.extensions.getExtension<AiriskAuthenticationApi>(id);
  if (!extension) throw new Error('AIRisk Authentication is not installed where this extension runs.');
  return extension.exports;
}
