import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

import type { CodeServer } from './codeServer.ts';

/** How the browser is opened. */
export interface BrowserOptions {
  readonly executablePath: string;
  /** Shows it, for looking on while a test runs. */
  readonly headed?: boolean;
}

// Root has no sandbox in a container; the rest keeps Chromium from talking to anyone. Playwright itself adds
// --disable-popup-blocking: the tab of a sign-in is opened by code that runs long after the user's click.
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function launchOptions(options: BrowserOptions): Parameters<typeof chromium.launch>[0] {
  const headed = options.headed ?? process.env['AIRISK_HEADED'] === '1';
  return { executablePath: options.executablePath, headless: !headed, args: flags };
}

/** Starts a browser; each context of it is a user who is signed out. */
export async function openBrowser(options: BrowserOptions): Promise<Browser> {
  return chromium.launch(launchOptions(options));
}

/** Starts a browser on a profile folder, so that secrets survive its end. */
export async function openProfile(profileDir: string, options: BrowserOptions): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profileDir, { ...launchOptions(options), viewport: windowSize });
}

/** How many ms a test and each of its waits may take: only what never comes fails, also on a machine of another speed. */
export const patience = 300_000;

/** The size of a window, in which the whole status bar and every dialog fit. */
export const windowSize = { width: 1280, height: 800 };

/** What a window is opened with. */
export interface WorkbenchOptions {
  /** Pairs that VS Code reads from the address, such as the path of a test suite. */
  readonly payload?: readonly (readonly [string, string])[];
  /** The folder to open, the server's own otherwise. */
  readonly folder?: string;
  /** Prepares the page before anything is loaded. */
  readonly beforeLoad?: (page: Page) => Promise<void>;
}

/** Opens a window of VS Code and waits until its workbench stands. */
export async function openWorkbench(
  context: BrowserContext,
  server: CodeServer,
  options: WorkbenchOptions = {},
): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(patience / 2);
  await options.beforeLoad?.(page);
  const address = new URL('/', server.origin);
  address.searchParams.set('folder', options.folder ?? server.folder);
  if (options.payload !== undefined) address.searchParams.set('payload', JSON.stringify(options.payload));
  await page.goto(address.href);
  await page.locator('.monaco-workbench .part.statusbar').waitFor();
  return page;
}
