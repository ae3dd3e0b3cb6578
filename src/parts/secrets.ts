import * as vscode from 'vscode';
import { shareSecrets, windowsSecret } from '../core/sessions/sharedSecrets.ts';
import type { SecretStore } from '../core/sessions/store.ts';
import { folderChannel } from '../node/folderChannel.ts';
import { createSecretStore } from '../vscode/secretStorage.ts';

/**
 * The secrets of all windows. When VS Code runs in a browser, each window has a copy of them and notifies the others
 * through a folder of each change; elsewhere they share them.
 * @param folder for what the windows say to each other
 */
export function createWindowSecrets(
  { secrets, subscriptions }: vscode.ExtensionContext,
  folder: string,
  log: vscode.LogOutputChannel,
): SecretStore {
  const stored = createSecretStore(secrets);
  if (vscode.env.uiKind !== vscode.UIKind.Web) return stored;
  const channel = folderChannel(
    folder,
    () => windowsSecret(stored),
    () => log.warn('Other windows are not heard at once: their folder or a secret for it cannot be had'),
  );
  const shared = shareSecrets(stored, channel, Date.now);
  subscriptions.push(shared);
  return shared;
}
