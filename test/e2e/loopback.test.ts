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
import { statusBarItem } from '../harness/workbench/statusBar.ts';
import { screenshot } from '../harness/workbench/screenshot.ts';
import {
  changeSettings,
  clearNotifications,
  executeCommand,
  signInForTests,
  startCommand,
  startSignIn,
} from './support/host.ts';
import { accountsOf, allowInTab, register, signInTab, signedInAs } from './support/tabs.ts';
import { screenshotThemes } from './support/themes.ts';

// The tests' browser may not sit at the computer of the server, as far as the extension knows.
const waits = 'VS Code runs on a server, so the browser may not find';

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
      await notifications(window.page).waitFor(signedInAs(userid));
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
    await notifications(window.page).waitFor(signedInAs('user_88'));
  });

  it('offers ways on when the browser does not return, and they do no harm afterwards', async () => {
    await use('127.0.0.1');
    await emulator.client.setOptions({ mode: 'login' });
    const tab = await signInTab(window, 'user_42');
    await window.page.bringToFront();
    const toasts = notifications(window.page);
    await toasts.waitFor(waits);
    // The login page stands before the redirect: no way around the browser.
    assert.deepEqual(await toasts.buttons(waits), ['Paste Address', 'Open Again', 'Copy Link', 'Cancel']);
    await screenshotThemes(window, 'loopback-offer');
    await tab.bringToFront();
    await allowInTab(tab);
    await tab.getByText('You can close this tab').waitFor();
    await window.page.bringToFront();
    await toasts.waitFor(signedInAs('user_42'));
    await toasts.click(waits, 'Paste Address');
    await toasts.waitFor('This AIRisk sign-in has ended');
    assert.equal(await quickInput(window.page).widget.count(), 0);
  });

  it('can be continued and cancelled after its messages have been closed', async () => {
    await use('127.0.0.1');
    await emulator.client.setOptions({ mode: 'login' });
    const toasts = notifications(window.page);
    const item = statusBarItem(window.page, 'signIn');
    await (await signInTab(window, 'user_42')).close();
    await window.page.bringToFront();
    await clearNotifications(window);
    await item.filter({ hasText: 'Signing in to AIRisk…' }).waitFor();
    await screenshotThemes(window, 'loopback-waiting-item');
    const again = window.page.waitForEvent('popup');
    await item.click();
    await toasts.click(waits, 'Open Again');
    await (await again).close();
    await window.page.bringToFront();
    await toasts.click(waits, 'Cancel');
    await closed();
    await item.waitFor({ state: 'detached' });
    await (await signInTab(window, 'user_42')).close();
    await window.page.bringToFront();
    await item.waitFor();
    await runCommand(window.page, 'AIRisk: Cancel Sign-In');
    await closed();
    await item.waitFor({ state: 'detached' });
    await executeCommand(window, 'airisk.cancelSignIn');
    await toasts.waitFor('No AIRisk sign-in is waiting');
  });

  it('copies the link that the browser was to open', async () => {
    await use('127.0.0.1');
    await emulator.client.setOptions({ mode: 'login' });
    const { origin } = new URL(window.page.url());
    await window.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
    const tab = await signInTab(window, 'user_42');
    const address = tab.url();
    await tab.close();
    await window.page.bringToFront();
    await runCommand(window.page, 'AIRisk: Continue Sign-In');
    await notifications(window.page).click(waits, 'Copy Link');
    await notifications(window.page).waitFor('Link copied');
    const copied = await window.page.evaluate<string>('navigator.clipboard.readText()');
    assert.match(copied, /\/api\/oauth2\?client_id=abc123&.*&state=[\w-]{43}$/);
    const opened = await window.context.newPage();
    await opened.goto(copied);
    assert.equal(opened.url(), address);
    await allowInTab(opened);
    await window.page.bringToFront();
    await notifications(window.page).waitFor('Signed in to AIRisk as user_42');
  });

  describe('for which a sign-in was left waiting', () => {
    const inTheWay = 'Your sign-in as user_42';
    beforeEach(async () => {
      await use('127.0.0.1');
      await emulator.client.setOptions({ mode: 'login' });
      await (await signInTab(window, 'user_42')).close();
      await window.page.bringToFront();
      await clearNotifications(window);
    });
    afterEach(async () => {
      await executeCommand(window, 'airisk.cancelSignIn');
      await closed();
    });

    it('is left to the next sign-in', async () => {
      const toasts = notifications(window.page);
      await startSignIn(window, 'user_88');
      const message = await toasts.waitFor(inTheWay);
      assert.deepEqual(await toasts.buttons(message), ['Cancel It and Continue']);
      await screenshotThemes(window, 'loopback-own-sign-in');
      const tab = window.page.waitForEvent('popup');
      await toasts.click(message, 'Cancel It and Continue');
      await allowInTab(await tab);
      await window.page.bringToFront();
      await toasts.waitFor('Signed in to AIRisk as user_88');
    });

    it('is left to a renewal that takes the browser', async () => {
      const toasts = notifications(window.page);
      await startCommand(window, 'airisk.renew', { userid: 'user_7' });
      assert.deepEqual(await toasts.buttons(await toasts.waitFor(inTheWay)), ['Cancel It and Continue']);
      const tab = window.page.waitForEvent('popup');
      await toasts.click(inTheWay, 'Cancel It and Continue');
      await allowInTab(await tab);
      await window.page.bringToFront();
      await toasts.waitFor('Renewed the AIRisk token for');
    });

    it('is diagnosed as what it is', async () => {
      const toasts = notifications(window.page);
      await executeCommand(window, 'airisk.diagnose');
      const failed = 'AIRisk: one check failed';
      assert.equal((await toasts.buttons(await toasts.waitFor(failed)))[0], 'Cancel It and Continue');
      await screenshot(window.page, 'loopback-own-sign-in-diagnosed');
      await toasts.click(failed, 'Cancel It and Continue');
      await closed();
    });

    it('does not stop the test of set-up', async function () {
      // The report would take the keyboard away.
      await executeCommand(window, 'workbench.action.closeAllEditors');
      await startCommand(window, 'airisk.setUp');
      const input = quickInput(window.page);
      await input.pick('default');
      await input.waitForMessage('Address of your AIRisk deployment');
      await input.accept();
      await input.waitForMessage('Client ID');
      await input.accept();
      await input.waitForMessage('Client secret');
      await input.accept();
      await input.pick('Receive it on a local port');
      await input.waitForMessage('It must be registered exactly as shown');
      await input.accept();
      await input.widget.getByText('Finish it, or cancel it and continue').waitFor();
      await screenshot(window.page, 'loopback-own-sign-in-set-up');
      await input.pick('Cancel It and Continue');
      await input.pick('Close');
    });
  });

  it('comes through a login proxy that lets browsers in and programs not', async () => {
    await use('127.0.0.1');
    await emulator.client.inject({ endpoint: 'authorize', kind: 'loginProxy', times: 0 });
    const tab = await signInTab(window, 'user_88');
    await tab.getByRole('link', { name: 'Sign in' }).click();
    await tab.getByText('You can close this tab').waitFor();
    await window.page.bringToFront();
    await notifications(window.page).waitFor(signedInAs('user_88'));
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
    await use('127.0.0.1', { signInTimeoutMinutes: 0.1 });
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
    assert.match(
      message,
      /^Port \d+ is in use by another program, or by a sign-in in another window\. Close the program/,
    );
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
