import * as vscode from 'vscode';
import { SecretClipboard } from '../../core/secretClipboard.ts';
import type { PersistentState } from '../persistentState.ts';

// Later it is not worth a look at what the user has copied: that token has expired, or something else was copied.
const rememberedForMs = 3_600_000;

/**
 * The host's clipboard for tokens; what a window that has ended left on it is cleared too, by a new one or by the one
 * that is used next.
 * @param digest a one-way hash of a text
 */
export function createSecretClipboard(
  state: PersistentState,
  digest: (text: string) => string,
): SecretClipboard {
  const { clipboard, uiKind } = vscode.env;
  const now = Date.now;
  return new SecretClipboard(
    {
      // A browser lets only the tab in front read, and VS Code shows an error when it may not.
      read: async () =>
        uiKind === vscode.UIKind.Web && !vscode.window.state.focused ? undefined : clipboard.readText(),
      write: async (text) => clipboard.writeText(text),
      remember: (pendingClear) => void state.setPendingClear(pendingClear).catch(() => undefined),
      remembered: () => {
        const pending = state.pendingClear();
        return pending && pending.at + rememberedForMs > now() ? pending : undefined;
      },
      onDidFocus: (listener) => vscode.window.onDidChangeWindowState(({ focused }) => focused && listener()),
      digest,
      now,
    },
    { setTimeout, clearTimeout },
  );
}
