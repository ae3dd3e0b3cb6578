import type { Page } from 'playwright-core';

import { outputPath } from '../paths.ts';

/** Keeps a picture of a window as `.test-output/screenshots/NAME.png` and returns the file's path. */
export async function screenshot(page: Page, name: string): Promise<string> {
  const path = await outputPath('screenshots', `${name.replaceAll(/[^\w.-]+/g, '-')}.png`);
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
  return path;
}
