import assert from 'node:assert/strict';
import { type Stage, stageOf } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { evaluateInHost, openWindow, reloadWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { notifications } from '../harness/workbench/notifications.ts';
import { screenshot } from '../harness/workbench/screenshot.ts';
import { statusBarItem } from '../harness/workbench/statusBar.ts';
import { signInForTests, startSignIn } from './support/host.ts';
import { getSessionAs } from './support/session.ts';
import { accountsOf, airiskToasts, grant, signedInAs } from './support/tabs.ts';
import { records } from './support/records.ts';

const silent = { silent: true };

describe('a stored session that cannot be read', function () {
  this.bail(true);

  let stage: Stage;
  let window: WorkbenchWindow;
  let key = '';

  before(async function () {
    stage = stageOf(this);
    await stage.emulator.client.reset();
    window = await openWindow(stage);
    await signInForTests(window);
    for (const userid of ['user_42', 'user_7']) await signInForTests(window, userid);
    assert.ok(await grant(window, 'user_42'));
  });
  after(() => window.context.close());

  const damaged = '{"version":1,"userid":"user_42","accessTok';
  const reports = async (): Promise<number> =>
    (await stage.server.logs()).split(`A stored session cannot be read; left as it is: ${key}`).length - 1;
  const ask = () => getSessionAs(window, 'one', ['userid:user_42'], silent);

  it('ends the session that it was, and no other one', async () => {
    const before = await records(window);
    key = Object.keys(before).find((each) => /^session:.*user_42$/.test(each)) ?? '';
    assert.match(before[key] ?? '', /"accessToken":"ey/);
    await records(window, { [key]: damaged });
    await until(async () => (await accountsOf(window)).join() === 'user_7');
    assert.equal(await ask(), null);
    await statusBarItem(window.page, 'session').filter({ hasText: 'user_7' }).waitFor();
  });

  it('is left as it is, and reported once however often it is asked for', async () => {
    for (let i = 0; i < 3; i++) {
      assert.equal(await ask(), null);
      assert.deepEqual(await accountsOf(window), ['user_7']);
      await evaluateInHost(window, (api) =>
        api.commands.executeCommand('airisk.signOut', { userid: 'nobody' }),
      );
    }
    await until(async () => (await reports()) > 0);
    assert.equal(await reports(), 1);
    assert.equal((await records(window))[key], damaged);
  });

  it('breaks nothing when the window is loaded with it', async () => {
    // Of somebody who has not been signed in here: what a window has stored in the last minute it puts back.
    key = key.replace('user_42', 'user_88');
    await records(window, { [key]: damaged.replace('user_42', 'user_88') });
    await reloadWindow(window);
    await until(async () => (await accountsOf(window)).includes('user_7'));
    assert.ok(!(await accountsOf(window)).includes('user_88'));
    await until(async () => (await reports()) > 0);
    assert.equal((await records(window))[key], damaged.replace('user_42', 'user_88'));
    assert.deepEqual(await airiskToasts(window), []);
    await screenshot(window.page, 'damaged-record');
  });

  it('is ignored in the same way where a later version of the extension has written it', async () => {
    const newer = JSON.stringify({ version: 2, userid: 'user_88', tokens: ['a', 'b'] });
    await records(window, { [key]: newer });
    await evaluateInHost(window, (api) =>
      api.commands.executeCommand('airisk.signOut', { userid: 'nobody' }),
    );
    assert.ok(!(await accountsOf(window)).includes('user_88'));
    assert.equal((await records(window))[key], newer);
  });

  it('is replaced by signing in again', async () => {
    await startSignIn(window, 'user_88');
    await notifications(window.page).waitFor(signedInAs('user_88'));
    assert.match((await records(window))[key] ?? '', /"version":1.*"accessToken":"ey/);
    const session = await grant(window, 'user_88');
    assert.ok(session);
    const answer = await fetch(`${stage.emulator.origin}/api/GetConversations`, {
      headers: { authorization: `Bearer ${session.accessToken}` },
    });
    assert.equal(answer.status, 200);
    assert.ok((await reports()) > 0);
  });
});
