import assert from 'node:assert/strict';
import type { AiriskAuthenticationApi } from '../../src/api.ts';
import { type Emulator, startEmulator } from '../emulator/emulator.ts';
import { secondClient } from '../emulator/seed.ts';
import { resetStage, type Stage, stageOf } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { evaluateInHost, openWindow, reloadWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { dialog } from '../harness/workbench/dialog.ts';
import { notifications } from '../harness/workbench/notifications.ts';
import { runCommand } from '../harness/workbench/palette.ts';
import { quickInput } from '../harness/workbench/quickInput.ts';
import { statusBarItem, statusBarLabel } from '../harness/workbench/statusBar.ts';
import { accountsAs } from './support/consumers.ts';
import {
  changeSettings,
  clearNotifications,
  clientSecret,
  executeCommand,
  signInForTests,
} from './support/host.ts';
import { getSessionAs } from './support/session.ts';
import { screenshotThemes } from './support/themes.ts';

const users = ['', 'user_42', 'user_7', 'user_1001'];

describe('two deployments in two windows', function () {
  // Each step stands on the one before.
  this.bail(true);

  let stage: Stage;
  let testEmulator: Emulator;
  let one: WorkbenchWindow;
  let two: WorkbenchWindow;

  before(async function () {
    stage = stageOf(this);
    const { clients, redirectMatch } = await stage.emulator.client.options();
    testEmulator = await startEmulator({ host: '127.0.0.2', clients, redirectMatch });
    // Before the windows read them: a window behind another one hears of changes late.
    await resetStage(stage, { 'airisk.deployments': deployments() });
    one = await openWindow(stage);
    two = await openWindow(stage, { context: one.context });
  });
  after(async () => {
    await one.context.close();
    await resetStage(stage);
    await testEmulator.close();
  });

  const deployments = () => ({
    test: { baseUrl: testEmulator.origin, clientId: 'abc123', production: true },
  });
  const shows = (window: WorkbenchWindow, text: string): Promise<void> =>
    statusBarItem(window.page, 'session').filter({ hasText: text }).waitFor();
  const originOf = async (
    window: WorkbenchWindow,
    scopes: readonly string[],
    account: { id: string; label: string },
  ): Promise<string | undefined> => {
    let isOver = false;
    const asked = getSessionAs(window, 'one', scopes, { createIfNone: true, account }).finally(() => {
      isOver = true;
    });
    // VS Code asks once for each account, in whichever window comes first.
    await until(async () => {
      if (!isOver && (await dialog(window.page).isOpen())) await dialog(window.page).click('Allow');
      return isOver;
    });
    const session = await asked;
    // What the token works at.
    for (const { origin } of session ? [stage.emulator, testEmulator] : []) {
      const headers = { authorization: `Bearer ${session?.accessToken}` };
      if ((await fetch(`${origin}/api/GetConversations`, { headers })).ok) return origin;
    }
    return undefined;
  };

  it('are signed in to at the same time, four users each', async () => {
    for (const userid of users) await signInForTests(one, userid);
    await executeCommand(one, 'airisk.switchAccount', { userid: 'user_42' });
    await shows(one, 'default: Ada Lovelace');
    await until(async () => (await accountsAs(two, 'one')).length === users.length);
    await executeCommand(two, 'airisk.switchAccount', { userid: 'user_42' });
    await shows(two, 'default: Ada Lovelace');
    for (const userid of users) await signInForTests(one, userid, clientSecret, 'test');
    await until(async () => (await accountsAs(one, 'one')).length === 8);
    await shows(one, 'default: Ada Lovelace');
  });

  it('are used by one window each, by a switch that leaves the other window alone', async () => {
    await clearNotifications(one);
    await runCommand(one.page, 'AIRisk: Switch Deployment');
    const picker = quickInput(one.page);
    await picker.waitForPlaceholder('Select the deployment for this window');
    assert.deepEqual(await picker.labels(), ['default', 'test (production)', 'Set Up…']);
    await screenshotThemes(one, 'switch-deployment');
    await one.page.keyboard.press('ArrowDown');
    await one.page.keyboard.press('Enter');
    await shows(one, 'test (production): ');
    await notifications(one.page).waitFor('This window now uses test (production).');
    await shows(two, 'default: Ada Lovelace');
    await executeCommand(one, 'airisk.switchAccount', { userid: 'user_7' });
    await shows(one, 'test (production): Grace Hopper');
    assert.match(await statusBarLabel(one.page, 'session'), /Deployment: test \(production\)/);
    await screenshotThemes(one, 'status-bar-production');
    await shows(two, 'default: Ada Lovelace');
  });

  it('give callers the token by what the window uses, by scope, and by account', async () => {
    const accounts = await accountsAs(one, 'one');
    const accountAt = (origin: string, userid: string) =>
      accounts.find(({ label }) => label.includes(userid) && label.includes(origin)) ?? assert.fail();
    const [here, there] = [stage.emulator.origin, testEmulator.origin];
    for (const [window, inUse] of [
      [one, there],
      [two, here],
    ] as const) {
      const other = inUse === here ? there : here;
      const [own, foreign] = [accountAt(inUse, 'user_42'), accountAt(other, 'user_42')];
      assert.equal(await originOf(window, [], own), inUse);
      assert.equal(await originOf(window, [], foreign), other);
      assert.equal(await originOf(window, ['user'], foreign), other);
      assert.equal(await originOf(window, ['userid:user_42'], foreign), other);
      assert.equal(await originOf(window, ['userid:user_42'], own), inUse);
      assert.equal(
        await originOf(window, ['deployment:default', 'userid:user_42'], accountAt(here, 'user_42')),
        here,
      );
      assert.equal(
        await originOf(window, ['deployment:test', 'userid:user_42'], accountAt(there, 'user_42')),
        there,
      );
      const contradiction = { silent: true, account: accountAt(here, 'user_42') };
      assert.equal(await getSessionAs(window, 'one', ['deployment:test'], contradiction), null);
    }
  });

  it('have the tokens of all four users renewed, each at its own', async () => {
    const both = [
      ['default', stage.emulator],
      ['test', testEmulator],
    ] as const;
    for (const [name, { client }] of both) {
      await client.setOptions({ tokenLifetimeSeconds: 12 });
      for (const userid of users) await signInForTests(one, userid, clientSecret, name);
    }
    for (const [, { client }] of both) {
      await client.clearRequests();
      await client.setOptions({ tokenLifetimeSeconds: 3_600 });
    }
    // In the background, before anybody reads again.
    for (const [, { client }] of both) {
      await until(async () => {
        const asked = (await client.requests()).filter(({ path }) => path === '/api/oauth2');
        return users.every((userid) => asked.some(({ query }) => (query['userid'] ?? '') === userid));
      });
    }
    const renewed = (): Promise<string[] | undefined> =>
      evaluateInHost(one, (api) =>
        api.extensions
          .getExtension<AiriskAuthenticationApi>('airisk.airisk-authentication')
          ?.exports.sessions()
          .then((sessions) =>
            sessions
              .filter(({ expiresAfter }) => expiresAfter > 60_000)
              .map(({ deployment, userid }) => `${deployment} ${userid}`)
              .toSorted(),
          ),
      );
    await until(async () => (await renewed())?.length === 8);
    const expected = both.flatMap(([name]) => users.map((userid) => `${name} ${userid}`));
    assert.deepEqual(await renewed(), expected.toSorted());
    const accounts = await accountsAs(one, 'one');
    for (const [, { client, origin }] of both) {
      const account = accounts.find(({ label }) => label.includes('user_42') && label.includes(origin));
      assert.equal(await originOf(one, ['user'], account ?? assert.fail()), origin);
      assert.ok((await client.requests()).every(({ status }) => status < 400));
    }
    await shows(one, 'test (production): Grace Hopper');
    await shows(two, 'default: Ada Lovelace');
  });

  it('are what a window goes on with when it is loaded again', async () => {
    await reloadWindow(one);
    await shows(one, 'test (production): Grace Hopper');
    await shows(two, 'default: Ada Lovelace');
  });

  it('come back with their sessions when the settings took one away', async () => {
    await changeSettings(one, { deployments: undefined });
    await shows(one, 'Ada Lovelace');
    await until(async () => (await accountsAs(one, 'one')).length === 4);
    await changeSettings(one, { deployments: deployments() });
    await shows(one, 'test (production): Grace Hopper');
    await until(async () => (await accountsAs(one, 'one')).length === 8);
  });

  it('are told apart from an entry that is not valid, which takes neither away', async () => {
    await clearNotifications(one);
    const live = { baseUrl: 'http://demo.aicrisk.com', clientId: 'abc123' };
    await changeSettings(one, { deployments: { ...deployments(), live } });
    await notifications(one.page).waitFor('The deployment "live" in airisk.deployments is not used.');
    await shows(one, 'test (production): Grace Hopper');
    assert.equal((await accountsAs(one, 'one')).length, 8);
    await changeSettings(one, { deployments: deployments() });
  });

  it('are signed out of one at a time', async () => {
    await executeCommand(one, 'airisk.signOut', { userid: 'user_42', deployment: 'test' });
    await until(async () => (await accountsAs(one, 'one')).length === 7);
    const left = (await accountsAs(one, 'one')).filter(({ label }) => label.includes('user_42'));
    assert.deepEqual(
      left.map(({ label }) => label.includes(stage.emulator.origin)),
      [true],
    );
  });

  it('are signed out of together or apart, and come back at Undo', async () => {
    await clearNotifications(one);
    await runCommand(one.page, 'AIRisk: Sign Out of All Accounts');
    const picker = quickInput(one.page);
    await picker.waitForPlaceholder('Select which accounts to sign out');
    assert.deepEqual(await picker.labels(), ['test (production)', 'All deployments']);
    await one.page.keyboard.press('Enter');
    await notifications(one.page).waitFor('Signed out of 3 AIRisk accounts.');
    await until(async () => (await accountsAs(one, 'one')).length === 4);
    await notifications(one.page).click('Signed out of 3 AIRisk accounts.', 'Undo');
    await until(async () => (await accountsAs(one, 'one')).length === 7);
  });

  it('are forgotten one at a time, and come back at Undo', async () => {
    await clearNotifications(one);
    await runCommand(one.page, 'AIRisk: Forget Deployment');
    const picker = quickInput(one.page);
    await picker.waitForPlaceholder('Select the deployment whose sessions and client secret to delete');
    const kept = (await picker.rows()).map(({ label, description }) => `${label}: ${description}`);
    assert.deepEqual(kept.toSorted(), [
      `default · ${stage.emulator.origin}: Sessions: 4, Client secret, Recent users: 3`,
      `test (production) · ${testEmulator.origin}: Sessions: 3, Client secret, Recent users: 3`,
    ]);
    await screenshotThemes(one, 'forget-deployment');
    await picker.pick(`test (production) · ${testEmulator.origin}`);
    await notifications(one.page).waitFor('Deleted for test (production)');
    await until(async () => (await accountsAs(one, 'one')).length === 4);
    await notifications(one.page).click('Deleted for test (production)', 'Undo');
    await until(async () => (await accountsAs(one, 'one')).length === 7);
  });

  it('are joined by another one in the set-up, by keyboard', async () => {
    await runCommand(one.page, 'AIRisk: Set Up');
    const input = quickInput(one.page);
    const enter = async (text: string): Promise<void> => {
      await input.type(text);
      await one.page.keyboard.press('Enter');
    };
    await input.waitForPlaceholder('Select the deployment to set up');
    assert.deepEqual(await input.labels(), ['test (production)', 'default', 'New Deployment…']);
    await screenshotThemes(one, 'set-up-which');
    await one.page.keyboard.press('ArrowUp');
    await one.page.keyboard.press('Enter');
    await input.waitForMessage('Name for the new deployment');
    await enter('Default');
    await input.waitForMessage('Enter 1 to 32 letters');
    await enter('TEST');
    await input.waitForMessage('There is a deployment with this name.');
    await enter('begun');
    await input.waitForStep(1, 5);
    await one.page.keyboard.press('Escape');
    await input.waitUntilClosed();
    await runCommand(one.page, 'AIRisk: Set Up');
    await input.waitForPlaceholder('Select the deployment to set up');
    assert.deepEqual(await input.labels(), ['test (production)', 'default', 'begun', 'New Deployment…']);
    await input.pick('New Deployment…');
    await input.waitForMessage('Name for the new deployment');
    await enter('Begun');
    await input.waitForMessage('There is a deployment with this name.');
    await enter('staging');
    await input.waitForStep(1, 5);
    assert.equal(await input.value(), '');
    await enter(testEmulator.origin);
    await input.waitForStep(2, 5);
    await enter('abc123');
    await input.waitForMessage('It has the same address and client ID as "test".');
    await enter('abc124');
    await input.waitForStep(3, 5);
    await input.waitForMessage(`sent only to ${testEmulator.origin}`);
    await one.page.keyboard.press('Escape');
    await input.waitUntilClosed();
    const setting = await evaluateInHost(
      one,
      (api) => api.workspace.getConfiguration('airisk').inspect<unknown>('deployments')?.globalValue,
    );
    const staging = { baseUrl: testEmulator.origin, clientId: 'abc124' };
    assert.deepEqual(setting, { ...deployments(), staging });
    // Whoever signs in to it is asked for what it lacks, whichever is in use.
    const signingIn = executeCommand(one, 'airisk.signIn', { deployment: 'staging' });
    await input.waitForStep(3, 5);
    await input.waitForMessage(`sent only to ${testEmulator.origin}`);
    assert.match(await input.title(), /staging/);
    await one.page.keyboard.press('Escape');
    await input.waitUntilClosed();
    await signingIn;
    await shows(one, 'test (production): Grace Hopper');
  });

  it('are told apart from an entry whose name is taken, which Set Up goes through and never signs in to', async () => {
    await clearNotifications(one);
    const { client_id: clientId, client_secret: secret } = secondClient;
    const redirectUri = 'https://localhost/callback';
    const TEST = { baseUrl: testEmulator.origin, clientId, redirectUri };
    await changeSettings(one, { deployments: { ...deployments(), TEST } });
    const problem = 'Its name differs from "test" only in case.';
    await notifications(one.page).waitFor(problem);
    await clearNotifications(one);
    await runCommand(one.page, 'AIRisk: Set Up');
    const input = quickInput(one.page);
    await input.waitForPlaceholder('Select the deployment to set up');
    const row = (await input.rows()).find(({ label }) => label === 'TEST');
    assert.ok(row?.detail.includes(problem), row?.detail);
    await screenshotThemes(one, 'set-up-which-unused');
    await input.pick('TEST');
    await input.waitForStep(1, 5);
    await input.accept();
    await input.waitForStep(2, 5);
    await input.accept();
    await input.waitForStep(3, 5);
    await input.type(secret);
    await input.accept();
    await input.pick('Paste it yourself');
    await input.waitForMessage('Send this to your administrator.');
    await input.accept();
    await input.pick('Sign in now');
    await notifications(one.page).waitFor(problem);
    await shows(one, 'test (production): Grace Hopper');
    await changeSettings(one, { deployments: deployments() });
  });
});
