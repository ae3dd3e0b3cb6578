import * as vscode from 'vscode';
import { AiriskError, hasCode } from '../core/errors.ts';
import { createState } from '../core/oauth/state.ts';
import type { RedirectReceiver } from '../core/oauth/signIn.ts';
import { type Ask, pasteReceiver, withPaste } from './paste.ts';
import { redirectKind } from '../core/oauth/redirectUri.ts';
import { reachableCallback } from './uriHandler.ts';

/** What receivers are made from. */
export interface ReceiverParts {
  /** The redirect URI that the URI handler stands for. */
  readonly callback: vscode.Uri;
  /** Makes a receiver of the editor's own addresses for one of them, empty for the callback. */
  readonly uriHandler: (redirectUri: string) => RedirectReceiver;
  /** Makes a receiver on a port of this computer's loopback interface (RFC 8252 §7.3). */
  readonly loopback: (redirectUri: string) => RedirectReceiver;
  readonly ask: Ask;
  /** Where the extension runs: on the computer with the browser, or on a different one. */
  readonly extensionKind: vscode.ExtensionKind;
}

/** Whether an extension runs on the computer with the browser, as a remote window's local extensions do, too. */
export function runsBesideBrowser(extensionKind: vscode.ExtensionKind): boolean {
  return vscode.env.remoteName === undefined || extensionKind === vscode.ExtensionKind.UI;
}

/**
 * The receiver for a redirect URI.
 * @throws AiriskError `invalid_setting`
 */
export function receiverFor(redirectUri: string, parts: ReceiverParts): RedirectReceiver {
  const { callback, uriHandler, loopback, ask, extensionKind } = parts;
  switch (redirectKind(redirectUri, callback.toString())) {
    case 'uriHandler':
      return withPaste(uriHandler(redirectUri), ask);
    case 'loopback':
      // Beside the browser, asExternalUri would forward the remote port and so take this one itself.
      return withPaste(
        runsBesideBrowser(extensionKind)
          ? loopback(redirectUri)
          : remoteLoopback(redirectUri, loopback(redirectUri)),
        ask,
      );
    case 'paste':
      return pasteReceiver(redirectUri, ask);
    case 'elsewhere':
      return {
        begin: async () => ({ redirectUri, response: new Promise(() => undefined), isReceived: false }),
      };
  }
}

/**
 * The redirect URI as a sign-in would send it now: in a browser, the editor's own differs every time.
 * @throws AiriskError `invalid_setting`
 */
async function currentRedirectUri(
  redirectUri: string,
  { callback }: Pick<ReceiverParts, 'callback'>,
): Promise<string> {
  const kind = redirectKind(redirectUri, callback.toString());
  return kind === 'uriHandler' ? reachableCallback(callback, redirectUri) : redirectUri;
}

/**
 * The redirect URIs that may be registered for silent requests, which nobody has to reach: the one that a sign-in would
 * send now, and the editor's own as it is outside of a browser.
 * @throws AiriskError `invalid_setting`
 */
export async function silentRedirectUris(
  redirectUri: string,
  parts: Pick<ReceiverParts, 'callback'>,
): Promise<readonly string[]> {
  const current = await currentRedirectUri(redirectUri, parts);
  return [...new Set([current, redirectUri || parts.callback.toString()])];
}

/**
 * Makes ready to receive and gives up again at once.
 * @returns the redirect URI as a sign-in would send it
 * @throws AiriskError `invalid_setting`, `port_in_use`
 */
export async function rehearseRedirect(redirectUri: string, parts: ReceiverParts): Promise<string> {
  const kind = redirectKind(redirectUri, parts.callback.toString());
  const ending = new AbortController();
  try {
    if (kind === 'loopback') await parts.loopback(redirectUri).begin(createState(), ending.signal);
    return await currentRedirectUri(redirectUri, parts);
  } finally {
    ending.abort();
  }
}

/**
 * In a remote window the port is on the remote computer. When VS Code forwards it under the same address, the
 * browser finds it; under a different one AIRisk would refuse it.
 */
function remoteLoopback(redirectUri: string, receiver: RedirectReceiver): RedirectReceiver {
  return {
    async begin(state, signal) {
      const uri = vscode.Uri.parse(redirectUri);
      const external = await vscode.env.asExternalUri(uri);
      const expected = await receiver.begin(state, signal);
      return { ...expected, isReachable: external.toString(true) === uri.toString(true) };
    },
  };
}

/**
 * A receiver on a local port that knows whose the port is when a sign-in of this window has it.
 * @param holder the account of that sign-in, for people
 */
export function namingHolder(receiver: RedirectReceiver, holder: () => string | undefined): RedirectReceiver {
  return {
    begin: async (state, signal) =>
      receiver.begin(state, signal).catch((error: unknown) => {
        const subject = hasCode(error, 'port_in_use') ? holder() : undefined;
        throw subject === undefined ? error : new AiriskError('sign_in_waiting', { subject });
      }),
  };
}
