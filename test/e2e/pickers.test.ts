import assert from 'node:assert/strict';
import { manyUsers } from '../emulator/seed.ts';
import { until } from '../harness/until.ts';
import { type Stage, stageOf } from '../harness/stage.ts';
import { evaluateInHost, openWindow, reloadWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { notifications } from '../harness/workbench/notifications.ts';
import { runCommand } from '../harness/workbench/palette.ts';
import { type QuickInput, quickInput, type QuickPickRow } from '../harness/workbench/quickInput.ts';
import { statusBarItem } from '../harness/workbench/statusBar.ts';
import { changeSettings, clearNotifications, executeCommand, signInForTests } from './support/host.ts';
import { screenshotThemes } from './support/themes.ts';
import { accountsOf, signedInAs } from './support/tabs.ts';

describe('the picker of users', function () {
  this.bail(true);

  let stage: Stage;
  let window: WorkbenchWindow;
  let picker: QuickInput;
  const open = (): Promise<void> => runCommand(window.page, 'AIRisk: Sign In as User');
  const listedRows = async (): Promise<QuickPickRow[]> => {
    await open();
    await separator('Recently used').waitFor();
    await separator('All users').waitFor();
    return picker.rows();
  };
  const separator = (text: string) =>
    picker.widget.locator('.quick-input-list-separator:visible', { hasText: text }).first();

  const rowWith = (label: string, detail: string) =>
    picker.widget.locator('.monaco-list-row', { hasText: label }).filter({ hasText: detail });

  before(async function () {
    stage = stageOf(this);
    await stage.emulator.client.reset();
    window = await openWindow(stage);
    picker = quickInput(window.page);
    await signInForTests(window);
  });
  after(async () => {
    await window.context.close();
  });

  it('is open and busy while the token for the list is obtained', async () => {
    await stage.emulator.client.inject({ endpoint: 'token', kind: 'delay', delayMs: 600_000 });
    await open();
    await picker.widget.locator('input[placeholder="Loading users…"]').waitFor();
    await picker.widget.locator('.monaco-progress-container.active').waitFor();
    await screenshotThemes(window, 'user-picker-busy');
    await stage.emulator.client.setDelay(0);
    await picker.waitForPlaceholder('Type a name or ID');
    await picker.widget.getByText('Ada Lovelace').waitFor();
    const requests = await stage.emulator.client.requests();
    assert.equal(requests.filter(({ path }) => path.startsWith('/api/oauth2')).length, 2);
  });

  it('signs in with the keyboard alone', async () => {
    await picker.press('ArrowDown');
    await picker.accept();
    await notifications(window.page).waitFor(signedInAs('user_7'));
    await clearNotifications(window);
  });

  it('shows who is signed in, and recent ones first', async () => {
    await signInForTests(window, 'user_88');
    const rows = await listedRows();
    const recent = ['Zoë Müller-Çelik', 'Grace Hopper', 'Ada Lovelace'];
    assert.deepEqual(
      rows.slice(0, 3).map(({ label }) => label),
      recent,
    );
    assert.match(rows[0]?.description ?? '', /^signed in, (59m|1h\s+0m) left · user_88$/);
    assert.equal(rows[2]?.description, 'user_42');
    assert.equal(rows.filter(({ label }) => label === 'Grace Hopper').length, 1);
    await screenshotThemes(window, 'user-picker');
    await picker.cancel();
    await reloadWindow(window);
    assert.deepEqual(
      (await listedRows()).slice(0, 3).map(({ label }) => label),
      recent,
    );
    await picker.cancel();
  });

  it('is offered after the user of the settings, by name', async () => {
    await changeSettings(window, { userid: 'user_88' });
    await runCommand(window.page, 'AIRisk: Sign In');
    await picker.widget.getByText('As the application').waitFor();
    assert.deepEqual(await picker.labels(), [
      'As Zoë Müller-Çelik (user_88)',
      'As a user…',
      'As the application',
    ]);
    await picker.cancel();
    await changeSettings(window, { userid: undefined });
  });

  it('takes an ID that no user has', async () => {
    await open();
    await separator('All users').waitFor();
    const marked = (label: string): Promise<void> =>
      picker.widget.locator('.monaco-list-row.focused', { hasText: label }).waitFor();
    // Ada's ID is user_42: part of it, or of a name, is nobody yet.
    await picker.type('user_4');
    await marked('Sign in as "user_4"');
    assert.deepEqual(await picker.labels(), ['Sign in as "user_4"', 'Ada Lovelace']);
    await picker.type('Ada');
    await marked('Sign in as "Ada"');
    await marked('No listed user has this name or ID');
    await picker.press('ArrowDown');
    await marked('Ada Lovelace');
    await picker.type('ada lovelace');
    await marked('Ada Lovelace');
    await picker.type('user_42');
    await marked('Ada Lovelace');
    await picker.type('adda lovlace');
    await marked('No listed user has this name or ID');
    await picker.type('user_4711');
    await marked('Sign in as "user_4711"');
    assert.deepEqual(await picker.labels(), ['Sign in as "user_4711"']);
    await screenshotThemes(window, 'user-picker-typed');
    await picker.type('GH');
    await picker.widget.getByText('Grace Hopper').waitFor();
    await picker.type('');
    await separator('All users').waitFor();
    await picker.cancel();
  });

  it('signs in as whom the person points at', async () => {
    await open();
    await separator('All users').waitFor();
    await picker.type('Grace');
    await picker.widget.locator('.monaco-list-row.focused', { hasText: 'Sign in as "Grace"' }).waitFor();
    await picker.press('ArrowDown');
    await picker.widget.locator('.monaco-list-row.focused', { hasText: 'Grace Hopper' }).waitFor();
    await picker.accept();
    await notifications(window.page).waitFor(signedInAs('user_7'));
    await clearNotifications(window);
  });

  it('signs in as nobody by a click on rows that have just changed, and as whom one clicks then', async () => {
    await open();
    await separator('All users').waitFor();
    const before = (await stage.emulator.client.requests()).length;
    await picker.typeAndPick('r', 'Grace Hopper');
    await picker.widget.locator('.monaco-list-row.focused', { hasText: 'Sign in as "r"' }).waitFor();
    // In the order of their names, where they were not before.
    await picker.typeAndPick('ra', 'Grace Hopper');
    await picker.widget.locator('.monaco-list-row.focused', { hasText: 'Sign in as "ra"' }).waitFor();
    assert.equal((await stage.emulator.client.requests()).length, before);
    // The same click counts when it finds the rows as they were.
    await picker.typeAndPick('ra', 'Grace Hopper');
    await notifications(window.page).waitFor(signedInAs('user_7'));
    await clearNotifications(window);
  });

  for (const [typed, how] of [
    ['user_8', 'slowly'],
    ['user_7x', 'at once'],
  ] as const) {
    it(`signs in as what was typed ${how}, and not as somebody who is like it`, async () => {
      await open();
      await separator('All users').waitFor();
      await window.page.keyboard.type(typed, { delay: how === 'slowly' ? 100 : 0 });
      await picker.accept();
      // AIRisk knows nobody of that name.
      const toasts = notifications(window.page);
      const message = await toasts.waitFor('AIRisk rejected the sign-in request');
      assert.deepEqual(await toasts.buttons(message), ['Select User', 'Set Up', 'Try Again']);
      const requests = await stage.emulator.client.requests();
      assert.equal(requests.at(-1)?.query['userid'], typed);
      await clearNotifications(window);
    });
  }

  it("gets the application another token where AIRisk has revoked the list's", async () => {
    await stage.emulator.client.revoke();
    await open();
    await picker.waitForPlaceholder('Type a name or ID');
    await picker.widget.getByText('Ada Lovelace').waitFor();
    await picker.cancel();
  });

  it('stays open where the list is not to be had, says why, and takes an ID', async () => {
    const logged = async (): Promise<number> =>
      (await stage.server.logs()).split('AiriskError: server_error').length;
    const before = await logged();
    await executeCommand(window, 'airisk.signOut', { userid: 'user_88' });
    await stage.emulator.client.inject({ endpoint: 'users', kind: '502' });
    await open();
    const failure = rowWith('Load users again', 'AIRisk has a server problem (HTTP 502)');
    await failure.waitFor();
    assert.equal(await picker.placeholder(), 'Could not load users. Type a user ID');
    await until(async () => (await logged()) > before);
    await separator('Recently used').waitFor();
    // By name, though nobody is signed in as her any more.
    await rowWith('Zoë Müller-Çelik', 'user_88').waitFor();
    await screenshotThemes(window, 'user-picker-no-list');
    await picker.pick('Load users again');
    await separator('All users').waitFor();
    await picker.cancel();
    await stage.emulator.client.inject({ endpoint: 'users', kind: '502' });
    await open();
    await failure.waitFor();
    await picker.type('user_88');
    await picker.widget.locator('.monaco-list-row.focused', { hasText: 'Zoë Müller-Çelik' }).waitFor();
    // Somebody who was used lately looks like it, and had the focus.
    await picker.type('user_100');
    await picker.widget.locator('.monaco-list-row.focused', { hasText: 'Sign in as "user_100"' }).waitFor();
    await picker.type('user_1001');
    await picker.widget.getByText('Sign in as "user_1001"').waitFor();
    await picker.accept();
    await notifications(window.page).waitFor(signedInAs('user_1001'));
    await statusBarItem(window.page, 'session').filter({ hasText: 'Katherine Johnson' }).waitFor();
  });

  it('leads to what mends it where the list is not to be had', async () => {
    await changeSettings(window, { renewal: 'off' });
    await stage.emulator.client.setOptions({ tokenLifetimeSeconds: 1 });
    await signInForTests(window, 'user_7');
    await until(async () => !(await accountsOf(window)).includes('user_7'));
    await executeCommand(window, 'airisk.signOut', { userid: '' });
    await changeSettings(window, { renewal: undefined });
    await signInForTests(window, undefined, 'AI-0b1c2d3e4f');
    await open();
    // By name, though the token has expired.
    await rowWith('Grace Hopper', 'user_7').waitFor();
    await rowWith('Load users again', 'AIRisk rejected the client secret.').waitFor();
    await rowWith('Change Client Secret', 'Enter it exactly as you received it.').waitFor();
    await screenshotThemes(window, 'user-picker-secret');
    await picker.pick('Change Client Secret');
    await picker.waitForMessage('Client secret');
    await picker.cancel();
    await picker.waitUntilClosed();
    await stage.emulator.client.setOptions({ tokenLifetimeSeconds: 3_600 });
    await signInForTests(window, '');
  });

  it('is quick with 5,000 users', async () => {
    await stage.emulator.client.setOptions({ users: manyUsers(5_000) });
    for (let round = 1; round <= 3; round += 1) {
      const began = performance.now();
      const command = evaluateInHost(window, (api) => api.commands.executeCommand('airisk.signInAsUser'));
      await separator('All users').waitFor();
      const listed = performance.now();
      await picker.type('Person 04990');
      await picker.widget.getByText('made_up_04990').waitFor();
      const found = performance.now();
      await picker.type('nobody at all');
      await picker.widget.getByText('Sign in as "nobody at all"').waitFor();
      const typed = performance.now();
      console.log(
        `      5,000 users: listed in ${Math.round(listed - began)} ms, found in ${Math.round(found - listed)} ms, free entry in ${Math.round(typed - found)} ms`,
      );
      await picker.cancel();
      await command;
    }
  });
});
