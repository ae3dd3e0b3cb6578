import type { Locator, Page } from 'playwright-core';

import { succeeds, until } from '../until.ts';

/** The status bar entry with the id that its extension gave it. */
export function statusBarItem(page: Page, id: string): Locator {
  // VS Code puts the extension's id in front of an entry's own.
  return page.locator(`.part.statusbar .statusbar-item[id="airisk.airisk-authentication.${id}"]`);
}

/** The text of a status bar entry, once it is shown. */
export async function statusBarText(page: Page, id: string): Promise<string> {
  const item = statusBarItem(page, id);
  await item.waitFor();
  return ((await item.textContent()) ?? '').trim();
}

/** What a screen reader says of a status bar entry: its accessible name. */
export async function statusBarLabel(page: Page, id: string): Promise<string> {
  const item = statusBarItem(page, id);
  await item.waitFor();
  return (await item.getAttribute('aria-label')) ?? '';
}

/** The tooltip of the sessions, which has a table as no other hover does. */
export function sessionsTooltip(page: Page): Locator {
  return page.locator('.monaco-hover:visible:has(table)');
}

/**
 * Points at a status bar entry until its tooltip is there: a busy browser may miss that the mouse has come, and an entry
 * that changes takes its tooltip away.
 */
export async function hoverStatusBar(page: Page, id: string, tooltip: Locator): Promise<void> {
  await until(async () => {
    await page.mouse.move(10, 300);
    await statusBarItem(page, id).locator('a').hover();
    return succeeds(tooltip.waitFor({ timeout: 5_000 }));
  });
}

/** Clicks a status bar entry. */
export async function clickStatusBar(page: Page, id: string): Promise<void> {
  await statusBarItem(page, id).locator('a').click();
}
