import type { Page } from 'playwright-core';

import { outputPath } from '../paths.ts';

/** A part of a window, in CSS pixels. */
export interface Part {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Keeps a picture of a window, or a part of it, as `.test-output/screenshots/NAME.png` and returns the file's path. */
export async function screenshot(page: Page, name: string, clip?: Part): Promise<string> {
  const path = await outputPath('screenshots', `${name.replaceAll(/[^\w.-]+/g, '-')}.png`);
  await page.screenshot({ path, animations: 'disabled', caret: 'hide', ...(clip && { clip }) });
  return path;
}
