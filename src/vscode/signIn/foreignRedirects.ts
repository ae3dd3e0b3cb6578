import * as vscode from 'vscode';
import type { AuthorizationResponse } from '../../core/oauth/authorizationResponse.ts';
import { isState } from '../../core/oauth/state.ts';
import { offerSignIn } from '../messages.ts';

const { l10n } = vscode;

/**
 * What becomes of redirects that no sign-in of this window waits for: the window that does gets them. When none does,
 * as after a reload, the person hears of it.
 * @param handOver false when no window waits for it
 */
export function foreignRedirects(
  handOver: (response: AuthorizationResponse) => Promise<boolean>,
  log: vscode.LogOutputChannel,
): (response: AuthorizationResponse, wasOurs: boolean) => void {
  // A browser may load an address twice.
  const handedOver = new Set<string>();
  return (response, wasOurs) => {
    const { state } = response;
    handOver(response).then(
      (sent) => {
        log.info(sent ? 'Handed a redirect to another window' : 'Ignored a redirect nobody waits for');
        if (state === undefined || !isState(state)) return;
        if (sent) handedOver.add(state);
        else if (!wasOurs && !handedOver.has(state)) sayTooLate(log);
      },
      () => log.warn('A redirect could not be handed to another window: its folder cannot be written'),
    );
  };
}

function sayTooLate(log: vscode.LogOutputChannel): void {
  offerSignIn(
    { log },
    l10n.t('The browser came back too late: no AIRisk sign-in is waiting for it anymore.'),
  );
}
