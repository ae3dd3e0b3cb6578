import assert from 'node:assert/strict';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Emulator } from '../emulator/emulator.ts';
import { stageOf } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import {
  evaluateInHost,
  leaveWindow,
  openWindow,
  reloadWindow,
  type WorkbenchWindow,
} from '../harness/workbench.ts';
import { notifications } from '../harness/workbench/notifications.ts';
import { screenshot } from '../harness/workbench/screenshot.ts';
import { quickInput } from '../harness/workbench/quickInput.ts';
import { windowSize } from '../harness/browser.ts';
import { runCommand } from '../harness/workbench/palette.ts';
import { clearNotifications, clientSecret, signInForTests, startSignIn } from './support/host.ts';
import { breakKeyring, withoutKeyring } from './support/keyring.ts';
import { screenshotThemes } from './support/themes.ts';
import {
  accountsOf,
  allowInTab,
  deliverTo,
  holdRedirect,
  nextAddresses,
  signInTab,
  signedInAs,
} from './support/tabs.ts';

describe('two windows that sign in', () => {
  let one: WorkbenchWindow;
  let two: WorkbenchWindow;
  let emulator: Emulator;
  let folder: string;

  before(async function () {
    const stage = stageOf(this);
    ({ emulator } = stage);
    folder = join(stage.server.userDataDir, 'User/globalStorage/airisk.airisk-authentication/redirects');
    one = await openWindow(stage, { ownPopups: true });
    await signInForTests(one);
    two = await openWindow(stage, { ownPopups: true, context: one.context });
    // More than a sign-in skips: this window also waits for all addresses that the other one uses, not the reverse.
    await nextAddresses(two, 150);
  });
  beforeEach(async () => {
    await emulator.client.reset();
    await emulator.client.setOptions({ mode: 'login' });
  });
  afterEach(async () => {
    for (const tab of one.context.pages()) if (tab !== one.page && tab !== two.page) await tab.close();
    await Promise.all([one, two].map(clearNotifications));
  });
  after(() => one.context.close());

  const files = (): Promise<string[]> => readdir(folder).catch(() => []);
  const atLogin = async (window: WorkbenchWindow, userid: string): Promise<Page> => {
    await window.page.bringToFront();
    const tab = await signInTab(window, userid);
    await tab.getByRole('button', { name: 'Allow' }).waitFor();
    return tab;
  };
  const signedIn = async (window: WorkbenchWindow, userid: string): Promise<void> => {
    await window.page.bringToFront();
    await notifications(window.page).waitFor(signedInAs(userid));
    assert.ok((await accountsOf(window)).includes(userid));
  };
  it('at the same time get each its own code', async () => {
    const first = await atLogin(one, 'user_42');
    const second = await atLogin(two, 'user_7');
    await until(async () => (await files()).length === 2);
    for (const tab of [second, first]) {
      await tab.bringToFront();
      await allowInTab(tab);
    }
    await signedIn(two, 'user_7');
    await signedIn(one, 'user_42');
    const tokens = (await emulator.client.requests()).filter(({ path }) => path.endsWith('/Token'));
    assert.deepEqual(
      tokens.map(({ status }) => status),
      [200, 200],
    );
    await until(async () => (await files()).length === 0);
  });

  it('get a redirect that the other window received', async () => {
    const tab = await atLogin(one, 'user_1001');
    const held = holdRedirect(one.context);
    await allowInTab(tab);
    await deliverTo(two, await held);
    await signedIn(one, 'user_1001');
    await until(async () => (await files()).length === 0);
  });

  it('say in the log where a redirect cannot be handed over', async function () {
    const { server } = stageOf(this);
    const tab = await atLogin(one, 'user_88');
    const held = holdRedirect(one.context);
    await allowInTab(tab);
    const address = await held;
    await until(async () => (await files()).length === 1);
    const [waiting = ''] = await files();
    // What stands in the way of the file that the other window would write.
    const obstacle = join(folder, waiting.replace('.waiting', '.redirect'));
    await mkdir(obstacle);
    try {
      await deliverTo(two, address);
      const said = 'A redirect could not be handed to another window: its folder cannot be written';
      await until(async () => (await server.logs()).includes(said));
    } finally {
      await rm(obstacle, { recursive: true });
    }
    // The sign-in goes on waiting, and takes what comes later.
    await (await deliverTo(two, address)).close();
    await signedIn(one, 'user_88');
  });

  it('leave nothing behind when they are loaded again in the middle', async () => {
    const early = await atLogin(one, 'user_88');
    await until(async () => (await files()).length === 1);
    const held = holdRedirect(one.context);
    await allowInTab(early);
    await held;
    await one.page.bringToFront();
    await reloadWindow(one);
    await until(async () => (await files()).length === 0);
    await deliverTo(one, await held);
    await one.page.bringToFront();
    await notifications(one.page).waitFor('The browser came back too late');
    await screenshot(one.page, 'redirect-too-late');
    assert.deepEqual(await notifications(one.page).buttons('The browser came back too late'), ['Sign In']);
    const tab = await atLogin(one, 'user_88');
    await allowInTab(tab);
    await signedIn(one, 'user_88');
  });

  it('leave nothing behind when they are left in the middle', async function () {
    const three = await openWindow(stageOf(this), { ownPopups: true, context: one.context });
    await atLogin(three, 'user_42');
    await until(async () => (await files()).length === 1);
    await leaveWindow(three);
    await until(async () => (await files()).length === 0);
  });
});

describe('windows without a keyring', () => {
  const lost = 'This window does not have the client secret for';
  let one: WorkbenchWindow;

  before(async function () {
    const stage = stageOf(this);
    await stage.emulator.client.reset();
    const context = await stage.browser.newContext({ viewport: windowSize });
    await withoutKeyring(context);
    one = await openWindow(stage, { context });
    await signInForTests(one);
  });
  after(() => one.context.close());

  it('sign in, and a second one knows nobody and says why', async function () {
    await startSignIn(one, 'user_42');
    await notifications(one.page).waitFor(signedInAs('user_42'));
    const two = await openWindow(stageOf(this), { context: one.context });
    await notifications(two.page).waitFor(lost);
    assert.deepEqual(await accountsOf(two), []);
    await signInForTests(two, 'user_7');
    assert.deepEqual([await accountsOf(one), await accountsOf(two)], [['user_42'], ['user_7']]);
    await two.page.close();
    await one.page.bringToFront();
  });

  it('learn from Diagnose how long it lasts', async () => {
    await clearNotifications(one);
    await runCommand(one.page, 'AIRisk: Diagnose');
    await notifications(one.page).waitFor('AIRisk: all checks passed');
    // The preview opens the report after its tab.
    const open = (): Promise<string[]> =>
      evaluateInHost(one, (api) => api.workspace.textDocuments.map((document) => document.getText()));
    const says = /each window keeps its own secrets until it closes or reloads\./;
    await until(async () => (await open()).some((text) => says.test(text)));
  });

  it('do not take a question that VS Code asks for a locked keyring, and sign in once it is answered', async () => {
    await clearNotifications(one);
    await breakKeyring(one, { store: 'waits' });
    await startSignIn(one, 'user_7');
    const said = await notifications(one.page).waitFor("VS Code's secret storage does not respond.");
    assert.match(said, /answer what VS Code asks about it\. Then try again\./);
    await breakKeyring(one);
    await clearNotifications(one);
    await startSignIn(one, 'user_7');
    await notifications(one.page).waitFor(signedInAs('user_7'));
    assert.deepEqual(await accountsOf(one), ['user_42', 'user_7']);
  });

  it('say after a reload why nobody is signed in, and lead on', async () => {
    await clearNotifications(one);
    await reloadWindow(one);
    assert.match(
      await notifications(one.page).waitFor(lost),
      /Sign in again, or unlock or install a keyring/,
    );
    assert.deepEqual(await accountsOf(one), []);
    await screenshotThemes(one, 'secret-lost');
    await notifications(one.page).click(lost, 'Sign In');
    const input = quickInput(one.page);
    await input.waitForMessage('Client secret');
    await input.type(clientSecret);
    await input.accept();
    await input.pick('Receive it in this editor');
    await input.pick('As the application');
    await until(async () => (await accountsOf(one)).includes(''));
  });
});
