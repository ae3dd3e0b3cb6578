import type * as vscode from 'vscode';
import * as z from 'zod/mini';
import { remember } from '../persistentState.ts';

const Name = z.string();
const key = 'window';

/**
 * Names what is open in a window: the same after a reload, and in a second window of it. A window with nothing open has
 * a name of its own, for the terminals of each may be meant for a different account.
 * @param ownState the `workspaceState`; `undefined` when windows with nothing open share one, as in a browser: the name
 * lasts for one load then
 * @param random a name that no other window has
 */
export function windowName(
  { workspaceFile, workspaceFolders }: Pick<typeof vscode.workspace, 'workspaceFile' | 'workspaceFolders'>,
  ownState: vscode.Memento | undefined,
  random: string,
): string {
  const opened = (workspaceFile ?? workspaceFolders?.[0]?.uri)?.toString();
  if (opened !== undefined) return opened;
  const kept = Name.safeParse(ownState?.get(key));
  if (kept.success) return kept.data;
  // A name that cannot be kept lasts for one load, too.
  if (ownState) remember(ownState, key, random).catch(() => undefined);
  return random;
}
