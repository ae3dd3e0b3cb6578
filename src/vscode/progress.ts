import * as vscode from 'vscode';

/**
 * Runs a task behind a notification with Cancel.
 * @throws `CancellationError` after Cancel, whatever the task ends with, and what the task throws
 */
export async function withCancel<T>(title: string, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const options = { location: vscode.ProgressLocation.Notification, cancellable: true, title };
  return vscode.window.withProgress(options, async (_progress, token) => {
    token.onCancellationRequested(() => controller.abort());
    try {
      return await task(controller.signal);
    } finally {
      // oxlint-disable-next-line no-unsafe-finally -- Cancel wins
      if (controller.signal.aborted) throw new vscode.CancellationError();
    }
  });
}
