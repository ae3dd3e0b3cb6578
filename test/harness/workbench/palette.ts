import type { Locator, Page } from 'playwright-core';

import { succeeds, until } from '../until.ts';
import { type QuickInput, quickInput } from './quickInput.ts';

/**
 * Opens the command palette, and returns its box. A busy window may drop the key, or give the focus to something else, which
 * closes the palette: then it is opened once more, as a person does.
 */
export async function showPalette(page: Page): Promise<Locator> {
  const box = quickInput(page).widget.locator('input[placeholder*="name of a command"]');
  await until(async () => {
    await page.keyboard.press('F1');
    return succeeds(box.waitFor({ timeout: 5_000 }));
  });
  return box;
}

/** Opens the command palette with a text in it. */
export async function searchPalette(page: Page, text: string): Promise<QuickInput> {
  await page.bringToFront();
  await until(async () => succeeds((await showPalette(page)).fill(`>${text}`, { timeout: 5_000 })));
  return quickInput(page);
}

/** Runs the command with this title (`Category: Title`) from the command palette, as a user does. */
export async function runCommand(page: Page, title: string): Promise<void> {
  // What takes the focus late, as a preview does, closes the palette under the click.
  await until(async () => succeeds((await searchPalette(page, title)).pick(title, 10_000)));
}

/** The titles that the command palette offers for a text. */
export async function listCommands(page: Page, text: string): Promise<string[]> {
  const palette = await searchPalette(page, text);
  const labels = await palette.labels();
  await palette.cancel();
  return labels;
}
