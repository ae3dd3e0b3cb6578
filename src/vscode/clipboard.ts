import * as vscode from 'vscode';
import { SecretClipboard } from '../core/clipboard.ts';

/** The host's clipboard for tokens. */
export function createSecretClipboard(): SecretClipboard {
  const { clipboard, uiKind } = vscode.env;
  return new SecretClipboard(
    {
      // A browser lets only the tab in front read, and VS Code shows an error where it may not.
      read: async () =>
        uiKind === vscode.UIKind.Web && !vscode.window.state.focused ? undefined : clipboard.readText(),
      write: async (text) => clipboard.writeText(text),
    },
    { setTimeout, clearTimeout },
  );
}
