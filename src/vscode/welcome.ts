import * as vscode from 'vscode';
import { inBackground } from './messages.ts';
import type { Settings } from './settings.ts';
import { keep } from './state.ts';

const { l10n } = vscode;

const decided = 'welcomed';

/** What the welcome works with. */
export interface WelcomeParts {
  readonly state: vscode.ExtensionContext['globalState'];
  /** `publisher.name#walkthrough` */
  readonly walkthrough: string;
  readonly readSettings: () => Settings;
  readonly log: vscode.LogOutputChannel;
}

/**
 * Makes the function that says once ever how to begin, to a person who has set nothing up. The first call in a window
 * with the focus decides, and Settings Sync carries that to the person's other computers.
 */
export function createWelcome({ state, walkthrough, readSettings, log }: WelcomeParts): () => void {
  state.setKeysForSync([decided]);
  return () => {
    if (!vscode.window.state.focused || state.get(decided)) return;
    inBackground(log, async () => {
      await keep(state, decided, true);
      const { baseUrl, clientId } = readSettings();
      if (baseUrl || clientId) return;
      const chosen = await vscode.window.showInformationMessage(
        l10n.t('AIRisk is ready. Set it up to sign in.'),
        { title: l10n.t('Set Up'), command: 'airisk.setUp' },
        { title: l10n.t('Get Started'), command: 'workbench.action.openWalkthrough' },
      );
      if (chosen) await vscode.commands.executeCommand(chosen.command, walkthrough);
    });
  };
}
