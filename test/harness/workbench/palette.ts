import type { Page } from 'playwright-core';

import { quickInput } from './quickInput.ts';

/** Runs the command with this title (`Category: Title`) from the command palette, as a user does. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await page.bringToFront();
  await page.keyboard.press('F1');
  const palette = quickInput(page);
  await palette.type(`>${title}`);
  await palette.pick(title);
}

/** The titles that the command palette offers for a text. */
export async function listCommands(page: Page, text: string): Promise<string[]> {
  await page.bringToFront();
  await page.keyboard.press('F1');
  const palette = quickInput(page);
  await palette.type(`>${text}`);
  const labels = await palette.labels();
  await palette.cancel();
  return labels;
}
