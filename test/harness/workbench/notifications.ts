import type { Locator, Page } from 'playwright-core';

/** The notification toasts of a window. */
export interface Notifications {
  /** The messages of the toasts that are shown now. */
  texts(): Promise<string[]>;
  /** Waits for a toast whose message contains `text`, and returns the message. */
  waitFor(text: string | RegExp): Promise<string>;
  /** The buttons of the toast whose message contains `text`. */
  buttons(text: string | RegExp): Promise<string[]>;
  click(text: string | RegExp, button: string): Promise<void>;
}

function message(toast: Locator): Locator {
  return toast.locator('.notification-list-item-message');
}

/** The toasts in the corner of a window. They are hidden while the smoke-test driver is on. */
export function notifications(page: Page): Notifications {
  const toasts = page.locator('.notifications-toasts .notification-toast .notification-list-item');
  const find = (text: string | RegExp): Locator => toasts.filter({ hasText: text }).first();
  return {
    texts: async () => (await message(toasts).allTextContents()).map((text) => text.trim()),
    waitFor: async (text) => {
      await find(text).waitFor();
      return ((await message(find(text)).textContent()) ?? '').trim();
    },
    buttons: async (text) => {
      await find(text).waitFor();
      return (
        await find(text).locator('.notification-list-item-buttons-container .monaco-button').allTextContents()
      )
        .map((label) => label.trim())
        .filter((label) => label !== '');
    },
    click: async (text, button) => {
      const buttons = find(text).locator('.notification-list-item-buttons-container .monaco-button');
      await buttons.filter({ hasText: button }).first().dispatchEvent('click');
    },
  };
}
