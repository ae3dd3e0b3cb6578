import * as vscode from 'vscode';
import {
  type AuthorizationResponse,
  readAuthorizationResponse,
  sameState,
} from '../core/oauth/authorizationResponse.ts';
import { isRedirectTo } from '../core/oauth/redirectUri.ts';
import { bareAddress, visible } from '../core/oauth/settingValues.ts';
import type { RedirectReceiver } from '../core/oauth/signIn.ts';

const { l10n } = vscode;

/** Shows a quick input until it is answered; gives `undefined` when the person has left it or `signal` aborts. */
export type Ask = <T>(
  input: vscode.QuickInput,
  listen: (answer: (value: T) => void) => void,
  signal?: AbortSignal,
) => Promise<T | undefined>;

/** For a redirect URI that nobody listens at: the person pastes the address that the browser ended at. */
export function pasteReceiver(redirectUri: string, ask: Ask): RedirectReceiver {
  return {
    async begin(state, signal) {
      const response = askForAddress(ask, redirectUri, state, signal).then((answer) => {
        if (!answer) throw new vscode.CancellationError();
        return answer;
      });
      return { redirectUri, response, fromPerson: true };
    },
  };
}

/** Another receiver, where a person can paste too: if a browser shows the address at which it ends. */
export function withPaste(receiver: RedirectReceiver, ask: Ask): RedirectReceiver {
  return {
    async begin(state, signal) {
      const expected = await receiver.begin(state, signal);
      const { redirectUri, response } = expected;
      // After a redirect to another program no browser shows it.
      if (!/^https?:/i.test(redirectUri)) return expected;
      let hand: (response: AuthorizationResponse) => void = () => undefined;
      const pasted = new Promise<AuthorizationResponse>((resolve) => {
        hand = resolve;
      });
      const paste = async (): Promise<void> => {
        const answer = await askForAddress(ask, redirectUri, state, signal);
        if (answer) hand(answer);
      };
      return { ...expected, response: Promise.race([response, pasted]), paste };
    },
  };
}

/**
 * Reads what was pasted: an address, with its scheme or without, or its query alone. With our state it may be spelled in
 * any way, as a browser does that turns `http` into `https` (HSTS); without a state it must be the redirect URI.
 * @returns `state` for a response to another sign-in, `emptyState` for one whose state AIRisk lost, `undefined` for
 * what is none
 */
export function readPasted(
  text: string,
  redirectUri: string,
  state: string,
): AuthorizationResponse | 'state' | 'emptyState' | undefined {
  // As the source of a page or a log has an &.
  const line = bareAddress(visible(text).replaceAll(/&(?:amp|#38|#x26);|\\u0026/gi, '&'));
  const isQuery = /^\??[^/?=]*=/.test(line);
  const [query = ''] = line.slice(isQuery ? 0 : line.indexOf('?')).split('#', 1);
  const response = /\s/.test(query) ? undefined : readAuthorizationResponse(query.replace(/^\?/, ''));
  if (!response || (response.code ?? response.error) === undefined) return undefined;
  if (response.state === '') return 'emptyState';
  if (response.state !== undefined) return sameState(state, response.state) ? response : 'state';
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(line) ? line : `${new URL(redirectUri).protocol}//${line}`;
  return isQuery || isRedirectTo(address, redirectUri) ? response : undefined;
}

async function askForAddress(
  ask: Ask,
  redirectUri: string,
  state: string,
  signal: AbortSignal,
): Promise<AuthorizationResponse | undefined> {
  const input = vscode.window.createInputBox();
  // A browser-hosted VS Code's own address has a query that nobody needs to read.
  const address = redirectUri.split('?', 1)[0] ?? redirectUri;
  const clipboard = { iconPath: new vscode.ThemeIcon('clippy'), tooltip: l10n.t('Paste from the clipboard') };
  input.title = l10n.t('Finish signing in to AIRisk');
  input.prompt = l10n.t(
    'The browser stops at {0} and may show an error. Copy the full address from its address bar and paste it here.',
    address,
  );
  input.placeholder = `${address}?code=…`;
  input.buttons = [clipboard];
  const whyNot = (problem: 'state' | 'emptyState' | undefined): string => {
    switch (problem) {
      case 'state':
        return l10n.t('This address is from another sign-in. Copy the one in the latest browser tab.');
      case 'emptyState':
        return l10n.t(
          "AIRisk did not return the state of this sign-in, so the code may be anybody's and was not used.",
        );
      case undefined:
        return l10n.t('Paste the address that begins with {0} and contains a code.', address);
    }
  };
  const listen = (answer: (response: AuthorizationResponse) => void): void => {
    const accept = (): void => {
      const response = readPasted(input.value, redirectUri, state);
      if (typeof response === 'object') answer(response);
      else input.validationMessage = whyNot(response);
    };
    input.onDidChangeValue(() => {
      input.validationMessage = '';
    });
    input.onDidAccept(accept);
    input.onDidTriggerButton(() => {
      void vscode.env.clipboard
        .readText()
        .then((text) => {
          input.value = text.slice(0, 10_000);
        })
        // A browser may not let it be read.
        .then(accept, accept);
    });
  };
  return ask(input, listen, signal);
}
