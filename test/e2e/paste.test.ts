import assert from 'node:assert/strict';
import type { Page, Request } from 'playwright-core';
import type { Emulator } from '../emulator/emulator.ts';
import { stageOf } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { openWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { notifications } from '../harness/workbench/notifications.ts';
import { quickInput } from '../harness/workbench/quickInput.ts';
import {
  changeSettings,
  clearNotifications,
  passSpamProtection,
  signInForTests,
  startCommand,
  startSignIn,
} from './support/host.ts';
import { accountsOf, airiskToasts, holdRedirect, signInTab, signedInAs } from './support/tabs.ts';
import { screenshotThemes } from './support/themes.ts';

const redirectUri = 'https://localhost/callback';
const prompt = 'Copy the full address from its address bar';

describe('a redirect that the user pastes', () => {
  let window: WorkbenchWindow;
  let emulator: Emulator;
  let origin: string;

  before(async function () {
    ({ emulator } = stageOf(this));
    ({ origin } = stageOf(this).server);
    window = await openWindow(stageOf(this), { ownPopups: true });
    await signInForTests(window);
  });
  beforeEach(async () => {
    await emulator.client.reset();
    await changeSettings(window, { redirectUri });
  });
  afterEach(async () => {
    for (const tab of window.context.pages()) if (tab !== window.page) await tab.close();
    await window.page.bringToFront();
    await window.page.keyboard.press('Escape');
    await clearNotifications(window);
  });
  after(async () => {
    await changeSettings(window, { redirectUri: undefined });
    await window.context.close();
  });

  /** Starts a sign-in, and reads the address at which its tab ends. */
  const endAddress = async (userid: string): Promise<string> => {
    const ended = window.context.waitForEvent('requestfailed', (request: Request) =>
      request.url().startsWith(redirectUri),
    );
    const tab = await signInTab(window, userid);
    const address = (await ended).url();
    await leave(tab);
    await quickInput(window.page).waitForMessage(prompt);
    return address;
  };
  /** Has what can be done offered, and does not wait for what the person does. */
  const continueSignIn = (): Promise<void> => startCommand(window, 'airisk.continueSignIn');
  const leave = async (tab: Page): Promise<void> => {
    await tab.close();
    await window.page.bringToFront();
  };
  const pasted = async (text: string): Promise<void> => {
    await quickInput(window.page).type(text);
    await quickInput(window.page).accept();
  };
  const signedIn = (userid: string): Promise<string> =>
    notifications(window.page).waitFor(signedInAs(userid));

  it('takes the whole address, after saying what is wrong with others', async () => {
    const input = quickInput(window.page);
    const address = await endAddress('user_42');
    await screenshotThemes(window, 'paste-prompt');
    await pasted('https://www.example.com/callback?code=abc');
    await input.waitForMessage('Paste the address that begins with');
    await screenshotThemes(window, 'paste-wrong');
    await pasted(redirectUri);
    await input.waitForMessage('Paste the address that begins with');
    await pasted(address.replace(/state=[^&]+/, 'state=another'));
    await input.waitForMessage('This address is from another sign-in');
    await pasted(`  ${address}\n`);
    await signedIn('user_42');
    assert.ok((await accountsOf(window)).includes('user_42'));
  });

  it('takes the query alone', async () => {
    await pasted(new URL(await endAddress('user_7')).search);
    await signedIn('user_7');
  });

  it('takes an address without a state: the server need not send it back', async () => {
    await pasted((await endAddress('user_1001')).replace(/&state=[^&]+/, ''));
    await signedIn('user_1001');
  });

  it('reads the clipboard on a click only', async () => {
    const input = quickInput(window.page);
    await window.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
    const address = await endAddress('user_88');
    await window.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(address)})`);
    assert.equal(await input.value(), '');
    await input.widget.getByLabel('Paste from the clipboard').click();
    await signedIn('user_88');
  });

  it('ends quietly on Escape, and opens no tab where Escape comes first', async () => {
    const input = quickInput(window.page);
    const before = await accountsOf(window);
    const isProgress = (text: string): boolean => text.startsWith('Signing in');
    const ended = async (): Promise<void> => {
      await input.cancel();
      await until(async () => !(await airiskToasts(window)).some(isProgress));
      // It may come so late that nothing is in progress any more.
      assert.deepEqual(
        (await airiskToasts(window)).filter((text) => !isProgress(text)),
        [],
      );
      assert.deepEqual(await accountsOf(window), before);
    };
    await endAddress('用户_8');
    await ended();
    await emulator.client.clearRequests();
    await emulator.client.inject({ endpoint: 'authorize', kind: 'delay', delayMs: 600_000 });
    await startSignIn(window, '用户_8');
    await input.waitForMessage(prompt);
    await ended();
    assert.equal(window.context.pages().length, 1);
  });

  it('ends with the error of AIRisk where it refuses', async () => {
    await startSignIn(window, 'nobody');
    await notifications(window.page).waitFor('rejected the sign-in request');
    await quickInput(window.page).widget.waitFor({ state: 'hidden' });
  });

  it('is the way out where the browser does not come back by itself', async () => {
    await changeSettings(window, { redirectUri: undefined });
    const held = holdRedirect(window.context);
    const tab = await signInTab(window, 'user_42');
    const address = await held;
    await leave(tab);
    await continueSignIn();
    const offer = 'AIRisk is waiting for the browser to sign you in as user_42';
    await notifications(window.page).waitFor(offer);
    assert.deepEqual(await notifications(window.page).buttons(offer), [
      'Finish Without the Browser',
      'Paste Address',
      'Open Again',
      'Copy Link',
      'Cancel',
    ]);
    await screenshotThemes(window, 'paste-offer');
    await notifications(window.page).click(offer, 'Paste Address');
    await quickInput(window.page).waitForMessage(prompt);
    await screenshotThemes(window, 'paste-offered');
    // The offer comes back then: as a third toast in 800 ms VS Code would not show it.
    await passSpamProtection(window);
    await quickInput(window.page).cancel();
    await notifications(window.page).click(offer, 'Paste Address');
    await quickInput(window.page).waitForMessage(prompt);
    await pasted(address);
    await signedIn('user_42');
  });

  for (const [how, uri] of [
    ['the editor receives', undefined],
    ['nobody listens at', redirectUri],
  ] as const) {
    it(`can be done without where AIRisk redirects at once to an address that ${how}`, async () => {
      await changeSettings(window, { redirectUri: uri });
      const held = holdRedirect(window.context);
      const tab = await signInTab(window, 'user_7');
      await held;
      await leave(tab);
      await emulator.client.clearRequests();
      // After twenty seconds it comes by itself: seen once is enough.
      if (uri !== undefined) await continueSignIn();
      const offer = await notifications(window.page).waitFor(
        'AIRisk is waiting for the browser to sign you in as user_7',
      );
      // The login page comes in between: said, and the sign-in waits on.
      await emulator.client.setOptions({ mode: 'login' });
      await notifications(window.page).click(offer, 'Finish Without the Browser');
      await notifications(window.page).waitFor('requires you to sign in again in the browser');
      await clearNotifications(window);
      await continueSignIn();
      await emulator.client.setOptions({ mode: 'immediate' });
      await notifications(window.page).click(offer, 'Finish Without the Browser');
      await signedIn('user_7');
      await quickInput(window.page).widget.waitFor({ state: 'hidden' });
      assert.equal(window.context.pages().length, 1);
      const paths = (await emulator.client.requests()).map(({ path }) => path);
      assert.deepEqual(paths, ['/api/oauth2', '/api/oauth2', '/api/oauth2/Token']);
    });
  }
});
