import * as vscode from 'vscode';
import type { Session } from '../../core/sessions/session.ts';
import { targetArgument } from '../commands/commandArgument.ts';
import type { SettingsReader } from '../settings.ts';
import { whoAndWhere } from '../wording.ts';

const { l10n } = vscode;

/** Asks whether to renew what nobody can renew silently, and renews it; ends when that has been answered and done. */
export async function askToRenew(session: Session, settings: SettingsReader): Promise<void> {
  const renew = l10n.t('Renew');
  const message = l10n.t('The AIRisk token for {0} expires soon.', whoAndWhere(session, settings));
  if ((await vscode.window.showInformationMessage(message, renew, l10n.t('Not Now'))) !== renew) return;
  // The message outlives a change of the settings, which the command says: the same userid may be somebody else there.
  await vscode.commands.executeCommand('airisk.renew', targetArgument(session));
}
