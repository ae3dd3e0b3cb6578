import * as vscode from 'vscode';
import { AiriskError } from '../../core/errors.ts';
import type { Session } from '../../core/sessions/session.ts';
import { targetArgument } from '../commands/commandArgument.ts';
import { errorMessage } from '../errorMessages.ts';
import type { SettingsReader } from '../settings.ts';
import { whoAndWhere } from '../wording.ts';

const { l10n } = vscode;

/** Asks whether to renew what nobody can renew silently, and renews it; ends when that has been answered and done. */
export async function askToRenew(session: Session, settings: SettingsReader): Promise<void> {
  const { deployment } = session;
  const renew = l10n.t('Renew');
  const message = l10n.t(
    'The AIRisk token for {0} expires soon.',
    whoAndWhere(session, settings.shown(deployment)),
  );
  if ((await vscode.window.showInformationMessage(message, renew, l10n.t('Not Now'))) !== renew) return;
  // The message outlives a change of the settings, and the same userid may be somebody else there.
  if (settings.describe(deployment)) {
    await vscode.commands.executeCommand('airisk.renew', targetArgument(settings, session));
  } else void vscode.window.showErrorMessage(errorMessage(new AiriskError('settings_changed')));
}
