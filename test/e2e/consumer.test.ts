import assert from 'node:assert/strict';
import { type Stage, stageOf } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { evaluateInHost, openWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { dialog } from '../harness/workbench/dialog.ts';
import { notifications } from '../harness/workbench/notifications.ts';
import { runCommand } from '../harness/workbench/palette.ts';
import { quickInput } from '../harness/workbench/quickInput.ts';
import { screenshot } from '../harness/workbench/screenshot.ts';
import type { Consumer } from './fixtures/consumer.ts';
import { accountsAs, allow } from './support/consumers.ts';
import { changeSettings, executeCommand, signInForTests } from './support/host.ts';
import { grant } from './support/tabs.ts';

const titles = ['Quarterly risk review', 'Supplier assessment'];

describe('the example for authors', function () {
  // Each step stands on the one before.
  this.bail(true);

  let stage: Stage;
  let window: WorkbenchWindow;
  let label: string;

  const list = (): Promise<void> => runCommand(window.page, 'AIRisk Example: List Conversations');
  const listed = async (): Promise<void> => {
    const picker = quickInput(window.page);
    await picker.widget.getByText('AIRisk conversations').waitFor();
    assert.deepEqual(await picker.labels(), titles);
    await picker.cancel();
    await picker.waitUntilClosed();
  };
  const calls = async (): Promise<string[]> =>
    (await stage.emulator.client.requests())
      .filter(({ path }) => path === '/api/GetConversations')
      .map(({ authorization, status }) => `${authorization} ${status}`);

  before(async function () {
    stage = stageOf(this);
    await stage.emulator.client.reset();
    label = `user_42 (abc123 @ ${stage.emulator.origin})`;
    window = await openWindow(stage);
    await signInForTests(window, 'user_42');
  });
  after(async () => {
    await changeSettings(window, { renewal: undefined });
    await window.context.close();
  });

  it('says nothing when the user refuses, in each of the ways', async () => {
    await list();
    await dialog(window.page).click('Cancel');
    await list();
    await dialog(window.page).click('Allow');
    const picker = quickInput(window.page);
    await picker.widget.getByText(label).waitFor();
    await picker.cancel();
    await list();
    await allow(window, 'Sign in to another account');
    await picker.waitForPlaceholder('Type a name or ID');
    await picker.widget.getByText('Ada Lovelace').waitFor();
    await picker.cancel();
    await picker.waitUntilClosed();
    await until(async () => (await notifications(window.page).texts()).length === 0);
    assert.deepEqual(await calls(), []);
  });

  it("lists the conversations with the user's token", async () => {
    await list();
    await allow(window, label);
    await screenshot(window.page, 'example-conversations');
    await listed();
    assert.deepEqual(await calls(), ['user 200']);
  });

  it('has a token replaced that AIRisk refuses, without asking', async () => {
    await stage.emulator.client.revoke();
    await list();
    await listed();
    assert.deepEqual(await calls(), ['user 200', 'invalid 401', 'user 200']);
  });

  it('has a token renewed that has expired meanwhile', async () => {
    await changeSettings(window, { renewal: 'off' });
    await stage.emulator.client.setOptions({ tokenLifetimeSeconds: 6 });
    await signInForTests(window, 'user_42');
    await stage.emulator.client.setOptions({ tokenLifetimeSeconds: 3600 });
    await until(async () => (await accountsAs(window, 'one')).length === 0);
    await changeSettings(window, { renewal: undefined });
    await list();
    await listed();
    assert.equal((await calls()).at(-1), 'user 200');
  });

  it('has the recipe for a token that lives long enough', async () => {
    const live = async (milliseconds: number): Promise<string> => {
      const answer = evaluateInHost(
        window,
        (api, wanted) =>
          api.extensions
            .getExtension<Consumer>('airisk-test.consumer-one')
            ?.exports.longSession(['userid:user_42'], wanted),
        milliseconds,
      );
      if (milliseconds > 600_000) await dialog(window.page).click('Allow');
      const session = await answer;
      assert.ok(session && 'session' in session);
      return session.session.accessToken;
    };
    await stage.emulator.client.setOptions({ tokenLifetimeSeconds: 700 });
    await signInForTests(window, 'user_42');
    await grant(window, 'user_42');
    const token = await live(600_000);
    assert.equal(await live(600_000), token);
    await stage.emulator.client.setOptions({ tokenLifetimeSeconds: 3600 });
    const longer = await live(1_200_000);
    assert.notEqual(longer, token);
    assert.equal(await live(600_000), longer);
  });

  it('asks whose conversations to show when the user wants to switch', async () => {
    await signInForTests(window, 'user_7');
    await runCommand(window.page, 'AIRisk Example: Switch User');
    await allow(window, label.replace('user_42', 'user_7'));
    await listed();
  });

  it('signs in again as the same user', async () => {
    await executeCommand(window, 'airisk.signOutAll');
    await list();
    await allow(window);
    await listed();
    assert.equal((await calls()).at(-1), 'user 200');
  });
});
