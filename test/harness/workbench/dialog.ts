import type { Page } from 'playwright-core';

/** Drives the modal dialog that is open, or is about to open. */
export interface Dialog {
  /** The message and, on a line of its own, the detail. */
  text(): Promise<string>;
  buttons(): Promise<string[]>;
  click(button: string): Promise<void>;
  /** Tells whether a dialog is open at this moment. */
  isOpen(): Promise<boolean>;
}

/** The modal dialog of a window, such as VS Code's question whether an extension may use a session. */
export function dialog(page: Page): Dialog {
  const box = page.locator('.monaco-dialog-box');
  const buttons = box.locator('.dialog-buttons .monaco-button');
  return {
    text: async () => {
      await box.waitFor();
      const parts = await box.locator('.dialog-message-text, .dialog-message-detail').allTextContents();
      return parts
        .map((part) => part.trim())
        .filter((part) => part !== '')
        .join('\n');
    },
    buttons: async () => {
      await box.waitFor();
      return (await buttons.allTextContents()).map((text) => text.trim());
    },
    click: async (button) => {
      // Without the mouse: while a tab is in front the workbench draws no frames, and a real click waits for one.
      await buttons.filter({ hasText: button }).first().dispatchEvent('click');
      await box.waitFor({ state: 'detached' });
    },
    isOpen: () => box.isVisible(),
  };
}
