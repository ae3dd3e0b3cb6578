import type { Locator, Page } from 'playwright-core';

import { until } from '../until.ts';

/** The notifications of a window: its toasts, and its notification centre when that is open. */
export interface Notifications {
  /** The messages that are shown now. */
  texts(): Promise<string[]>;
  /** Waits for a message that contains `text`, and returns it. */
  waitFor(text: string | RegExp): Promise<string>;
  /** The buttons of the message that contains `text`. */
  buttons(text: string | RegExp): Promise<string[]>;
  click(text: string | RegExp, button: string): Promise<void>;
}

/** The notifications of a window. Their toasts are hidden while the smoke-test driver is on. */
export function notifications(page: Page): Notifications {
  const all = page.locator(
    ':is(.notifications-toasts .notification-toast, .notifications-center.visible) .notification-list-item',
  );
  const message = '.notification-list-item-message';
  const button = '.notification-list-item-buttons-container .monaco-button';
  const find = (text: string | RegExp): Locator => all.filter({ hasText: text }).first();
  // There is something to read, and none of it is shown.
  const unread = page.locator(
    '.monaco-workbench:not(:has(.notifications-toasts.visible, .notifications-center.visible)) ' +
      '[id="status.notifications"]:has(.codicon-bell-dot)',
  );
  /**
   * Waits for a message. VS Code hides a toast after some seconds, and shows none after three at once; what it was
   * is in the notification centre then.
   */
  const shown = async (text: string | RegExp): Promise<Locator> => {
    const found = find(text);
    await until(async () => {
      await found.or(unread).first().waitFor();
      // The dot comes some frames before the toast.
      if (!(await found.isVisible())) await page.waitForTimeout(200);
      if (await found.isVisible()) return true;
      // The toast may come while the centre is opened, and hide again: then all begins anew.
      const opener = unread.locator('a').first();
      await opener.dispatchEvent('click', {}, { timeout: 1_000 }).catch(() => undefined);
      return false;
    });
    return found;
  };
  return {
    texts: async () => (await all.locator(message).allTextContents()).map((text) => text.trim()),
    waitFor: async (text) => ((await (await shown(text)).locator(message).textContent()) ?? '').trim(),
    buttons: async (text) => {
      const labels = await (await shown(text)).locator(button).allTextContents();
      return labels.map((label) => label.trim()).filter((label) => label !== '');
    },
    click: async (text, name) => {
      const buttons = (await shown(text)).locator(button);
      await buttons.filter({ hasText: name }).first().dispatchEvent('click');
    },
  };
}
