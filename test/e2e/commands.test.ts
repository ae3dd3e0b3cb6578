import assert from 'node:assert/strict';
import { resetStage, type Stage, stageOf } from '../harness/stage.ts';
import { openWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { dialog } from '../harness/workbench/dialog.ts';
import { notifications } from '../harness/workbench/notifications.ts';
import { runCommand } from '../harness/workbench/palette.ts';
import { quickInput } from '../harness/workbench/quickInput.ts';
import { screenshot } from '../harness/workbench/screenshot.ts';
import { statusBarItem } from '../harness/workbench/statusBar.ts';
import {
  changeSettings,
  clearNotifications,
  clientSecret,
  executeCommand,
  signInForTests,
} from './support/host.ts';
import { getSessionAs } from './support/session.ts';

describe('from nothing to a session', () => {
  let stage: Stage;
  let window: WorkbenchWindow;

  before(async function () {
    stage = stageOf(this);
    window = await openWindow(stage);
  });
  after(async () => {
    await resetStage(stage);
    await window.context.close();
  });

  it("leads an extension's first getSession through set-up and on to the sign-in", async () => {
    await changeSettings(window, { baseUrl: undefined, clientId: undefined });
    const session = getSessionAs(window, 'one', ['userid:user_42'], { createIfNone: true });
    await dialog(window.page).click('Allow');
    const input = quickInput(window.page);
    const step = (number: number): Promise<void> => input.waitForStep(number, 5);
    for (const [index, text] of [stage.emulator.origin, 'abc123', clientSecret].entries()) {
      await step(index + 1);
      await input.type(text);
      await input.accept();
    }
    await step(4);
    await screenshot(window.page, 'first-get-session-redirect');
    await input.pick('Receive it in this editor');
    assert.equal((await session)?.account.label, `user_42 (abc123 @ ${stage.emulator.origin})`);
  });
});

describe('the commands for accounts and the client secret', function () {
  // Each step stands on the one before.
  this.bail(true);

  let window: WorkbenchWindow;

  before(async function () {
    window = await openWindow(stageOf(this));
    for (const userid of ['user_42', 'user_7']) await signInForTests(window, userid);
  });
  beforeEach(() => clearNotifications(window));
  after(() => window.context.close());

  const shown = (text: string): Promise<void> =>
    statusBarItem(window.page, 'session').filter({ hasText: text }).waitFor();

  it('switch the account that is shown', async () => {
    for (const userid of ['user_7', 'user_42']) {
      await runCommand(window.page, 'AIRisk: Switch Account');
      await quickInput(window.page).pick(userid);
      await shown(userid);
      await notifications(window.page).waitFor(`Now using ${userid}`);
    }
  });

  it('renew a token', async () => {
    await runCommand(window.page, 'AIRisk: Renew Token');
    await quickInput(window.page).pick('user_42');
    await notifications(window.page).waitFor('Renewed the AIRisk token for user_42.');
  });

  it('say who is not signed in, and which argument is not valid', async () => {
    await executeCommand(window, 'airisk.signOut', { userid: 'user_88' });
    await notifications(window.page).waitFor('user_88 is not signed in to AIRisk.');
    await clearNotifications(window);
    await executeCommand(window, 'airisk.signOut', { userid: 7 });
    const message = 'The value of userid is not valid.';
    await notifications(window.page).waitFor(message);
    assert.deepEqual(await notifications(window.page).buttons(message), ['Try Again', 'Show Log']);
  });

  it('remove the client secret and keep the sessions', async () => {
    await runCommand(window.page, 'AIRisk: Remove Client Secret');
    await notifications(window.page).waitFor('Client secret for');
    await shown('user_42');
    await notifications(window.page).click('removed. Sessions last', 'Undo');
    await notifications(window.page).waitFor('restored.');
    await runCommand(window.page, 'AIRisk: Renew Token');
    await quickInput(window.page).pick('user_42');
    await notifications(window.page).waitFor('Renewed the AIRisk token for');
  });

  it('set it again', async () => {
    await runCommand(window.page, 'AIRisk: Remove Client Secret');
    await notifications(window.page).waitFor('removed. Sessions last');
    await runCommand(window.page, 'AIRisk: Set Client Secret');
    const input = quickInput(window.page);
    await input.waitForMessage('secret');
    assert.equal(await input.widget.locator('input[type="password"]').count(), 1);
    await input.type(clientSecret);
    await input.accept();
    await notifications(window.page).waitFor('Client secret stored.');
  });

  it('show the log', async () => {
    await runCommand(window.page, 'AIRisk: Show Log');
    await window.page.locator('.part.panel').filter({ hasText: 'AIRisk' }).waitFor();
    await screenshot(window.page, 'log');
  });
});
