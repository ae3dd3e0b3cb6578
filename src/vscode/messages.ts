import * as vscode from 'vscode';
import { targetArgument } from './commands/commandArgument.ts';
import { showError } from './errorMessages.ts';
import { runs } from './nextSteps.ts';

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
    await (await vscode.window.showInformationMessage(message, runs(action, command, argument)))?.run();
  });
}

/**
 * Says something, with a button that signs in.
 * @param target what the message is about: the window may use a different deployment when the button is clicked
 */
export function offerSignIn(
  { log }: { readonly log: vscode.LogOutputChannel },
  message: string,
  target: Parameters<typeof targetArgument>[0] = { deployment: undefined },
): void {
  offer(log, message, l10n.t('Sign In'), 'airisk.signIn', targetArgument(target));
}
