import { createWriteStream } from 'node:fs';

import type { Page } from 'playwright-core';

import { outputPath } from './paths.ts';

/** Keeps what a page prints and the errors that nobody caught in a file. */
export async function keepPageLog(page: Page, name: string): Promise<void> {
  const log = createWriteStream(await outputPath('logs', `${name}.log`), { flags: 'a' });
  page.on('console', (message) => log.write(`${message.type()}: ${message.text()}\n`));
  page.on('pageerror', (error) => log.write(`uncaught: ${error.stack ?? error.message}\n`));
  page.on('requestfailed', (request) => log.write(`failed: ${request.method()} ${request.url()}\n`));
  page.on('crash', () => log.write('the page crashed\n'));
  page.once('close', () => log.end());
}
