import * as vscode from 'vscode';
import { createState } from '../core/oauth/state.ts';
import type { RedirectReceiver } from '../core/oauth/signIn.ts';
import { LoopbackReceiver } from '../node/loopback.ts';
import { PasteReceiver, withPasteOffer } from './paste.ts';
import { redirectKind } from '../core/oauth/redirectUri.ts';
import { reachableCallback, type UriHandler } from './uriHandler.ts';
import type { WindowRelay } from '../node/windowRelay.ts';

const { l10n } = vscode;

// Long enough for a quick sign-in to pass without a second message.
const offerAfterMs = 20_000;
// The same, where the browser probably does not come back.
const offerSoonAfterMs = 5_000;

/** What receivers are made from. */
export interface ReceiverParts {
  /** The redirect URI that the URI handler stands for. */
  readonly callback: string;
  readonly uriHandler: UriHandler;
  readonly relay: WindowRelay;
  /** Where the extension runs: on the computer with the browser, or on another one. */
  readonly extensionKind: vscode.ExtensionKind;
}

/**
 * The receiver for a redirect URI.
 * @throws AiriskError `invalid_setting`
 */
export function receiverFor(redirectUri: string, parts: ReceiverParts): RedirectReceiver {
  const { callback, uriHandler, relay, extensionKind } = parts;
  const trouble = l10n.t('AIRisk: Did the browser not return to VS Code? Paste its address instead.');
  switch (redirectKind(redirectUri, callback)) {
    case 'uriHandler':
      return withPasteOffer(relay.listen(uriHandler), offerAfterMs, trouble);
    case 'loopback':
      // A remote window's local extensions run beside the browser. There asExternalUri would take the port itself.
      return vscode.env.remoteName === undefined || extensionKind === vscode.ExtensionKind.UI
        ? withPasteOffer(loopbackReceiver(redirectUri), offerAfterMs, trouble)
        : remoteLoopback(redirectUri);
    case 'paste':
      return new PasteReceiver(redirectUri);
  }
}

/**
 * Makes ready to receive and gives up again at once.
 * @returns the redirect URI as a sign-in would send it
 * @throws AiriskError `invalid_setting`, `port_in_use`
 */
export async function rehearseRedirect(redirectUri: string, callback: vscode.Uri): Promise<string> {
  const kind = redirectKind(redirectUri, callback.toString());
  if (kind === 'uriHandler') return reachableCallback(callback);
  const ending = new AbortController();
  try {
    if (kind === 'loopback') await loopbackReceiver(redirectUri).begin(createState(), ending.signal);
    return redirectUri;
  } finally {
    ending.abort();
  }
}

function loopbackReceiver(redirectUri: string): RedirectReceiver {
  return new LoopbackReceiver(redirectUri, {
    language: vscode.env.language,
    title: l10n.t('Return to VS Code'),
    body: l10n.t('Your AIRisk sign-in continues there. You can close this tab.'),
  });
}

/**
 * In a remote window the port is on the remote computer. Where VS Code forwards it under the same address the
 * browser finds it; under another one AIRisk would refuse it, so pasting is offered soon.
 */
function remoteLoopback(redirectUri: string): RedirectReceiver {
  return {
    async begin(state, signal) {
      const external = await vscode.env.asExternalUri(vscode.Uri.parse(redirectUri));
      const reachable = external.toString(true) === vscode.Uri.parse(redirectUri).toString(true);
      const why = l10n.t(
        'AIRisk: VS Code runs on a server, so the browser may not find {0}. Paste the address where it stops.',
        redirectUri,
      );
      const afterMs = reachable ? offerAfterMs : offerSoonAfterMs;
      return withPasteOffer(loopbackReceiver(redirectUri), afterMs, why).begin(state, signal);
    },
  };
}
