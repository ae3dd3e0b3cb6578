import assert from 'node:assert/strict';
import { mock } from 'node:test';
import * as vscode from 'vscode';

/** A quick pick whose workbench follows when the test lets it, and names rows by their places as the real one does. */
export interface FakePicker<T extends vscode.QuickPickItem> {
  readonly picker: vscode.QuickPick<T>;
  /** What the workbench shows. */
  readonly shown: () => readonly T[];
  /** Lets the workbench show the rows that were set last. */
  readonly follow: () => Promise<void>;
  /** Types a text. */
  readonly type: (text: string) => void;
  /** Picks the row with this label among those that are shown, with a click or Enter. */
  readonly pick: (label: string) => void;
  /** Presses the button of the row with this label. */
  readonly press: (label: string, button: number) => void;
  /** Presses Enter while no row is marked. */
  readonly enter: () => void;
  /** Gives what it has taken the place of back. */
  readonly restore: () => void;
}

/**
 * Makes the quick pick that is opened next, and takes the place of `executeCommand` and `createQuickPick`.
 * @param execute runs all commands but the one that only goes to the workbench and back
 * @see VS Code, src/vs/workbench/api/common/extHostQuickOpen.ts
 */
export function fakePicker<T extends vscode.QuickPickItem>(
  execute: (command: string, ...rest: unknown[]) => Promise<unknown>,
): FakePicker<T> {
  const accepted = new vscode.EventEmitter<void>();
  const typed = new vscode.EventEmitter<string>();
  const selected = new vscode.EventEmitter<readonly T[]>();
  const pressed = new vscode.EventEmitter<vscode.QuickPickItemButtonEvent<T>>();
  const waiting: (() => void)[] = [];
  let shown: readonly T[] = [];
  const picker = {
    value: '',
    items: [] as readonly T[],
    activeItems: [] as readonly T[],
    selectedItems: [] as readonly T[],
    onDidAccept: accepted.event,
    onDidChangeValue: typed.event,
    onDidChangeSelection: selected.event,
    onDidTriggerButton: () => new vscode.Disposable(() => undefined),
    onDidTriggerItemButton: pressed.event,
  };
  const created = mock.method(vscode.window, 'createQuickPick', () => picker);
  const executed = mock.method(
    vscode.commands,
    'executeCommand',
    (command: string, ...rest: unknown[]): Promise<unknown> =>
      rest[0] === 'airisk.rowsShown'
        ? new Promise<void>((resolve) => waiting.push(resolve))
        : execute(command, ...rest),
  );
  const named = (label: string): T[] => {
    const place = shown.findIndex((one) => one.label === label);
    assert.notEqual(place, -1, `${label} is not shown`);
    return picker.items.slice(place, place + 1);
  };
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what pickers with changing rows use is there
    picker: picker as unknown as vscode.QuickPick<T>,
    shown: () => shown,
    follow: async () => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      shown = picker.items;
      for (const done of waiting.splice(0)) done();
      await new Promise(setImmediate);
    },
    type: (text) => {
      picker.value = text;
      typed.fire(text);
    },
    pick: (label) => {
      picker.selectedItems = named(label);
      selected.fire(picker.selectedItems);
      accepted.fire();
    },
    press: (label, button) => {
      const [item] = named(label);
      const action = item?.buttons?.[button];
      if (item && action) pressed.fire({ item, button: action });
    },
    enter: () => accepted.fire(),
    restore: () => {
      created.mock.restore();
      executed.mock.restore();
    },
  };
}
