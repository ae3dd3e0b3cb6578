import * as vscode from 'vscode';
import { inBackground } from '../messages.ts';
import type { PersistentState } from '../persistentState.ts';
import type { SettingsReader } from '../settings.ts';

const { l10n } = vscode;

/** What the welcome works with. */
export interface WelcomeParts {
  readonly state: PersistentState;
  readonly settings: SettingsReader;
  /** The id of this extension. */
  readonly extensionId: string;
  readonly log: vscode.LogOutputChannel;
}

/** Says once ever how to begin, in a window that has the focus, to a person who has set nothing up. */
export function welcome({ state, settings, extensionId, log }: WelcomeParts): void {
  if (!vscode.window.state.focused || state.isWelcomed()) return;
  inBackground(log, async () => {
    await state.setWelcomed();
    const { baseUrl, clientId } = settings.read();
    if (baseUrl || clientId) return;
    const chosen = await vscode.window.showInformationMessage(
      l10n.t('AIRisk is ready. Set it up to sign in.'),
      { title: l10n.t('Set Up'), command: 'airisk.setUp', args: [] },
      {
        title: l10n.t('Get Started'),
        command: 'workbench.action.openWalkthrough',
        args: [`${extensionId}#getStarted`],
      },
    );
    if (chosen) await vscode.commands.executeCommand(chosen.command, ...chosen.args);
  });
}
