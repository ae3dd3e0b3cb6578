import assert from 'node:assert/strict';
import { type Emulator, startEmulator } from '../emulator/emulator.ts';
import { resetStage, type Stage, stageOf } from '../harness/stage.ts';
import { openWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { until } from '../harness/until.ts';
import { dialog } from '../harness/workbench/dialog.ts';
import { notifications } from '../harness/workbench/notifications.ts';
import { runCommand, showPalette } from '../harness/workbench/palette.ts';
import { type QuickInput, quickInput } from '../harness/workbench/quickInput.ts';
import {
  changeSettings,
  clearNotifications,
  executeCommand,
  signInForTests,
  startSignIn,
} from './support/host.ts';
import { accountsOf, airiskToasts, allowInTab, signedInAs } from './support/tabs.ts';
import { screenshotThemes } from './support/themes.ts';
import { openSetUp } from './support/setUp.ts';

const redirectUri = 'https://localhost/callback';

describe('a question that something else hides', () => {
  let stage: Stage;
  let window: WorkbenchWindow;
  let input: QuickInput;
  /** A deployment that VS Code asks about before it opens it in the browser. */
  let untrusted: Emulator;

  before(async function () {
    stage = stageOf(this);
    untrusted = await startEmulator({ host: '127.0.0.4' });
    window = await openWindow(stage, { ownPopups: true });
    input = quickInput(window.page);
  });
  beforeEach(async () => {
    await resetStage(stage);
    await clearNotifications(window);
  });
  afterEach(async () => {
    for (const tab of window.context.pages()) if (tab !== window.page) await tab.close();
    await window.page.bringToFront();
    if (await input.widget.isVisible()) await input.cancel();
  });
  after(async () => {
    await changeSettings(window, { redirectUri: undefined });
    await window.context.close();
    await untrusted.close();
  });

  const press = (key: string): Promise<void> => window.page.keyboard.press(key);
  const beginSetUp = async (): Promise<void> => {
    await openSetUp(window);
    await input.waitForMessage('Address of your AIRisk deployment');
  };

  it('comes back with what was typed when that is left, and ends at Escape without a word', async () => {
    await beginSetUp();
    await input.type('http://127.0.0.2:1/half');
    await showPalette(window.page);
    await notifications(window.page).waitFor('AIRisk is waiting for your answer: Set up AIRisk');
    await screenshotThemes(window, 'question-hidden');
    await press('Escape');
    await input.waitForStep(1, 5);
    assert.equal(await input.value(), 'http://127.0.0.2:1/half');
    await clearNotifications(window);
    await press('Escape');
    await input.waitUntilClosed();
    assert.deepEqual(await airiskToasts(window), []);
  });

  it('comes back when the person goes on elsewhere', async () => {
    await beginSetUp();
    await showPalette(window.page);
    await window.page.keyboard.type('New Untitled Text File');
    await input.widget.locator('.monaco-list-row.focused', { hasText: 'New Untitled Text File' }).waitFor();
    await press('Enter');
    await input.waitForStep(1, 5);
    await press('Escape');
    await input.waitUntilClosed();
  });

  it('comes back or ends from the message', async () => {
    const waiting = 'AIRisk is waiting for your answer';
    await beginSetUp();
    await showPalette(window.page);
    await notifications(window.page).click(waiting, 'Continue');
    await input.waitForStep(1, 5);
    await clearNotifications(window);
    await showPalette(window.page);
    await notifications(window.page).click(waiting, 'Cancel');
    await press('Escape');
    await input.waitUntilClosed();
    await showPalette(window.page);
    await press('Escape');
    await input.waitUntilClosed();
  });

  it('of accounts comes back too, and can be closed with the mouse', async () => {
    await signInForTests(window, 'user_42');
    await runCommand(window.page, 'AIRisk: Show Accounts');
    await input.waitForPlaceholder('Select an account or an action');
    await showPalette(window.page);
    await press('Escape');
    await input.waitForPlaceholder('Select an account or an action');
    await input.widget.locator('.monaco-list-row.focused', { hasText: 'user_42' }).waitFor();
    await screenshotThemes(window, 'question-accounts');
    // Not with the mouse of the test: VS Code's hover of the box may lie on it.
    await input.widget.getByRole('button', { name: 'Cancel' }).dispatchEvent('click');
    await input.waitUntilClosed();
    await executeCommand(window, 'airisk.signOutAll');
  });

  it('of users is there again, with the list, after the one that the list takes', async () => {
    await changeSettings(window, { redirectUri });
    await signInForTests(window);
    await stage.emulator.client.setOptions({ mode: 'login' });
    const opened = window.page.waitForEvent('popup');
    await runCommand(window.page, 'AIRisk: Sign In as User');
    const tab = await opened;
    const failed = window.context.waitForEvent('requestfailed', (request) =>
      request.url().startsWith(redirectUri),
    );
    await allowInTab(tab);
    const address = (await failed).url();
    await tab.close();
    await window.page.bringToFront();
    await input.waitForMessage('Copy the full address from its address bar');
    await input.type(address);
    await input.accept();
    await input.waitForPlaceholder('Type a name or ID');
    await input.widget.getByText('Ada Lovelace').waitFor();
    await press('Escape');
    await input.waitUntilClosed();
  });

  it('is there again after the question which domains to trust, and the sign-in goes on', async () => {
    await changeSettings(window, { baseUrl: untrusted.origin, redirectUri });
    await signInForTests(window);
    const failed = window.context.waitForEvent('requestfailed', (request) =>
      request.url().startsWith(redirectUri),
    );
    await startSignIn(window, 'user_42');
    await dialog(window.page).click('Configure Trusted Domains');
    await input.widget.getByText(`Trust ${untrusted.origin}`).first().waitFor();
    await press('Enter');
    const address = (await failed).url();
    await window.page.bringToFront();
    await input.waitForMessage('Copy the full address from its address bar');
    await input.type(address);
    await input.accept();
    await notifications(window.page).waitFor(signedInAs('user_42'));
    await until(async () => (await accountsOf(window)).includes('user_42'));
  });

  describe('of VS Code, whether to open AIRisk', () => {
    const notOpened = 'The browser was not opened.';
    /** One that no test before has VS Code trust. */
    let stranger: Emulator;

    before(async () => {
      const { clients, redirectMatch } = await stage.emulator.client.options();
      stranger = await startEmulator({ host: '127.0.0.5', clients, redirectMatch });
    });
    after(() => stranger.close());
    beforeEach(async () => {
      await changeSettings(window, { baseUrl: stranger.origin, redirectUri: undefined });
      await signInForTests(window);
    });

    it('leaves a way on when it is cancelled: to open it after all', async () => {
      await startSignIn(window, 'user_42');
      await dialog(window.page).click('Cancel');
      await screenshotThemes(window, 'browser-not-opened');
      await notifications(window.page).click(notOpened, 'Open Again');
      await dialog(window.page).click('Open');
      await notifications(window.page).waitFor(signedInAs('user_42'));
    });

    it('leaves a way out when it is cancelled', async () => {
      await startSignIn(window, 'user_7');
      await dialog(window.page).click('Cancel');
      await notifications(window.page).click(notOpened, 'Cancel');
      await until(async () => (await airiskToasts(window)).length === 0);
      assert.ok(!(await accountsOf(window)).includes('user_7'));
    });
  });
});
