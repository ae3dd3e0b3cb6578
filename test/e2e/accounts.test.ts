import assert from 'node:assert/strict';
import { type Stage, stageOf } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { openWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { accountsMenu } from '../harness/workbench/accounts.ts';
import { dialog } from '../harness/workbench/dialog.ts';
import { notifications } from '../harness/workbench/notifications.ts';
import { quickInput } from '../harness/workbench/quickInput.ts';
import { screenshot } from '../harness/workbench/screenshot.ts';
import { accountsAs } from './support/consumers.ts';
import { changeSettings, executeCommand, signInForTests } from './support/host.ts';
import { getSessionAs } from './support/session.ts';

const ada = ['userid:user_42'];

describe('the Accounts menu', function () {
  // Each step stands on the one before.
  this.bail(true);

  let stage: Stage;
  let window: WorkbenchWindow;
  let label: string;

  const entries = async (): Promise<string[]> => {
    const menu = accountsMenu(window.page);
    await menu.open();
    const found = await menu.entries();
    await menu.close();
    return found;
  };
  const badgeIs = (text: string): Promise<void> =>
    until(async () => (await accountsMenu(window.page).badge()) === text);
  const clickEntry = async (entry: string): Promise<void> => {
    const menu = accountsMenu(window.page);
    await menu.open();
    await menu.click(entry);
  };

  before(async function () {
    stage = stageOf(this);
    await stage.emulator.client.reset();
    label = `user_42 (abc123 @ ${stage.emulator.origin})`;
    window = await openWindow(stage);
    await signInForTests(window);
  });
  after(async () => {
    await changeSettings(window, { clientId: 'abc123' });
    await window.context.close();
  });

  it('offers the sign-in that an extension asked for without a dialog', async () => {
    assert.equal(await getSessionAs(window, 'one', ada), null);
    await badgeIs('1');
    await screenshot(window.page, 'badge');
    // Somebody else's session is not what was asked for.
    await signInForTests(window, 'user_7');
    await until(async () => (await accountsAs(window, 'one')).length === 1);
    await badgeIs('1');
    await executeCommand(window, 'airisk.signOut', { userid: 'user_7' });
    await clickEntry('Sign in with AIRisk to use Consumer One (1)');
    await badgeIs('');
    await until(async () => {
      const session = await getSessionAs(window, 'one', ada, { silent: true });
      return session?.account.label === label;
    });
  });

  it('leads to the extensions that may use an account', async () => {
    void executeCommand(window, '_manageTrustedExtensionsForAccount', {
      providerId: 'airisk',
      accountLabel: label,
    });
    const picker = quickInput(window.page);
    await picker.widget.getByText('Manage Trusted Extensions').waitFor();
    // Beside it stand the extensions that product.json trusts with every account.
    assert.ok((await picker.labels()).includes('Consumer One'));
    assert.ok(!(await picker.labels()).includes('Consumer Two'));
    await screenshot(window.page, 'trusted-extensions');
    await picker.cancel();
  });

  it('offers access to a session that another extension has', async () => {
    assert.equal(await getSessionAs(window, 'two', ada), null);
    await badgeIs('1');
    await clickEntry('Grant access to AIRisk for Consumer Two... (1)');
    await quickInput(window.page).pick(label);
    await badgeIs('');
    await until(async () => {
      const session = await getSessionAs(window, 'two', ada, { silent: true });
      return session?.account.label === label;
    });
  });

  it('signs an account out', async () => {
    const menu = accountsMenu(window.page);
    await menu.open();
    assert.deepEqual(await menu.submenu(label), ['Manage Trusted Extensions', 'Sign Out']);
    await menu.click('Sign Out');
    assert.match(await dialog(window.page).text(), /Consumer One\s*Consumer Two/);
    await dialog(window.page).click('Sign Out');
    await until(async () => (await accountsAs(window, 'one')).length === 0);
    assert.ok((await entries()).every((entry) => !entry.includes('user_42')));
  });

  it('loses its badge for any session, too', async () => {
    assert.equal(await getSessionAs(window, 'one', []), null);
    await badgeIs('1');
    await signInForTests(window, 'user_42');
    await badgeIs('');
  });

  it('loses its badge for a userid with blanks, too', async () => {
    const { client } = stage.emulator;
    const { users } = await client.options();
    const userid = 'Ada  King Lovelace';
    await client.setOptions({ users: [...users, { id: userid, name: '' }] });
    assert.equal(await getSessionAs(window, 'one', [`userid:${userid}`]), null);
    await badgeIs('1');
    await signInForTests(window, userid);
    await badgeIs('');
    await executeCommand(window, 'airisk.signOut', { userid });
    await client.setOptions({ users });
  });

  it('signs out an account that is gone already', async () => {
    const menu = accountsMenu(window.page);
    await menu.open();
    await menu.submenu(label);
    await menu.click('Sign Out');
    assert.match(await dialog(window.page).text(), /Sign out of 'user_42/);
    await executeCommand(window, 'airisk.signOut', { userid: 'user_42' });
    await dialog(window.page).click('Sign Out');
    assert.deepEqual(await accountsAs(window, 'one'), []);
    assert.deepEqual(
      (await notifications(window.page).texts()).filter((text) => !text.startsWith('Signed out of ')),
      [],
    );
  });

  it('follows the deployment in the settings', async () => {
    await signInForTests(window, 'user_42');
    await until(async () => (await accountsAs(window, 'one')).length === 1);
    assert.ok((await entries()).some((entry) => entry.includes('user_42')));
    await changeSettings(window, { clientId: 'reporting-tool' });
    await until(async () => {
      return (await accountsAs(window, 'one')).length === 0;
    });
    assert.ok((await entries()).every((entry) => !entry.includes('user_42')));
    await changeSettings(window, { clientId: 'abc123' });
    await until(async () => (await accountsAs(window, 'one')).length === 1);
    const shown = (await entries()).filter((entry) => entry.includes('user_42'));
    assert.deepEqual(shown, [`${label} (AIRisk)`]);
  });
});
