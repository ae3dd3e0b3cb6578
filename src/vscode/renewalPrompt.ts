import * as vscode from 'vscode';
import type { Session } from '../core/session/session.ts';
import { accountName } from './wording.ts';

const { l10n } = vscode;

/** Asks whether to renew what nobody can renew silently, and renews it; ends when that has been answered and done. */
export async function askToRenew({ userid, origin, clientId }: Session): Promise<void> {
  const renew = l10n.t('Renew');
  const message = l10n.t('The AIRisk token for {0} expires soon.', accountName({ origin, clientId }, userid));
  if ((await vscode.window.showInformationMessage(message, renew, l10n.t('Not Now'))) === renew) {
    await vscode.commands.executeCommand('airisk.renew', { userid });
  }
}
