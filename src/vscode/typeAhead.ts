import type * as vscode from 'vscode';

/** How long Enter agrees to nothing, in ms, at first and after each key: it may have been meant for something else. */
const typeAheadMs = 700;

/**
 * Lets a picker be answered by a person who has seen it, not by what was typed ahead: that neither filters nor picks
 * anything but the first choice, which must be the one that changes nothing.
 */
export function guardFromTypeAhead<T extends vscode.QuickPickItem>(
  picker: vscode.QuickPick<T>,
  choices: readonly [T, ...T[]],
  answer: (choice: T) => void,
): void {
  const [refusal] = choices;
  let lastTyped = performance.now();
  const pointAtRefusal = (): void => {
    picker.activeItems = [refusal];
  };
  picker.items = choices;
  pointAtRefusal();
  // A filter would bring another row to the top.
  picker.onDidChangeValue(() => {
    lastTyped = performance.now();
    picker.value = '';
    pointAtRefusal();
  });
  picker.onDidAccept(() => {
    const [chosen] = picker.selectedItems;
    if (!chosen) return;
    if (chosen === refusal || performance.now() - lastTyped >= typeAheadMs) answer(chosen);
    else pointAtRefusal();
  });
}
