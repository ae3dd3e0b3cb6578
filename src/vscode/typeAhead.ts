import type * as vscode from 'vscode';
import type { Questions } from './questions.ts';

/** How long Enter agrees to nothing, in ms, at first and after each key: it may have been meant for something else. */
const typeAheadMs = 700;

/** A row of such a question. */
export interface CarefulItem extends vscode.QuickPickItem {
  /** It explains the choice above it, and is none. */
  readonly explains?: boolean;
}

/**
 * Asks a person who has to see the question first: what was typed ahead neither filters nor picks anything but the
 * first choice, which must be the one that changes nothing. So again each time the question comes back.
 * @returns `undefined` when the person left, or `signal` aborted
 */
export async function pickWithCare<T extends CarefulItem>(
  questions: Questions,
  picker: vscode.QuickPick<T>,
  choices: readonly [T, ...T[]],
  signal?: AbortSignal,
): Promise<T | undefined> {
  const [refusal] = choices;
  let lastTyped = 0;
  const pointAtRefusal = (): void => {
    picker.activeItems = [refusal];
  };
  const beginAnew = (): void => {
    lastTyped = performance.now();
    // A filter would bring another row to the top.
    picker.value = '';
    pointAtRefusal();
  };
  picker.items = choices;
  picker.onDidChangeValue(beginAnew);
  const listen = (answer: (choice: T) => void): void => {
    picker.onDidAccept(() => {
      const [chosen] = picker.selectedItems;
      if (!chosen) return;
      const isSeen = performance.now() - lastTyped >= typeAheadMs;
      if (chosen === refusal || (isSeen && !chosen.explains)) answer(chosen);
      else pointAtRefusal();
    });
  };
  return questions.ask<T>(picker, listen, signal, beginAnew);
}
