import type { Locator, Page } from 'playwright-core';

import { until } from '../until.ts';

// Over the 700 ms for which a question agrees to nothing.
const typeAheadMs = 800;

/** One row of a list to pick from. */
export interface QuickPickRow {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

/** Drives the quick pick or input box that is open, or is about to open. */
export interface QuickInput {
  readonly widget: Locator;
  /** Replaces what is in the box; waits for the box first. */
  type(text: string): Promise<void>;
  press(key: string): Promise<void>;
  /**
   * Types nothing and picks the row whose label is `label`.
   * @param timeout ms; without it as long as the page waits
   */
  pick(label: string | RegExp, timeout?: number): Promise<void>;
  /** Types a text and clicks the row with this label in one turn of the workbench: no extension follows so fast. */
  typeAndPick(text: string, label: string): Promise<void>;
  /** Picks as somebody who has read the question: what comes sooner may have been meant for something else. */
  pickRead(label: string): Promise<void>;
  /** The rows that are drawn, once there is at least one. A long list draws only those in view. */
  rows(): Promise<QuickPickRow[]>;
  labels(): Promise<string[]>;
  title(): Promise<string>;
  placeholder(): Promise<string>;
  value(): Promise<string>;
  /** What stands below the box: the prompt, or in its place what is wrong with the value. */
  message(): Promise<string>;
  /** Waits for a step of a flow that counts them. */
  waitForStep(step: number, of: number): Promise<void>;
  /** Waits until the empty box says a text. */
  waitForPlaceholder(text: string): Promise<void>;
  /** Waits until the message contains a text. */
  waitForMessage(text: string | RegExp): Promise<void>;
  accept(): Promise<void>;
  cancel(): Promise<void>;
  waitUntilClosed(): Promise<void>;
}

async function textOf(locator: Locator): Promise<string> {
  return (await locator.count()) === 0 ? '' : ((await locator.first().textContent()) ?? '').trim();
}

/** The quick input of a window. */
export function quickInput(page: Page): QuickInput {
  const widget = page.locator('.quick-input-widget:visible');
  const box = widget.locator('.quick-input-filter input');
  const list = widget.locator('.quick-input-list .monaco-list-row');

  const readRows = async (): Promise<QuickPickRow[]> => {
    const texts = await list.evaluateAll((all) =>
      all.map((row) =>
        ['.quick-input-list-row .label-name', '.label-description', '.quick-input-list-label-meta'].map(
          (selector) => row.querySelector(selector)?.textContent.trim() ?? '',
        ),
      ),
    );
    return texts.map(([label = '', description = '', detail = '']) => ({ label, description, detail }));
  };
  const rows = async (): Promise<QuickPickRow[]> => {
    let read: QuickPickRow[] = [];
    // VS Code draws a list several times while it opens: it counts once it stays as it is.
    await until(async () => {
      await list.first().waitFor();
      const before = JSON.stringify(read);
      read = await readRows();
      return read.length > 0 && JSON.stringify(read) === before;
    });
    return read;
  };
  const pick = (label: string | RegExp, timeout?: number): Promise<void> =>
    list
      .filter({ has: page.locator('.label-name', { hasText: exactly(label) }) })
      .first()
      .click(timeout === undefined ? {} : { timeout });
  const press = async (key: string): Promise<void> => {
    await widget.waitFor();
    await page.keyboard.press(key);
  };
  return {
    widget,
    waitForStep: (step, of) => widget.locator('.quick-input-title', { hasText: `(${step}/${of})` }).waitFor(),
    waitForPlaceholder: (text) =>
      widget.locator(`.quick-input-filter input[placeholder*="${text}"]`).waitFor(),
    rows,
    press,
    type: (text) => box.fill(text),
    pick,
    typeAndPick: (text, label) =>
      page.evaluate(`(() => {
        const [text, label] = ${JSON.stringify([text, label])};
        const input = document.querySelector('.quick-input-widget .quick-input-filter input');
        input.value = text;
        input.dispatchEvent(new InputEvent('input', { bubbles: true }));
        const row = [...document.querySelectorAll('.quick-input-list .monaco-list-row')].find(
          (one) => one.querySelector('.label-name')?.textContent.trim() === label,
        );
        for (const event of ['mousedown', 'mouseup', 'click'])
          row.dispatchEvent(new MouseEvent(event, { bubbles: true, detail: 1 }));
      })()`),
    pickRead: async (label) => {
      await list.first().waitFor();
      await page.waitForTimeout(typeAheadMs);
      await pick(label);
    },
    labels: async () => (await rows()).map((row) => row.label),
    title: () => textOf(widget.locator('.quick-input-title')),
    placeholder: async () => (await box.getAttribute('placeholder')) ?? '',
    value: () => box.inputValue(),
    message: () => textOf(widget.locator('.quick-input-message')),
    waitForMessage: (text) =>
      widget.locator('.quick-input-message').filter({ hasText: text }).first().waitFor(),
    accept: () => press('Enter'),
    cancel: () => press('Escape'),
    waitUntilClosed: () => widget.waitFor({ state: 'detached' }),
  };
}

function exactly(text: string | RegExp): RegExp {
  return typeof text === 'string'
    ? new RegExp(`^\\s*${text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}\\s*$`)
    : text;
}
