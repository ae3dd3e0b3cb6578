import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { BrowserContext, Page } from 'playwright-core';
import type * as vscode from 'vscode';

import { openWorkbench, windowSize } from './browser.ts';
import { keepPageLog } from './pageLog.ts';
import { attendPopups } from './popups.ts';
import { callRpc, waitForRpc } from './rpc.ts';
import { isRunning, type Stage, windowFolder } from './stage.ts';
import { until } from './until.ts';

/** One window of VS Code: its page, and a line to its extension host. */
export interface WorkbenchWindow {
  readonly page: Page;
  readonly context: BrowserContext;
  /** The file in which the window's extension host announces itself. */
  readonly rpcFile: string;
}

/** What a window is opened with. */
export interface WindowOptions {
  /** Windows of one context share a user's secrets; without it the window has a context of its own, signed out. */
  readonly context?: BrowserContext;
  /** Leaves the tabs that the window opens alone, for a test that looks at them or plays the user in them. */
  readonly ownPopups?: boolean;
}

async function untilActive(window: WorkbenchWindow): Promise<void> {
  await waitForRpc(window.rpcFile);
  await evaluateInHost(window, (api) =>
    api.extensions.getExtension('airisk.airisk-authentication')?.activate(),
  );
}

/** Opens a window on a folder of its own and waits until the extension is active. */
export async function openWindow(stage: Stage, options: WindowOptions = {}): Promise<WorkbenchWindow> {
  const context = options.context ?? (await stage.browser.newContext({ viewport: windowSize }));
  const name = `window-${randomUUID().slice(0, 8)}`;
  const folder = windowFolder(stage, name);
  await mkdir(folder, { recursive: true });
  const beforeLoad = (page: Page): Promise<void> => keepPageLog(page, `e2e-${name}`);
  const page = await openWorkbench(context, stage.server, { folder, beforeLoad });
  if (options.ownPopups !== true) attendPopups(page);
  const window = { page, context, rpcFile: join(stage.rpcFolder, `${name}.json`) };
  await untilActive(window);
  return window;
}

/** The state of an extension as VS Code has written it by now, JSON; empty for none. */
export async function keptState(page: Page, extensionId: string): Promise<string> {
  // A script, since the tests' types know nothing of a page.
  return page.evaluate<string>(`new Promise((resolve, reject) => {
    const opening = indexedDB.open('vscode-web-state-db-global');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const items = opening.result.transaction('ItemTable').objectStore('ItemTable');
      items.get('${extensionId}').onsuccess = ({ target }) => {
        opening.result.close();
        resolve(target.result ?? '');
      };
    };
  })`);
}

/**
 * Waits until VS Code has kept what it was given, the permissions of extensions too. It writes all of it together,
 * some 100 ms after a change, and a page that is left before loses that.
 */
async function untilKept(window: WorkbenchWindow): Promise<void> {
  const mark = randomUUID();
  await evaluateInHost(window, (_api, text) => globalThis.airiskTestState?.update('mark', text), mark);
  await until(async () => (await keptState(window.page, 'airisk-test.rpc')).includes(mark));
}

/**
 * Has a window say goodbye as it does when its page goes, and waits for the end of its extension host. On a slow
 * computer a page that really goes is gone before its words are sent, and the host waits for hours whether it comes
 * back.
 */
export async function leaveWindow({ page, rpcFile }: WorkbenchWindow): Promise<void> {
  const { pid } = await waitForRpc(rpcFile);
  await page.evaluate(`dispatchEvent(new PageTransitionEvent('pagehide'))`);
  await until(async () => !isRunning(pid));
}

/** Loads a window again, as F5 does when all is kept, and waits until the extension is active. */
export async function reloadWindow(window: WorkbenchWindow): Promise<void> {
  await untilKept(window);
  await leaveWindow(window);
  await rm(window.rpcFile, { force: true });
  await window.page.reload();
  await untilActive(window);
}

/**
 * Evaluates a function in a window's extension host and returns what it returns, as JSON. The function travels as
 * its source: it sees its two arguments, VS Code's API and `argument`, and nothing from around it.
 */
export async function evaluateInHost<Result, Argument = undefined>(
  window: WorkbenchWindow,
  evaluated: (api: typeof vscode, argument: Argument) => Result,
  argument?: Argument,
): Promise<Awaited<Result>> {
  const target = await waitForRpc(window.rpcFile);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON of what the function returned
  return (await callRpc(target, evaluated.toString(), argument)) as Awaited<Result>;
}
