import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { SecretClipboard } from '../../core/secretClipboard.ts';
import { lazily, number, string } from '../../core/schema.ts';
import { clipboardPending, keep } from '../persistentState.ts';

// Later it is not worth a look at what the user has copied: that token has expired, or something else was copied.
const rememberedForMs = 3_600_000;

const Pending = lazily(() => z.object({ digest: string(), at: number() }));

/** The host's clipboard for tokens; what a window that has ended left on it is cleared too. */
export function createSecretClipboard(
  state: vscode.Memento,
  digest: (text: string) => string,
): SecretClipboard {
  const { clipboard, uiKind } = vscode.env;
  const now = Date.now;
  const { data } = Pending().safeParse(state.get(clipboardPending));
  return new SecretClipboard(
    {
      // A browser lets only the tab in front read, and VS Code shows an error where it may not.
      read: async () =>
        uiKind === vscode.UIKind.Web && !vscode.window.state.focused ? undefined : clipboard.readText(),
      write: async (text) => clipboard.writeText(text),
      remember: (pending) => void keep(state, clipboardPending, pending).catch(() => undefined),
      digest,
      now,
    },
    { setTimeout, clearTimeout },
    data && data.at + rememberedForMs > now() ? data : undefined,
  );
}
