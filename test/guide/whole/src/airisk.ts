import * as vscode from 'vscode';
import type { AiriskAuthenticationApi } from './airiskAuthentication.js';

/** Whose data this extension shows: who was allowed first, until it is forgotten. */
let account: vscode.AuthenticationSessionAccountInformation | undefined;

/**
 * Calls AIRisk as a user, and once more when AIRisk rejects the token.
 * @param options `{ silent: true }` in the background, `{ createIfNone: true }` when somebody has clicked
 * @returns nothing when nobody is signed in, or has allowed it yet
 */
export async function callAirisk(
  path: string,
  options: vscode.AuthenticationGetSessionOptions,
): Promise<Response | undefined> {
  const session = await getSession(options);
  if (!session) return undefined;
  const response = await send(path, session);
  if (response.status !== 401) return response;
  const isReplaced = await airisk().reportRejected(session.account, session.accessToken);
  if (!isReplaced && !options.createIfNone) return response;
  const detail = 'AIRisk does not accept the token any more.';
  const again = await getSession(isReplaced ? { silent: true } : { forceNewSession: { detail } });
  return again && send(path, again);
}

/** Lets the user choose whose data to show, the next time. */
export function forgetAccount(): void {
  account = undefined;
}

async function getSession(
  options: vscode.AuthenticationGetSessionOptions,
): Promise<vscode.AuthenticationSession | undefined> {
  // A click signs in again whoever was signed out; in the background somebody else may have taken the place.
  const isThere = (await airisk().sessions()).some(({ account: { id } }) => id === account?.id);
  const session = await vscode.authentication.getSession('airisk', ['user'], {
    ...options,
    ...(account && (isThere || !options.silent) && { account }),
  });
  account = session?.account ?? account;
  return session;
}

async function send(path: string, session: vscode.AuthenticationSession): Promise<Response> {
  // A token goes to the deployment that it came from, and nowhere else.
  const known = (await airisk().sessions()).find(({ account: { id } }) => id === session.account.id);
  const headers = { Authorization: `Bearer ${session.accessToken}` };
  return fetch(new URL(path, known?.origin), { headers });
}

export function airisk(): AiriskAuthenticationApi {
  const id = 'airisk.airisk-authentication';
  const extension = vscode.extensions.getExtension<AiriskAuthenticationApi>(id);
  if (!extension) throw new Error('AIRisk Authentication is not installed where this extension runs.');
  return extension.exports;
}
