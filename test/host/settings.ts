import * as vscode from 'vscode';

/** Puts the settings back to what the run began with, after the test kit has changed them. */
export async function restoreSettings(): Promise<void> {
  const settings = vscode.workspace.getConfiguration('airisk');
  await settings.update('baseUrl', process.env['AIRISK_EMULATOR'], vscode.ConfigurationTarget.Global);
  await settings.update('redirectUri', undefined, vscode.ConfigurationTarget.Global);
}
