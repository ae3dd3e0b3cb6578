import * as vscode from 'vscode';

/**
 * The rows of a picker that change while it is open. The workbench names a row by its place, which VS Code looks up
 * among the rows that were set last: a click on rows that have just been replaced would be one on somebody else's.
 * @see VS Code API, QuickPick.items
 */
export class ChangingRows<T extends vscode.QuickPickItem> {
  readonly #picker: vscode.QuickPick<T>;
  readonly #identityOf: (row: T) => string;
  /** Those that were set last, after those that the workbench may still show in their place. */
  #lists: (readonly T[])[] = [];
  #picked: T | 'unclear' | undefined;

  /** @param identityOf the same for rows that mean the same to the person who picks one of them */
  constructor(picker: vscode.QuickPick<T>, identityOf: (row: T) => string) {
    this.#picker = picker;
    this.#identityOf = identityOf;
    picker.onDidChangeSelection(([row]) => {
      if (row) this.#picked = this.isClear(row) ? row : 'unclear';
      // A place that the rows set last do not have; when they are shown, nothing is selected any more.
      else this.#picked = this.areShown ? undefined : 'unclear';
    });
  }

  /** Replaces the rows, and marks the one that means the same as the first of `wanted` for which there is one. */
  set(rows: readonly T[], ...wanted: readonly (T | undefined)[]): void {
    this.#picker.items = rows;
    const marked = wanted
      .map((row) => row && rows.find((one) => this.#identityOf(one) === this.#identityOf(row)))
      .find((row) => row !== undefined);
    if (marked) this.#picker.activeItems = [marked];
    this.#lists.push(rows);
    void this.#noteShown(rows);
  }

  /** Whether it is certain that the workbench shows the rows that were set last. */
  get areShown(): boolean {
    return this.#lists.length <= 1;
  }

  /** Whether what the workbench said of a row was said of that one, whichever rows it shows. */
  isClear(row: T): boolean {
    const place = this.#picker.items.indexOf(row);
    const candidates = this.#lists.flatMap((rows) => rows[place] ?? []).filter((one) => !isSeparator(one));
    return candidates.every((one) => this.#identityOf(one) === this.#identityOf(row)) && !isSeparator(row);
  }

  /**
   * Listens to what a person picks: a row, or `undefined` for Enter while none is marked. When it is not clear which,
   * nothing is picked: the person sees the new rows by then, and picks again.
   */
  onDidPick(listener: (picked: T | undefined) => void): void {
    this.#picker.onDidAccept(() => {
      const picked = this.#picked;
      this.#picked = undefined;
      if (picked !== 'unclear') listener(picked);
    });
  }

  async #noteShown(rows: readonly T[]): Promise<void> {
    // What is set goes to the workbench in the next turn, and the answer to a command that follows comes after
    // whatever the workbench has said until then.
    await new Promise((resolve) => setTimeout(resolve));
    await vscode.commands.executeCommand('setContext', 'airisk.rowsShown', true);
    this.#lists.splice(0, this.#lists.indexOf(rows));
    if (this.areShown) this.#picked = undefined;
  }
}

function isSeparator({ kind }: vscode.QuickPickItem): boolean {
  return kind === vscode.QuickPickItemKind.Separator;
}
