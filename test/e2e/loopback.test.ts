import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { Page } from 'playwright-core';
import type { Emulator } from '../emulator/emulator.ts';
import { freePort } from '../harness/ports.ts';
import { stageOf } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { openWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { notifications } from '../harness/workbench/notifications.ts';
import { runCommand } from '../harness/workbench/palette.ts';
import { quickInput } from '../harness/workbench/quickInput.ts';
import { screenshot } from '../harness/workbench/screenshot.ts';
import {
  changeSettings,
  clearNotifications,
  executeCommand,
  signInForTests,
  startSignIn,
} from './support/host.ts';
import { accountsOf, allowInTab, register, signInTab } from './support/tabs.ts';
import { screenshotThemes } from './support/themes.ts';

const paste = 'Paste Address';
const elsewhere = 'VS Code runs on a server';

async function isListening(port: number, host: string): Promise<boolean> {
  const socket = connect({ port, host });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

describe('a redirect to the loopback interface', () => {
  let window: WorkbenchWindow;
  let emulator: Emulator;
  let port: number;

  before(async function () {
    ({ emulator } = stageOf(this));
    window = await openWindow(stageOf(this), { ownPopups: true });
    await signInForTests(window);
    port = await freePort();
  });
  beforeEach(() => emulator.client.reset());
  afterEach(async () => {
    for (const tab of window.context.pages()) if (tab !== window.page) await tab.close();
    await window.page.bringToFront();
    await clearNotifications(window);
  });
  after(async () => {
    await changeSettings(window, { redirectUri: undefined, signInTimeoutMinutes: undefined });
    await window.context.close();
  });

  const use = async (host: string, settings: object = {}): Promise<void> => {
    const redirectUri = `http://${host}:${port}/callback`;
    await register(emulator, redirectUri);
    await changeSettings(window, { redirectUri, ...settings });
  };
  const closed = async (): Promise<void> =>
    until(async () => !(await isListening(port, '127.0.0.1')) && !(await isListening(port, '::1')));

  for (const [host, userid] of [
    ['127.0.0.1', 'user_42'],
    ['localhost', 'user_7'],
    ['[::1]', 'user_1001'],
  ] as const) {
    it(`comes back from http://${host}`, async () => {
      await use(host);
      const answered = window.context.waitForEvent('response', (answer) =>
        answer.url().includes('/callback'),
      );
      const tab = await signInTab(window, userid);
      const headers = await (await answered).allHeaders();
      await tab.getByText('You can close this tab').waitFor();
      assert.equal(await tab.title(), 'Return to VS Code');
      assert.equal(tab.url(), `http://${host}:${port}/callback`);
      assert.equal(headers['referrer-policy'], 'no-referrer');
      assert.equal(headers['cache-control'], 'no-store');
      if (host === 'localhost') await pictures(tab);
      await closed();
      await window.page.bringToFront();
      await notifications(window.page).waitFor(`Signed in to AIRisk as ${userid}`);
      assert.ok((await accountsOf(window)).includes(userid));
    });
  }

  it('is waited for no longer than the list of users for which it was begun is open', async () => {
    await use('127.0.0.1');
    await executeCommand(window, 'airisk.signOut', { userid: '' });
    await emulator.client.setOptions({ mode: 'login' });
    const opened = window.page.waitForEvent('popup');
    await runCommand(window.page, 'AIRisk: Sign In as User');
    await opened;
    await window.page.bringToFront();
    assert.ok(await isListening(port, '127.0.0.1'));
    await quickInput(window.page).cancel();
    await closed();
    await emulator.client.setOptions({ mode: 'immediate' });
    await signInForTests(window);
  });

  it('takes nothing but the redirect that it waits for', async () => {
    await use('127.0.0.1');
    await emulator.client.setOptions({ mode: 'login' });
    const tab = await signInTab(window, 'user_88');
    await tab.getByRole('button', { name: 'Allow' }).waitFor();
    const at = (path: string): string => `http://127.0.0.1:${port}${path}`;
    for (const path of [
      '/callback',
      '/callback?code=x&state=wrong',
      '/callback?code=x',
      '/',
      '/favicon.ico',
    ]) {
      const answer = await fetch(at(path));
      assert.deepEqual([answer.status, await answer.text()], [404, ''], path);
    }
    assert.equal((await fetch(at('/callback?code=x'), { method: 'POST' })).status, 404);
    assert.ok(!(await accountsOf(window)).includes('user_88'));
    await allowInTab(tab);
    await tab.getByText('You can close this tab').waitFor();
    await window.page.bringToFront();
    await notifications(window.page).waitFor('Signed in to AIRisk as user_88');
  });

  it('offers to paste where the browser may be elsewhere, and the offer does no harm afterwards', async () => {
    await use('127.0.0.1');
    await emulator.client.setOptions({ mode: 'login' });
    const tab = await signInTab(window, 'user_42');
    await window.page.bringToFront();
    const toasts = notifications(window.page);
    await toasts.waitFor(elsewhere);
    assert.deepEqual(await toasts.buttons(elsewhere), [paste]);
    await screenshotThemes(window, 'loopback-offer');
    await tab.bringToFront();
    await allowInTab(tab);
    await tab.getByText('You can close this tab').waitFor();
    await window.page.bringToFront();
    await toasts.waitFor('Signed in to AIRisk as user_42');
    await toasts.click(elsewhere, paste);
    await until(async () => !(await toasts.texts()).some((text) => text.includes(elsewhere)));
    // An input box would be there long before this.
    await clearNotifications(window);
    assert.equal(await quickInput(window.page).widget.count(), 0);
  });

  it('comes through a login proxy that lets browsers in and programs not', async () => {
    await use('127.0.0.1');
    await emulator.client.inject({ endpoint: 'authorize', kind: 'loginProxy', times: 0 });
    const tab = await signInTab(window, 'user_88');
    await tab.getByRole('link', { name: 'Sign in' }).click();
    await tab.getByText('You can close this tab').waitFor();
    await window.page.bringToFront();
    await notifications(window.page).waitFor('Signed in to AIRisk as user_88');
  });

  it('says at once that no state came back, and takes nothing', async () => {
    await use('127.0.0.1');
    await emulator.client.setOptions({ mode: 'login' });
    await emulator.client.inject({ endpoint: 'authorize', kind: 'missingState', times: 0 });
    const tab = await signInTab(window, 'user_1001');
    await allowInTab(tab);
    await window.page.bringToFront();
    const toasts = notifications(window.page);
    await toasts.waitFor('did not return the state of this sign-in');
    await screenshotThemes(window, 'loopback-no-state');
    assert.ok(await isListening(port, '127.0.0.1'));
    await toasts.click('Signing in to AIRisk', 'Cancel');
    await closed();
  });

  it('closes the port on Cancel', async () => {
    await use('localhost');
    await emulator.client.setOptions({ mode: 'login' });
    await signInTab(window, 'user_42');
    assert.ok(await isListening(port, '127.0.0.1'));
    assert.ok(await isListening(port, '::1'));
    await window.page.bringToFront();
    await notifications(window.page).click('Signing in to AIRisk', 'Cancel');
    await closed();
  });

  it('closes the port when time is up', async () => {
    await use('127.0.0.1', { signInTimeoutMinutes: 0.05 });
    await emulator.client.setOptions({ mode: 'login' });
    await signInTab(window, 'user_42');
    await window.page.bringToFront();
    await notifications(window.page).waitFor('The browser did not return in time');
    assert.ok(!(await isListening(port, '127.0.0.1')));
    await changeSettings(window, { signInTimeoutMinutes: undefined });
  });

  it('says what to do where the port is taken', async () => {
    await use('127.0.0.1');
    const before = await accountsOf(window);
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    await startSignIn(window, 'user_7');
    const message = await notifications(window.page).waitFor(`Port ${port}`);
    await screenshotThemes(window, 'loopback-port-taken');
    await until(
      async () => !(await notifications(window.page).texts()).some((text) => text.startsWith('Signing in')),
    );
    assert.match(message, /^Port \d+ is in use by another program\. Close the program/);
    const buttons = await notifications(window.page).buttons(message);
    assert.deepEqual(buttons, ['Set Up', 'Try Again']);
    assert.deepEqual(await emulator.client.requests(), []);
    assert.deepEqual(await accountsOf(window), before);
    other.close();
    await once(other, 'close');
    const tab = window.page.waitForEvent('popup');
    await notifications(window.page).click(message, 'Try Again');
    await (await tab).getByText('You can close this tab').waitFor();
  });
});

async function pictures(tab: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await tab.emulateMedia({ colorScheme });
    const scheme = await tab.evaluate('getComputedStyle(document.documentElement).colorScheme');
    assert.equal(scheme, 'light dark');
    await screenshot(tab, `loopback-page-${colorScheme}`);
  }
}
