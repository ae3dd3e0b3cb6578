import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { stageOf } from '../harness/stage.ts';
import type { Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { openWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { notifications } from '../harness/workbench/notifications.ts';
import { runCommand } from '../harness/workbench/palette.ts';
import { quickInput } from '../harness/workbench/quickInput.ts';
import { screenshot } from '../harness/workbench/screenshot.ts';
import {
  clickStatusBar,
  hoverStatusBar,
  sessionsTooltip,
  statusBarItem,
  statusBarLabel,
  statusBarText,
} from '../harness/workbench/statusBar.ts';
import { changeSettings, clearNotifications, signInForTests } from './support/host.ts';
import { makeTokensOlder, records } from './support/records.ts';
import { screenshotThemes, themeKinds, useTheme } from './support/themes.ts';

// With what VS Code would make links, icons and table cells of, and what a link's decoding would damage.
const hostile = '[x] <https://evil.example> www.evil.example 100%25 a|b';

describe('the status bar', function () {
  this.bail(true);

  let stage: Stage;
  let window: WorkbenchWindow;
  let item: Locator;

  const expectText = (text: string | RegExp): Promise<void> => item.filter({ hasText: text }).waitFor();
  const showTooltip = async (): Promise<Locator> => {
    const hover = sessionsTooltip(window.page);
    await hoverStatusBar(window.page, 'session', hover);
    return hover;
  };

  /** Empty when a change of the entry has just taken it away. */
  const textOfTooltip = async (): Promise<string> =>
    (await showTooltip()).innerText({ timeout: 5_000 }).catch(() => '');

  /** Whether the session of a user has the name, which is learned in the background. */
  const hasName = async (userid: string): Promise<boolean> =>
    Object.entries(await records(window)).some(
      ([key, text]) =>
        key.startsWith('session:') &&
        text.includes(`"userid":${JSON.stringify(userid)}`) &&
        text.includes('"name":"'),
    );

  before(async function () {
    stage = stageOf(this);
    const { client } = stage.emulator;
    await client.reset();
    const { users } = await client.options();
    await client.setOptions({ users: [...users, { id: hostile, name: `${hostile} Jr.` }] });
    window = await openWindow(stage);
    item = statusBarItem(window.page, 'session');
  });
  after(async () => {
    await changeSettings(window, {
      renewal: undefined,
      statusBar: undefined,
      expiryWarningMinutes: undefined,
    });
    await window.context.close();
  });

  it('offers the set-up that lacks the secret, then the sign-in', async () => {
    await expectText('Set up AIRisk');
    await screenshotThemes(window, 'status-bar-set-up');
    await clickStatusBar(window.page, 'session');
    await quickInput(window.page).waitForMessage('Client secret');
    await quickInput(window.page).cancel();
    await signInForTests(window);
    await expectText('Sign in to AIRisk');
    assert.equal(await statusBarLabel(window.page, 'session'), 'Sign in to AIRisk');
    for (const statusBar of ['signedIn', 'never']) {
      await changeSettings(window, { statusBar });
      await item.waitFor({ state: 'detached' });
      await changeSettings(window, { statusBar: undefined });
      await expectText('Sign in to AIRisk');
    }
  });

  it('tells who is signed in and how long', async () => {
    await stage.emulator.client.setOptions({ tokenLifetimeSeconds: 2 * 86_400 + 3 * 3_600 + 1_800 });
    await signInForTests(window, 'user_42');
    await expectText('user_42 · 2d \u20073h');
    await stage.emulator.client.setOptions({ tokenLifetimeSeconds: 73 * 60 - 1 });
    await signInForTests(window, 'user_42');
    await expectText(/user_42 · 1h 1[12]m/);
    assert.match(
      await statusBarLabel(window.page, 'session'),
      /^AIRisk: signed in as user_42, 1 hour, 1[12] minutes left$/,
    );
    assert.equal(await item.locator('.codicon-key').count(), 1);
    await changeSettings(window, { statusBar: 'never' });
    await item.waitFor({ state: 'detached' });
    await changeSettings(window, { statusBar: undefined });
    await expectText('user_42');
  });

  it('warns as early as the setting says', async () => {
    assert.doesNotMatch((await item.getAttribute('class')) ?? '', /warning-kind/);
    await changeSettings(window, { renewal: 'off', expiryWarningMinutes: 90 });
    await makeTokensOlder(window);
    await item.locator('.codicon-warning').waitFor();
    assert.match((await item.getAttribute('class')) ?? '', /warning-kind/);
    await changeSettings(window, { renewal: undefined, expiryWarningMinutes: undefined });
    await item.locator('.codicon-key').waitFor();
  });

  it('lists all sessions in the tooltip, and takes what comes from outside as text', async () => {
    await stage.emulator.client.setOptions({ tokenLifetimeSeconds: 250 });
    await changeSettings(window, { renewal: 'off' });
    await signInForTests(window, 'user_7');
    await signInForTests(window, '');
    await until(async () => (await hasName('user_42')) && (await hasName('user_7')));
    await makeTokensOlder(window);
    await stage.emulator.client.setOptions({ tokenLifetimeSeconds: 3600 });
    await signInForTests(window, hostile);
    await assert.rejects(signInForTests(window, '[x](command:y)'));
    let text = '';
    await until(async () => (text = await textOfTooltip()).includes(hostile));
    assert.match(text, /Ada Lovelace user_42 \(in use\)/);
    assert.match(text, /2 other sessions expire soon/);
    assert.match(await statusBarLabel(window.page, 'session'), /2 other sessions expire soon/);
    let links: (string | undefined)[] = [];
    await until(async () => {
      const shown = (await showTooltip()).locator('a');
      links = await shown.evaluateAll((all) => all.map((link) => link.dataset['href']));
      return links.length > 0;
    });
    for (const link of links) assert.match(link ?? '', /^command:airisk\./);
    assert.ok(links.length > 12, `${links.length} links`);
    await screenshot(window.page, 'status-bar-tooltip');
  });

  it('acts on a session from the tooltip, whatever its userid holds', async () => {
    const action = async (title: string): Promise<void> =>
      (await showTooltip()).locator('tr', { hasText: 'evil.example' }).getByText(title).click();
    await action('Use');
    await expectText('[x] <https://evil.examp');
    await action('Sign\u00a0Out');
    await notifications(window.page).waitFor('Signed out of [x] <https://evil.example>');
    await expectText('Ada Lovelace');
    await clearNotifications(window);
  });

  it('opens the accounts with a click, and switches the one in use', async () => {
    await clickStatusBar(window.page, 'session');
    const picker = quickInput(window.page);
    const rows = await picker.rows();
    assert.match(
      rows.find(({ label }) => label === 'Ada Lovelace')?.description ?? '',
      /left · in use · user_42$/,
    );
    await screenshot(window.page, 'accounts-picker');
    await picker.type('user_7');
    await picker.accept();
    await expectText('Grace Hopper');
  });

  for (const kind of themeKinds) {
    it(`is seen in a ${kind} theme when it is about to expire`, async () => {
      await useTheme(window, kind);
      await window.page.mouse.move(10, 300);
      await expectText(/Grace Hopper · (\u2007\dm|1:\d\d)/);
      assert.match((await item.getAttribute('class')) ?? '', /warning-kind/);
      assert.equal(await item.locator('.codicon-warning').count(), 1);
      assert.match(await statusBarLabel(window.page, 'session'), /expires soon/);
      await screenshot(window.page, `status-bar-soon-${kind}`);
      await showTooltip();
      await screenshot(window.page, `status-bar-tooltip-${kind}`);
      await window.page.mouse.move(10, 300);
      await runCommand(window.page, 'AIRisk: Show Accounts');
      await quickInput(window.page).rows();
      await screenshot(window.page, `accounts-picker-${kind}`);
      await quickInput(window.page).cancel();
    });
  }

  it('is calm about a short-lived token until a fifth of it is left', async () => {
    await stage.emulator.client.setOptions({ tokenLifetimeSeconds: 20 });
    await signInForTests(window, 'user_7');
    await expectText(/Grace Hopper · 0:\d\d$/);
    const left: number[] = [];
    await until(async () => {
      // At once, so that the time and the icon belong together.
      const shown = await item.innerHTML();
      const isWarning = shown.includes('codicon-warning');
      if (!isWarning) left.push(Number(/0:(\d\d)/.exec(shown)?.[1] ?? left.at(-1)));
      return isWarning;
    });
    assert.ok((left[0] ?? 0) > 4, `calm at first: ${left.join()}`);
    assert.ok((left.at(-1) ?? 0) <= 5, `calm until the end: ${left.join()}`);
  });

  it('counts seconds in the last two minutes, without changing its width', async () => {
    await stage.emulator.client.setOptions({ tokenLifetimeSeconds: 100 });
    await signInForTests(window, 'user_7');
    await expectText(/Grace Hopper · 1:\d\d$/);
    const first = await statusBarText(window.page, 'session');
    const width = (await item.boundingBox())?.width;
    await item.filter({ hasNotText: first.trim() }).waitFor();
    await expectText(/Grace Hopper · 1:\d\d$/);
    assert.equal((await item.boundingBox())?.width, width);
    assert.match(await statusBarLabel(window.page, 'session'), /1 minute, \d+ seconds? left/);
  });

  it('keeps its tooltip open while it counts seconds', async () => {
    const hover = await showTooltip();
    await hover.evaluate((element) => element.setAttribute('data-opened', 'before'));
    for (let ticks = 0; ticks < 3; ticks += 1) {
      const text = await statusBarText(window.page, 'session');
      await item.filter({ hasNotText: text }).waitFor();
    }
    assert.equal(await window.page.locator('.monaco-hover[data-opened]:visible').count(), 1);
  });

  it('shows no account in the tooltip as it was before', async () => {
    const hover = sessionsTooltip(window.page);
    const act = async (name: string, action: string): Promise<void> =>
      (await showTooltip()).locator('tr', { hasText: name }).locator('a', { hasText: action }).click();
    await act('Ada Lovelace', 'Use');
    await hover.filter({ hasText: /Grace Hopper user_7 \(in use\)/ }).waitFor({ state: 'hidden' });
    await expectText('Ada Lovelace');
    await until(async () => /Ada Lovelace user_42 \(in use\)/.test(await textOfTooltip()));
    await act('Grace Hopper', 'Sign\u00a0Out');
    const toast = window.page.locator('.notification-toast', { hasText: 'Signed out of Grace Hopper' });
    await toast.waitFor();
    await hover.filter({ hasText: 'Grace Hopper' }).waitFor({ state: 'hidden' });
    for (const shown of await window.page.locator('.monaco-hover:visible').all()) {
      // It may have gone by now.
      const over = await shown.boundingBox({ timeout: 1_000 }).catch(() => null);
      const under = await toast.boundingBox();
      const isApart = !over || !under || over.y + over.height <= under.y || over.x + over.width <= under.x;
      assert.ok(isApart, `${JSON.stringify(over)} covers ${JSON.stringify(under)}`);
    }
    // With the mouse, which does not reach what is covered.
    await toast.getByText('Undo').click();
    await runCommand(window.page, 'AIRisk: Show Accounts');
    await quickInput(window.page).widget.getByText('Grace Hopper').waitFor();
    await quickInput(window.page).pick('Grace Hopper');
    await expectText('Grace Hopper');
  });

  it('says that it has expired', async () => {
    await stage.emulator.client.setOptions({ tokenLifetimeSeconds: 3 });
    await signInForTests(window, 'user_7');
    await expectText('Grace Hopper · expired');
    assert.match((await item.getAttribute('class')) ?? '', /error-kind/);
    assert.equal(await item.locator('.codicon-error').count(), 1);
    assert.match(await statusBarLabel(window.page, 'session'), /token for Grace Hopper has expired/);
    await screenshotThemes(window, 'status-bar-expired');
  });

  it('shows a renewal under way', async () => {
    await stage.emulator.client.setOptions({ tokenLifetimeSeconds: 3600 });
    await stage.emulator.client.inject({ endpoint: 'token', kind: 'delay', delayMs: 600_000 });
    await runCommand(window.page, 'AIRisk: Show Accounts');
    const picker = quickInput(window.page);
    const row = picker.widget.locator('.monaco-list-row').filter({ hasText: 'user_7' });
    await row.hover();
    await row.locator('[aria-label="Renew Token"]').click();
    await expectText('Grace Hopper · renewing');
    await screenshotThemes(window, 'status-bar-renewing');
    await item.locator('.codicon-sync').waitFor();
    assert.match(await statusBarLabel(window.page, 'session'), /renewing/);
    await stage.emulator.client.setDelay(0);
    await expectText(/Grace Hopper · (59m|1h)/);
    await row.filter({ hasText: /59m left|1h/ }).waitFor();
    await picker.cancel();
  });
});
