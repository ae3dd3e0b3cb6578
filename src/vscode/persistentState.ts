import type * as vscode from 'vscode';

/** Where it is kept that the person was welcomed, or need not be. */
export const welcomed = 'welcomed';

/** Where the token is kept, as a hash, that is still to be taken off the clipboard. */
export const clipboardPending = 'clipboard';

/**
 * Writes a value of the extension's state, once more where VS Code loses it: it takes the echo of an earlier write
 * for the whole state, without what was set meanwhile. When a write has ended, all echoes before it have come.
 */
export async function keep(
  state: vscode.Memento,
  key: string,
  value: string | boolean | object | undefined,
): Promise<void> {
  await state.update(key, value);
  if (JSON.stringify(state.get(key)) !== JSON.stringify(value)) await state.update(key, value);
}
