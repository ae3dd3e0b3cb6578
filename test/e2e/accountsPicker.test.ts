import assert from 'node:assert/strict';
import { type Stage, stageOf } from '../harness/stage.ts';
import { evaluateInHost, openWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { notifications } from '../harness/workbench/notifications.ts';
import { runCommand, showPalette } from '../harness/workbench/palette.ts';
import { type QuickInput, quickInput } from '../harness/workbench/quickInput.ts';
import { screenshot } from '../harness/workbench/screenshot.ts';
import { statusBarItem } from '../harness/workbench/statusBar.ts';
import { signInForTests } from './support/host.ts';
import { grant } from './support/tabs.ts';

describe('the picker of accounts by keyboard', function () {
  // Each step stands on the one before.
  this.bail(true);

  let stage: Stage;
  let window: WorkbenchWindow;
  let picker: QuickInput;

  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await window.page.keyboard.press(key);
  };
  const open = async (): Promise<void> => {
    await runCommand(window.page, 'AIRisk: Show Accounts');
    await row('user_42').waitFor();
  };
  const row = (userid: string) =>
    picker.widget.locator('.monaco-list-row.focused').filter({ hasText: userid });
  const focusIsOn = (button: string): Promise<void> =>
    picker.widget.locator(`.action-label[aria-label="${button}"]:focus`).waitFor();

  before(async function () {
    stage = stageOf(this);
    await stage.emulator.client.reset();
    window = await openWindow(stage);
    picker = quickInput(window.page);
    await window.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await signInForTests(window, 'user_7');
    await signInForTests(window, 'user_42');
    await evaluateInHost(window, (api) =>
      api.commands.executeCommand('airisk.switchAccount', { userid: 'user_42' }),
    );
    assert.ok(await grant(window, 'user_7'));
  });
  after(() => window.context.close());

  it('begins with the account in use, and says how its buttons are reached', async () => {
    await open();
    assert.equal(await picker.title(), `AIRisk accounts for ${stage.emulator.origin}`);
    assert.equal(await picker.placeholder(), 'Select an account or an action (Tab for its buttons)');
    await press('Enter');
    await picker.waitUntilClosed();
    await statusBarItem(window.page, 'session').filter({ hasText: 'user_42' }).waitFor();
  });

  it('renews, and stays where it is', async () => {
    await open();
    await press('Tab', 'Tab');
    await focusIsOn('Renew Token');
    await screenshot(window.page, 'accounts-picker-keyboard');
    await stage.emulator.client.setOptions({ tokenLifetimeSeconds: 7_200 });
    await press('Enter');
    await notifications(window.page).waitFor('Renewed the AIRisk token for user_42.');
    // The list is filled anew.
    await row('user_42')
      .filter({ hasText: /2h|1h\s+5\dm/ })
      .waitFor();
    await press('ArrowDown');
    await row('user_7').waitFor();
  });

  it('leads to the extensions that may use that account', async () => {
    await press('Tab');
    await focusIsOn('Renew Token');
    await press('ArrowRight', 'ArrowRight', 'ArrowRight');
    await focusIsOn('Manage Trusted Extensions');
    await press('Enter');
    // With no account named, VS Code would ask for one first, in a list of the accounts of all providers.
    await picker.widget.getByText('Consumer One').waitFor();
    await press('Escape');
    await picker.waitUntilClosed();
    await open();
    await press('ArrowDown');
    await row('user_7').waitFor();
    // From the box to the list, where the step before had left it too.
    await press('Tab');
  });

  it('signs out', async () => {
    await press('Tab');
    await focusIsOn('Renew Token');
    await press('ArrowRight', 'ArrowRight');
    await focusIsOn('Sign Out');
    await press('Enter');
    await notifications(window.page).waitFor('Signed out of user_7');
    await picker.widget.getByText('user_7').waitFor({ state: 'detached' });
    await press('Escape');
    await picker.waitUntilClosed();
  });

  it('copies the token', async () => {
    await open();
    await press('Tab', 'Tab', 'ArrowRight');
    await focusIsOn('Copy Access Token');
    await press('Enter');
    await notifications(window.page).waitFor('The access token for user_42');
    assert.match(await evaluateInHost(window, (api) => api.env.clipboard.readText()), /^eyJ/);
    await picker.waitUntilClosed();
  });

  it('does not come back when somebody has been chosen meanwhile, or it is opened again', async () => {
    await signInForTests(window, 'user_7');
    for (const again of ['AIRisk: Show Accounts', undefined]) {
      await open();
      if (again === undefined) {
        await showPalette(window.page);
        await evaluateInHost(window, (api) =>
          api.commands.executeCommand('airisk.switchAccount', { userid: 'user_42' }),
        );
      } else {
        await runCommand(window.page, again);
        await row('user_42').waitFor();
      }
      await press('Escape');
      await picker.waitUntilClosed();
      await evaluateInHost(window, (api) => api.commands.executeCommand('notifications.clearAll'));
      assert.equal(await picker.widget.count(), 0);
    }
  });

  it('leads to all that can be done besides', async () => {
    // Two accounts, so that signing out asks which.
    await signInForTests(window, '');
    // Names are learned in the background, and fill an open list anew.
    await statusBarItem(window.page, 'session').filter({ hasText: 'Ada Lovelace' }).waitFor();
    const actions = [
      ['Sign In…', 'Select who to sign in as'],
      ['Sign In as User…', 'Type a name or ID'],
      ['Sign Out…', 'Sign out of AIRisk'],
      ['Set Up…', 'Select the deployment to set up'],
    ] as const;
    for (const [action, next] of actions) {
      await open();
      assert.deepEqual((await picker.labels()).slice(-4), [
        'Sign In…',
        'Sign In as User…',
        'Sign Out…',
        'Set Up…',
      ]);
      await picker.type(action);
      await press('Enter');
      await picker.widget.locator(`input[placeholder="${next}"], :text("${next}")`).first().waitFor();
      await press('Escape');
      await picker.waitUntilClosed();
    }
  });
});
