import * as vscode from 'vscode';
import { inBackground } from '../messages.ts';
import type { Settings } from '../settings.ts';
import { keep, welcomed } from '../persistentState.ts';

const { l10n } = vscode;

/** What the welcome works with. */
export interface WelcomeParts {
  readonly context: vscode.ExtensionContext;
  readonly readSettings: () => Settings;
  readonly log: vscode.LogOutputChannel;
}

/** Says once ever how to begin, to a person who has set nothing up. */
export function welcome({ context, readSettings, log }: WelcomeParts): void {
  const state = context.globalState;
  // Another call may have come first while this file was read.
  if (state.get(welcomed)) return;
  inBackground(log, async () => {
    await keep(state, welcomed, true);
    const { baseUrl, clientId } = readSettings();
    if (baseUrl || clientId) return;
    const chosen = await vscode.window.showInformationMessage(
      l10n.t('AIRisk is ready. Set it up to sign in.'),
      { title: l10n.t('Set Up'), command: 'airisk.setUp' },
      { title: l10n.t('Get Started'), command: 'workbench.action.openWalkthrough' },
    );
    if (chosen) await vscode.commands.executeCommand(chosen.command, `${context.extension.id}#getStarted`);
  });
}
