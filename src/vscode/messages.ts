import * as vscode from 'vscode';
import { showError } from './errorMessages.ts';

const { l10n } = vscode;

/** Shows a message without waiting for it: it stays until somebody closes it. */
export function inBackground(log: vscode.LogOutputChannel, task: () => Promise<void>): void {
  task().catch((error: unknown) => showError(log, error));
}

/** Says something, with a button that runs a command. */
export function offer(
  log: vscode.LogOutputChannel,
  message: string,
  action: string,
  command: string,
  argument?: unknown,
): void {
  inBackground(log, async () => {
    if ((await vscode.window.showInformationMessage(message, action)) === action) {
      await vscode.commands.executeCommand(command, argument);
    }
  });
}

/** Says something, with a button that signs in. */
export function offerSignIn({ log }: { readonly log: vscode.LogOutputChannel }, message: string): void {
  offer(log, message, l10n.t('Sign In'), 'airisk.signIn');
}
