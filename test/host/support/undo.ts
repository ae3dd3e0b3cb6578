import * as vscode from 'vscode';
import { until } from '../../harness/until.ts';

/** What people are told while a task runs, who click Undo wherever there is one. */
export async function withUndo(task: () => Promise<void>): Promise<string[]> {
  const { showInformationMessage } = vscode.window;
  const said: string[] = [];
  const answer = async (message: string, ...buttons: string[]): Promise<string | undefined> => {
    said.push(message);
    return buttons.find((button) => button === 'Undo');
  };
  Object.assign(vscode.window, { showInformationMessage: answer });
  try {
    await task();
    await until(async () => said.length === 2);
  } finally {
    Object.assign(vscode.window, { showInformationMessage });
  }
  return said;
}
