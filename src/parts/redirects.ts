import * as vscode from 'vscode';
import { AiriskError } from '../core/errors.ts';
import type { AuthorizationResponse } from '../core/oauth/authorizationResponse.ts';
import { loopbackReceiver } from '../node/loopback.ts';
import { WindowRelay } from '../node/windowRelay.ts';
import { namingHolder, type ReceiverParts } from '../redirect/receivers.ts';
import { callbackUri, UriHandler } from '../redirect/uriHandler.ts';
import { showError } from '../vscode/errorMessages.ts';
import type { Questions } from '../vscode/questions.ts';
import { foreignRedirects } from '../vscode/signIn/foreignRedirects.ts';

/** The ways in which a code comes back to this window. */
export interface Redirects {
  readonly receivers: ReceiverParts;
  readonly uriHandler: vscode.UriHandler;
  dispose(): void;
}

/**
 * Builds the ways in which a code comes back: the URI handler, with what other windows receive for this one, the
 * loopback interface, and the paste box.
 * @param folder for what the windows hand over to each other
 * @param waitingAt the account whose sign-in of this window waits at a redirect URI, for people
 */
export function createRedirects(
  { id, extensionKind }: vscode.Extension<unknown>,
  folder: string,
  questions: Questions,
  waitingAt: (redirectUri: string) => string | undefined,
  log: vscode.LogOutputChannel,
): Redirects {
  const callback = callbackUri(id);
  const relay = new WindowRelay(folder);
  // Without what it says: any page can send a browser here.
  const onStateMissing = ({ error }: AuthorizationResponse): void =>
    void showError(log, new AiriskError('state_missing', error === undefined ? {} : { reason: 'error' }));
  const uriHandler = new UriHandler(
    callback,
    foreignRedirects((response) => relay.send(response), log),
    onStateMissing,
  );
  const page = {
    language: vscode.env.language,
    title: vscode.l10n.t('Return to VS Code'),
    body: vscode.l10n.t('Your AIRisk sign-in continues there. You can close this tab.'),
  };
  return {
    receivers: {
      callback,
      uriHandler: (redirectUri) => relay.listen(uriHandler.at(redirectUri)),
      loopback: (redirectUri) =>
        namingHolder(loopbackReceiver(redirectUri, page, onStateMissing), () => waitingAt(redirectUri)),
      ask: (input, listen, signal) => questions.ask(input, listen, signal),
      extensionKind,
    },
    uriHandler,
    dispose: () => relay.dispose(),
  };
}
