import type { Locator, Page } from 'playwright-core';

/** The menu behind the person's icon in the activity bar. */
export interface AccountsMenu {
  open(): Promise<void>;
  /** The entries of the menu that was opened last, separators left out. */
  entries(): Promise<string[]>;
  /** Opens the submenu of an entry and returns that submenu's entries. */
  submenu(entry: string): Promise<string[]>;
  click(entry: string): Promise<void>;
  close(): Promise<void>;
  /** The number on the icon: how many extensions ask for a sign-in. Empty where none does. */
  badge(): Promise<string>;
}

async function texts(menu: Locator): Promise<string[]> {
  await menu.locator('.action-menu-item').first().waitFor();
  const all = await menu.locator('.action-menu-item .action-label').allTextContents();
  return all.map((text) => text.trim()).filter((text) => text !== '');
}

/** The Accounts menu of a window. */
export function accountsMenu(page: Page): AccountsMenu {
  const icon = page
    .locator('.activitybar .action-item')
    .filter({ has: page.locator('[aria-label^="Accounts"]') });
  const items = page.locator('.monaco-menu .action-item:not(.disabled) .action-label:not(.separator)');
  const labels = page.locator('.monaco-menu .action-menu-item .action-label');
  const item = (entry: string): Locator => labels.filter({ hasText: entry }).last();
  return {
    open: async () => {
      await page.bringToFront();
      await icon.click();
      await items.first().waitFor();
    },
    entries: () => texts(page.locator('.monaco-menu').first()),
    submenu: async (entry) => {
      const before = await page.locator('.monaco-menu').count();
      await item(entry).hover();
      const menu = page.locator('.monaco-menu').nth(before);
      await menu.waitFor();
      return texts(menu);
    },
    click: async (entry) => {
      // VS Code ignores the mouse button for a tenth of a second after a menu has opened.
      await item(entry).hover();
      await page.keyboard.press('Enter');
    },
    close: async () => {
      while ((await page.locator('.monaco-menu').count()) > 0) await page.keyboard.press('Escape');
    },
    badge: async () => ((await icon.locator('.badge-content').allTextContents())[0] ?? '').trim(),
  };
}
