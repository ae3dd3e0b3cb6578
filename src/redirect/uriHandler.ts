import * as vscode from 'vscode';
import {
  type AuthorizationResponse,
  lacksState,
  readAuthorizationResponse,
  sameState,
} from '../core/oauth/authorizationResponse.ts';
import { isRedirectTo } from '../core/oauth/redirectUri.ts';
import type { ExpectedRedirect, RedirectReceiver } from '../core/oauth/signIn.ts';
import { isState } from '../core/oauth/state.ts';

/** The callback of an extension in this host, whatever its URI scheme is (Insiders, VSCodium, …). */
export function callbackUri(extensionId: string): vscode.Uri {
  return vscode.Uri.from({ scheme: vscode.env.uriScheme, authority: extensionId, path: '/callback' });
}

/**
 * The callback as a redirect URI that leads back here; in a browser a different one every time.
 * @param registered how the callback is spelled where it was registered; AIRisk compares byte for byte
 */
export async function reachableCallback(callback: vscode.Uri, registered = ''): Promise<string> {
  // On the desktop asExternalUri adds a windowId, which AIRisk's exact comparison refuses. In a browser only
  // the address that it makes leads back. toString(true): escaping the query would break that address.
  return vscode.env.uiKind === vscode.UIKind.Web
    ? (await vscode.env.asExternalUri(callback)).toString(true)
    : registered || callback.toString();
}

/**
 * Receives redirects that the operating system or the browser hands to VS Code.
 * @see VS Code API, window.registerUriHandler
 */
export class UriHandler implements vscode.UriHandler {
  readonly #callback: vscode.Uri;
  readonly #onForeign: (response: AuthorizationResponse, wasOurs: boolean) => void;
  readonly #onStateMissing: (response: AuthorizationResponse) => void;
  readonly #expected = new Map<string, { at: string; resolve: (response: AuthorizationResponse) => void }>();
  /** The states of all sign-ins of this window. */
  readonly #begun = new Set<string>();
  #stateMissing = false;

  /**
   * @param onForeign gets well-formed responses that no sign-in of this window waits for, or waits for any more
   * @param onStateMissing called once for each sign-in that a response without any state comes in during
   */
  constructor(
    callback: vscode.Uri,
    onForeign: (response: AuthorizationResponse, wasOurs: boolean) => void,
    onStateMissing: (response: AuthorizationResponse) => void = () => undefined,
  ) {
    this.#callback = callback;
    this.#onForeign = onForeign;
    this.#onStateMissing = onStateMissing;
  }

  /** A receiver for a registered redirect URI, empty for the callback as it is. */
  at(registered: string): RedirectReceiver {
    return {
      begin: async (state, signal): Promise<ExpectedRedirect> => {
        // In a browser, addresses are made from the callback, however it was registered.
        const isOwn = vscode.env.uiKind === vscode.UIKind.Web || registered === '';
        const at = isOwn ? this.#callback.toString() : registered.replace(/\?.*$/su, '');
        const response = new Promise<AuthorizationResponse>((resolve) =>
          this.#expected.set(state, { at, resolve }),
        );
        signal.addEventListener('abort', () => this.#expected.delete(state), { once: true });
        this.#begun.add(state);
        this.#stateMissing = false;
        return { redirectUri: await this.#ownAddress(registered), response };
      },
    };
  }

  handleUri(uri: vscode.Uri): void {
    const response = readAuthorizationResponse(uri.query, vscode.env.uiKind === vscode.UIKind.Desktop);
    // Our state is the proof, in whatever way the path is spelled; without it the path counts.
    if (!response || this.#deliver(response)) return;
    const address = uri.toString(true);
    const isExpected = [...this.#expected.values()].some(({ at }) => isRedirectTo(address, at));
    const isOurs = isExpected || uri.path === this.#callback.path;
    // What another window waits for has the path that is registered there.
    if (!isOurs && !isState(response.state ?? '')) return;
    this.#onForeign(response, this.#begun.has(response.state ?? ''));
    if (this.#stateMissing || !isExpected || !lacksState(response)) return;
    this.#stateMissing = true;
    this.#onStateMissing(response);
  }

  /** Hands a response to the sign-in that waits for its state; false when none does. A state serves once. */
  #deliver(response: AuthorizationResponse): boolean {
    const { state } = response;
    for (const [expected, { resolve }] of state === undefined ? [] : this.#expected) {
      if (!sameState(expected, state ?? '')) continue;
      this.#expected.delete(expected);
      resolve(response);
      return true;
    }
    return false;
  }

  /**
   * In a browser, addresses count from 1 in every window, and each serves once in every window that has made it: two
   * windows that wait for the same one can both be given the first redirect, and both miss the second. Skips some.
   */
  async #ownAddress(registered: string): Promise<string> {
    const skipped = vscode.env.uiKind === vscode.UIKind.Web ? Math.floor(Math.random() * 32) : 0;
    await Promise.all(Array.from({ length: skipped }, () => reachableCallback(this.#callback)));
    return reachableCallback(this.#callback, registered);
  }
}
