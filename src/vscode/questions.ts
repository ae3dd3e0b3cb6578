import * as vscode from 'vscode';

const { l10n } = vscode;

interface Question {
  readonly input: vscode.QuickInput;
  readonly leave: () => void;
  readonly beforeShow: (() => void) | undefined;
}

/** The command behind Escape, while a question is open. */
export const leaveQuestion = 'airisk.leaveQuestion';

/** For whoever has no Escape at hand: a question stays when one clicks elsewhere. */
export function closeButton(): vscode.QuickInputButton {
  return { iconPath: new vscode.ThemeIcon('close'), tooltip: l10n.t('Cancel') };
}

/**
 * Asks by quick inputs. VS Code hides one when another opens, for a command or for a choice of its own, and does not
 * say why: so Escape is a command here, only it or an answer ends a question, and what was hidden comes back.
 */
export class Questions implements vscode.Disposable {
  /** Those that wait, the one that is asked now last. */
  #waiting: Question[] = [];
  /** How many tasks go on in which VS Code may ask something itself. */
  #held = 0;
  /** Whether something foreign has taken the place of the question. */
  #replaced = false;
  readonly #subscriptions = vscode.Disposable.from(
    vscode.commands.registerCommand(leaveQuestion, () => this.#escape()),
    // Who types, clicks or comes back is done with what had taken the place.
    vscode.window.onDidChangeTextEditorSelection(
      ({ kind }) => kind !== vscode.TextEditorSelectionChangeKind.Command && this.#bringBack(),
    ),
    vscode.window.onDidChangeActiveTextEditor(() => this.#bringBack()),
    vscode.window.onDidChangeActiveTerminal(() => this.#bringBack()),
    vscode.window.onDidChangeWindowState(({ focused }) => focused && this.#bringBack()),
  );

  /**
   * Shows an input until it is answered or left.
   * @param listen hands over what answers
   * @param beforeShow runs each time that the input is about to be shown, at first and when it comes back
   * @returns the answer; `undefined` when the person pressed Escape, or `signal` aborted
   */
  async ask<T>(
    input: vscode.QuickInput,
    listen: (answer: (value: T) => void) => void,
    signal?: AbortSignal,
    beforeShow?: () => void,
  ): Promise<T | undefined> {
    input.ignoreFocusOut = true;
    if (signal?.aborted) return undefined;
    return new Promise<T | undefined>((resolve) => {
      const end = (value: T | undefined): void => {
        signal?.removeEventListener('abort', question.leave);
        this.#waiting = this.#waiting.filter((other) => other !== question);
        input.dispose();
        void this.#show();
        resolve(value);
      };
      const question: Question = { input, leave: () => end(undefined), beforeShow };
      signal?.addEventListener('abort', question.leave);
      input.onDidHide(() => this.#hidden(question));
      listen(end);
      // VS Code reports no second click on a row that is selected: one that was no answer is so no more.
      if (isPicker(input)) input.onDidAccept(() => (input.selectedItems = []));
      this.#waiting.push(question);
      void this.#show();
    });
  }

  /**
   * Lets one of a few items be picked.
   * @returns `undefined` when the person left, or `signal` aborted
   */
  async pick<T extends vscode.QuickPickItem>(
    items: readonly T[],
    title: string,
    placeholder?: string,
    signal?: AbortSignal,
  ): Promise<T | undefined> {
    const picker = vscode.window.createQuickPick<T>();
    picker.title = title;
    picker.placeholder = placeholder;
    picker.items = items;
    picker.matchOnDescription = true;
    picker.buttons = [closeButton()];
    const listen = (answer: (item: T | undefined) => void): void => {
      picker.onDidAccept(() => picker.selectedItems[0] && answer(picker.selectedItems[0]));
      picker.onDidTriggerButton(() => answer(undefined));
    };
    return this.ask<T | undefined>(picker, listen, signal);
  }

  /** Runs a task in which VS Code may ask something itself: the question waits, and comes back after it. */
  async behind<T>(task: () => Thenable<T>): Promise<T> {
    this.#held += 1;
    try {
      return await task();
    } finally {
      this.#held -= 1;
      void this.#show();
    }
  }

  /** Whether something is being asked. */
  get isAsking(): boolean {
    return this.#waiting.length > 0;
  }

  dispose(): void {
    for (const { leave } of this.#waiting) leave();
    this.#subscriptions.dispose();
  }

  async #show(): Promise<void> {
    const asks = this.#waiting.length > 0 && this.#held === 0;
    this.#replaced = false;
    // Before the input: an Escape that comes at once is one for it.
    await vscode.commands.executeCommand('setContext', 'airisk.question', asks);
    const question = this.#held === 0 && this.#waiting.at(-1);
    if (!question) return;
    const { input, beforeShow } = question;
    if (isPicker(input)) sendItemsAgain(input);
    // After the items: VS Code takes what is set together in this order, and new items mark none.
    beforeShow?.();
    input.show();
  }

  #hidden(question: Question): void {
    if (question !== this.#waiting.at(-1) || this.#replaced) return;
    // Until then Escape was for the question; now it is for what VS Code asks.
    if (this.#held > 0) return void this.#show();
    this.#replaced = true;
    void this.#remind(question);
  }

  async #remind(question: Question): Promise<void> {
    const [goOn, cancel] = [l10n.t('Continue'), l10n.t('Cancel')];
    const message = l10n.t('AIRisk is waiting for your answer: {0}', question.input.title ?? '');
    const chosen = await vscode.window.showInformationMessage(message, goOn, cancel);
    if (chosen === goOn) this.#bringBack();
    if (chosen === cancel) question.leave();
  }

  #bringBack(): void {
    if (this.#replaced) void this.#show();
  }

  async #escape(): Promise<void> {
    const question = this.#waiting.at(-1);
    if (question && !this.#replaced) return question.leave();
    // Also when the question has just ended: the key was for what is open now.
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    await this.#show();
  }
}

function isPicker(input: vscode.QuickInput): input is vscode.QuickPick<vscode.QuickPickItem> {
  return 'activeItems' in input;
}

/** VS Code forgets the items of a picker that it has hidden. */
function sendItemsAgain(picker: vscode.QuickPick<vscode.QuickPickItem>): void {
  const { activeItems } = picker;
  picker.items = [...picker.items];
  // None would mark none.
  if (activeItems.length > 0) picker.activeItems = activeItems;
}
