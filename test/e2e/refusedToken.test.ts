import assert from 'node:assert/strict';
import type { Emulator } from '../emulator/emulator.ts';
import { stageOf } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { evaluateInHost, openWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { notifications } from '../harness/workbench/notifications.ts';
import { screenshot } from '../harness/workbench/screenshot.ts';
import { changeSettings, clearNotifications, signInForTests, startCommand } from './support/host.ts';
import { getSessionAs, pickUser } from './support/session.ts';
import { accountsOf, allowInTab, grant, signInTab, signedInAs } from './support/tabs.ts';

describe('a token of the application that AIRisk has revoked', function () {
  let window: WorkbenchWindow;
  let emulator: Emulator;

  before(async function () {
    const stage = stageOf(this);
    ({ emulator } = stage);
    window = await openWindow(stage, { ownPopups: true });
  });
  beforeEach(async () => {
    await emulator.client.reset();
    await signInForTests(window, '');
    await emulator.client.revoke();
    await emulator.client.clearRequests();
  });
  afterEach(async () => {
    for (const tab of window.context.pages()) if (tab !== window.page) await tab.close();
    await window.page.bringToFront();
    await changeSettings(window, { signInTimeoutMinutes: undefined });
    await evaluateInHost(window, (api) => api.commands.executeCommand('airisk.signOutAll'));
    await clearNotifications(window);
  });
  after(() => window.context.close());

  const toasts = () => notifications(window.page);
  /** The token requests for a user: what their bearer was worth, and the answer; each with a code of its own. */
  const exchanges = async (): Promise<string[]> => {
    const requests = (await emulator.client.requests()).filter(({ body }) => body['userid'] === 'user_42');
    assert.equal(new Set(requests.map(({ body }) => body['code'])).size, requests.length);
    return requests.map(({ authorization, status }) => `${authorization} ${status}`);
  };
  const application = (): Promise<boolean> => accountsOf(window).then((userids) => userids.includes(''));

  it('is left out of a second request that nobody notices, and counts as expired', async () => {
    const tab = await signInTab(window, 'user_42');
    await window.page.bringToFront();
    await toasts().waitFor(signedInAs('user_42'));
    assert.deepEqual(await exchanges(), ['invalid 401', 'none 200']);
    assert.deepEqual(window.context.pages(), [window.page, tab]);
    assert.equal(await application(), false);
    // Kept, and renewed like one that has expired.
    await evaluateInHost(window, (api) => api.commands.executeCommand('airisk.renew', { userid: '' }));
    await until(application);
  });

  it('does not keep the token of a user from being renewed', async () => {
    await signInForTests(window, 'user_42');
    const before = await grant(window, 'user_42');
    await signInForTests(window, '');
    await emulator.client.revoke();
    await emulator.client.clearRequests();
    await evaluateInHost(window, (api) => api.commands.executeCommand('airisk.renew', { userid: 'user_42' }));
    assert.deepEqual(await exchanges(), ['invalid 401', 'none 200']);
    const after = await getSessionAs(window, 'one', ['userid:user_42'], { silent: true });
    assert.ok(before && after);
    assert.notEqual(after.accessToken, before.accessToken);
    assert.equal(after.id, before.id);
  });

  it('is replaced where the list of users needs one', async () => {
    await startCommand(window, 'airisk.signInAsUser');
    await pickUser(window, 'Grace Hopper');
    await toasts().waitFor(signedInAs('user_7'));
    const listed = (await emulator.client.requests()).filter(({ path }) => path.endsWith('ListUsers'));
    assert.deepEqual(
      listed.map(({ authorization, status }) => `${authorization} ${status}`),
      ['invalid 401', 'generic 200'],
    );
    assert.equal(await application(), true);
  });

  it('lets AIRisk ask a second time where it wants to be asked, and says why when nobody answers', async () => {
    await changeSettings(window, { signInTimeoutMinutes: 0.4 });
    await emulator.client.setOptions({ mode: 'login' });
    const first = await signInTab(window, 'user_42');
    const second = window.page.waitForEvent('popup');
    await allowInTab(first);
    await second;
    await window.page.bringToFront();
    const message = await toasts().waitFor("rejected the application's token");
    await screenshot(window.page, 'error-refused-token');
    assert.match(message, /AIRisk trace ID/);
    assert.deepEqual(await toasts().buttons(message), ['Sign In Again', 'Show Log']);
    assert.deepEqual(await exchanges(), ['invalid 401']);
    await changeSettings(window, { signInTimeoutMinutes: undefined });
    const third = window.page.waitForEvent('popup');
    await toasts().click(message, 'Sign In Again');
    await allowInTab(await third);
    await window.page.bringToFront();
    await until(async () => (await accountsOf(window)).includes('user_42'));
    assert.deepEqual(await exchanges(), ['invalid 401', 'none 200']);
  });

  it('is not what a wrong client secret is taken for, and stays then', async () => {
    await signInForTests(window, undefined, 'not the secret');
    await signInTab(window, 'user_42');
    await window.page.bringToFront();
    await toasts().waitFor('rejected the client secret');
    assert.deepEqual(await exchanges(), ['invalid 401', 'none 401']);
    assert.equal(await application(), true);
  });
});
