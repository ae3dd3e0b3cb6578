import assert from 'node:assert/strict';
import { stageOf } from '../harness/stage.ts';
import { evaluateInHost, openWindow, reloadWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { accountsMenu } from '../harness/workbench/accounts.ts';
import { dialog } from '../harness/workbench/dialog.ts';
import { notifications } from '../harness/workbench/notifications.ts';
import { runCommand } from '../harness/workbench/palette.ts';
import { quickInput } from '../harness/workbench/quickInput.ts';
import { screenshot } from '../harness/workbench/screenshot.ts';
import { statusBarItem, statusBarLabel, statusBarText } from '../harness/workbench/statusBar.ts';
import { accountsAs } from './support/consumers.ts';
import { getSessionAs, pickUser } from './support/session.ts';
import { screenshotThemes } from './support/themes.ts';
import { completeSetUp } from './support/setUp.ts';

describe('signing in by hand', function () {
  // Each step stands on the one before.
  this.bail(true);

  let window: WorkbenchWindow;
  let origin: string;
  const names: Record<string, string> = { user_42: 'Ada Lovelace', user_7: 'Grace Hopper' };
  const label = (userid: string): string => `${names[userid]} (${userid}, abc123 @ ${origin})`;

  before(async function () {
    const stage = stageOf(this);
    await stage.emulator.client.reset();
    origin = stage.emulator.origin;
    window = await openWindow(stage);
  });
  after(() => window.context.close());

  it('is set up from the palette', async () => {
    assert.equal(await completeSetUp(window), origin);
  });

  it('offers the sign-in in the status bar', async () => {
    await statusBarItem(window.page, 'session').filter({ hasText: 'Sign in to AIRisk' }).waitFor();
  });

  it('signs in as the application', async () => {
    await runCommand(window.page, 'AIRisk: Sign In');
    await quickInput(window.page).waitForPlaceholder('Select who to sign in as');
    await screenshotThemes(window, 'sign-in-identity');
    await quickInput(window.page).pick('As the application');
    await notifications(window.page).waitFor('Signed in to AIRisk as Application');
    await statusBarItem(window.page, 'session')
      .filter({ hasText: /Application · (\d+m|1h)/ })
      .waitFor();
    await screenshot(window.page, 'signed-in-application');
  });

  it('signs in as a user picked from the list', async () => {
    await runCommand(window.page, 'AIRisk: Sign In as User');
    const picker = quickInput(window.page);
    await picker.waitForPlaceholder('Type a name or ID');
    await picker.widget.getByText('Ada Lovelace').waitFor();
    await screenshot(window.page, 'user-picker');
    await pickUser(window, 'Grace Hopper');
    await notifications(window.page).waitFor('Signed in to AIRisk as Grace Hopper (user_7).');
    // Another extension that runs the command learns who it was, or that it was nobody.
    const run = (): Promise<unknown> =>
      evaluateInHost(window, (api) => api.commands.executeCommand('airisk.signInAsUser'));
    const left = run();
    await picker.cancel();
    assert.equal(await left, null);
    await picker.waitUntilClosed();
    const signedIn = run();
    await pickUser(window, 'Ada Lovelace');
    const answer = await signedIn;
    const account = (await accountsAs(window, 'one')).find(({ label: text }) => text === label('user_42'));
    assert.ok(account);
    assert.deepEqual(answer, { userid: 'user_42', account });
  });

  it('shows who is signed in and counts down', async () => {
    await statusBarItem(window.page, 'session')
      .filter({ hasText: /Ada Lovelace · (59m|1h)/ })
      .waitFor();
    assert.match(await statusBarLabel(window.page, 'session'), /signed in as Ada Lovelace, .*minutes left/);
    await screenshot(window.page, 'signed-in-user');
  });

  it('asks the user before another extension gets the session', async () => {
    const answer = getSessionAs(window, 'one', ['userid:user_42'], { createIfNone: true });
    const consent = dialog(window.page);
    assert.match(await consent.text(), /'Consumer One' wants to sign in using AIRisk/);
    await screenshot(window.page, 'consent');
    await consent.click('Allow');
    // VS Code asks for the account wherever a provider has several and the consumer named none.
    await quickInput(window.page).pick(label('user_42'));
    const session = await answer;
    assert.deepEqual(session?.account?.label, label('user_42'));
    assert.ok(session.accessToken);
  });

  it('lists the accounts in the Accounts menu', async () => {
    const menu = accountsMenu(window.page);
    await menu.open();
    const entries = (await menu.entries()).join('\n');
    for (const userid of ['user_42', 'user_7'])
      assert.ok(entries.includes(`${label(userid)} (AIRisk)`), entries);
    await screenshot(window.page, 'accounts-menu');
    await menu.close();
  });

  it('keeps the sessions when the window is loaded again', async () => {
    await reloadWindow(window);
    assert.match(await statusBarText(window.page, 'session'), /Ada Lovelace · /);
    const session = await getSessionAs(window, 'one', ['userid:user_42'], { silent: true });
    assert.equal(session?.account?.label, label('user_42'));
    await screenshot(window.page, 'reloaded');
  });

  it('signs out, and takes it back', async () => {
    await runCommand(window.page, 'AIRisk: Sign Out');
    await quickInput(window.page).pick('Ada Lovelace');
    const message = 'Signed out of Ada Lovelace (user_42).';
    await notifications(window.page).waitFor(message);
    assert.equal(await getSessionAs(window, 'one', ['userid:user_42'], { silent: true }), null);
    await screenshot(window.page, 'signed-out');
    await notifications(window.page).click(message, 'Undo');
    await statusBarItem(window.page, 'session').filter({ hasText: 'Ada Lovelace' }).waitFor();
  });

  it('signs out of all accounts', async () => {
    await runCommand(window.page, 'AIRisk: Sign Out of All Accounts');
    await notifications(window.page).waitFor('Signed out of 3 AIRisk accounts.');
    await statusBarItem(window.page, 'session').filter({ hasText: 'Sign in to AIRisk' }).waitFor();
    const menu = accountsMenu(window.page);
    await menu.open();
    assert.doesNotMatch((await menu.entries()).join('\n'), /user_|Application ·/);
    await menu.close();
  });
});
