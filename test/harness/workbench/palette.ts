import type { Page } from 'playwright-core';

import { until } from '../until.ts';
import { type QuickInput, quickInput } from './quickInput.ts';

/**
 * Opens the command palette with a text in it. A busy window may drop the key, or give the focus to something else, which
 * closes the palette: then it is opened once more, as a person does.
 */
async function openPalette(page: Page, text: string): Promise<QuickInput> {
  await page.bringToFront();
  const palette = quickInput(page);
  await until(async () => {
    await page.keyboard.press('F1');
    return palette.tryToType(`>${text}`);
  });
  return palette;
}

/** Runs the command with this title (`Category: Title`) from the command palette, as a user does. */
export async function runCommand(page: Page, title: string): Promise<void> {
  const palette = await openPalette(page, title);
  await palette.pick(title);
}

/** The titles that the command palette offers for a text. */
export async function listCommands(page: Page, text: string): Promise<string[]> {
  const palette = await openPalette(page, text);
  const labels = await palette.labels();
  await palette.cancel();
  return labels;
}
