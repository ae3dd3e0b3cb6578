import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { AiriskAuthenticationApi } from '../../src/api.ts';
import { manyUsers } from '../emulator/seed.ts';
import { type Stage, stageOf } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { evaluateInHost, openWindow, reloadWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { statusBarItem } from '../harness/workbench/statusBar.ts';
import { changesOf, inShort, recordEvents, recordedEvents, untilChanges } from './support/consumers.ts';
import { clientSecret, signInForTests } from './support/host.ts';
import { getSessionAs } from './support/session.ts';
import { filesIn } from './support/written.ts';
import { accountsOf, grant } from './support/tabs.ts';

// A browser-hosted VS Code gives each window a copy of all secrets and writes it back as a whole.
describe('two windows of one browser profile', function () {
  this.bail(true);

  let stage: Stage;
  let one: WorkbenchWindow;
  let two: WorkbenchWindow;
  /** What the windows have told each other. */
  let left: Awaited<ReturnType<typeof filesIn>>;

  before(async function () {
    stage = stageOf(this);
    await stage.emulator.client.reset();
    one = await openWindow(stage);
    two = await openWindow(stage, { context: one.context });
  });
  after(() => one.context.close());

  const signIn = (window: WorkbenchWindow, userids: readonly string[]): Promise<unknown> =>
    evaluateInHost(
      window,
      (api, entries) =>
        Promise.all(entries.map((entry) => api.commands.executeCommand('airisk.signInForTests', entry))),
      userids.map((userid) => ({ clientSecret, userid })),
    );
  const run = (window: WorkbenchWindow, command: string, userid: string): Promise<unknown> =>
    evaluateInHost(window, (api, [name, id]) => api.commands.executeCommand(name, { userid: id }), [
      command,
      userid,
    ] as const);
  const has = (window: WorkbenchWindow, userids: readonly string[]): Promise<void> =>
    until(async () => (await accountsOf(window)).join() === [...userids].toSorted().join());
  const bothHave = async (...userids: string[]): Promise<void> => {
    await Promise.all([has(one, userids), has(two, userids)]);
    for (const window of [one, two]) {
      await window.page.bringToFront();
      await reloadWindow(window);
    }
    for (const window of [one, two]) assert.deepEqual(await accountsOf(window), userids.toSorted());
  };

  it('are both set up by either', async () => {
    await signInForTests(one);
    await two.page.bringToFront();
    await statusBarItem(two.page, 'session').filter({ hasText: 'Sign in to AIRisk' }).waitFor();
  });

  it('see the sign-ins of the other, and lose none when they are loaded again', async () => {
    await signIn(one, ['user_42']);
    await signIn(two, ['user_7']);
    await bothHave('user_42', 'user_7');
  });

  it('see the renewals of the other', async () => {
    const before = await grant(two, 'user_42');
    await run(one, 'airisk.renew', 'user_42');
    const silent = { silent: true };
    await until(async () => {
      const now = await getSessionAs(two, 'one', ['userid:user_42'], silent);
      return now !== null && now.accessToken !== before?.accessToken && now.id === before?.id;
    });
  });

  it('tell each change of the other once, as one from elsewhere', async () => {
    await recordEvents(two);
    const before = await changesOf(two, 'one');
    const steps = ['airisk.signOut', 'airisk.signIn', 'airisk.renew'];
    for (const [index, command] of steps.entries()) {
      await run(one, command, 'user_42');
      await until(async () => (await recordedEvents(two)).length > index);
    }
    // A change told twice would follow at once.
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.deepEqual(inShort(await recordedEvents(two)), [
      'elsewhere -user_42',
      'elsewhere +user_42',
      'elsewhere ~user_42',
    ]);
    await untilChanges(two, 'one', before + steps.length);
  });

  it('renew a token that both use once, though nobody asks', async () => {
    const { client } = stage.emulator;
    const silent = { silent: true };
    const expirations = async (window: WorkbenchWindow): Promise<number[]> => {
      const sessions = await evaluateInHost(window, (api) =>
        api.extensions
          .getExtension<AiriskAuthenticationApi>('airisk.airisk-authentication')
          ?.exports.sessions(),
      );
      return (sessions ?? [])
        .filter(({ userid }) => userid === 'user_42')
        .map(({ expiration }) => expiration);
    };
    /** How many tokens the two get for one that expires. */
    const renewals = async (): Promise<number> => {
      await client.setOptions({ tokenLifetimeSeconds: 60 });
      await signIn(one, ['user_42']);
      const [short = 0] = await expirations(one);
      await client.setOptions({ tokenLifetimeSeconds: 3_600 });
      await until(async () => (await expirations(two))[0] === short);
      assert.ok(await getSessionAs(two, 'one', ['userid:user_42'], silent));
      await client.clearRequests();
      for (const window of [one, two]) await until(async () => ((await expirations(window))[0] ?? 0) > short);
      await until(async () => (await client.requests()).every(({ status }) => status !== 0));
      return (await client.requests()).filter(({ path }) => path === '/api/oauth2/Token').length;
    };
    const counts = [await renewals()];
    // Each window has chosen a moment, which may be the other one's by chance: loaded again it chooses another.
    while (counts.at(-1) !== 1 && counts.length < 3) {
      await reloadWindow(two);
      counts.push(await renewals());
    }
    assert.equal(counts.at(-1), 1, `renewed ${counts.join(', ')} times`);
  });

  it('see the sign-outs of the other', async () => {
    await run(two, 'airisk.signOut', 'user_42');
    await bothHave('user_7');
    await evaluateInHost(one, (api) => api.commands.executeCommand('airisk.signOutAll'));
    await Promise.all([has(one, []), has(two, [])]);
  });

  it('keep all of 100 userids, 50 signed in from each at once', async () => {
    const users = manyUsers(100);
    await stage.emulator.client.setOptions({ users });
    const userids = users.map(({ id }) => id);
    const started = performance.now();
    await Promise.all([signIn(one, userids.slice(0, 50)), signIn(two, userids.slice(50))]);
    const signedIn = performance.now();
    // They are deleted after a minute.
    left = await filesIn(
      join(stage.server.userDataDir, 'User/globalStorage/airisk.airisk-authentication/windows'),
    );
    await Promise.all([has(one, userids), has(two, userids)]);
    const seen = performance.now();
    console.log(
      `      100 sign-ins: ${Math.round(signedIn - started)} ms, all in both windows after ${Math.round(seen - started)} ms`,
    );
    await bothHave(...userids);
  });

  it('leave nothing readable between them', async () => {
    assert.ok(left.length >= 100, `${left.length} files`);
    for (const { where, text } of left) {
      const bytes = Buffer.from(text, 'base64').toString('latin1');
      assert.doesNotMatch(bytes, /session:v1|accessToken|user_|made_up|s3cr3t/, where);
    }
  });

  it('share nothing with another browser profile', async () => {
    const stranger = await openWindow(stage);
    try {
      await signIn(two, ['user_42']);
      await until(async () => (await accountsOf(one)).includes('user_42'));
      assert.deepEqual(await accountsOf(stranger), []);
    } finally {
      await stranger.context.close();
    }
  });
});

describe('one window', function () {
  it('keeps all of 100 userids that are signed in at once', async function () {
    const { emulator } = stageOf(this);
    await emulator.client.reset();
    const users = manyUsers(100);
    await emulator.client.setOptions({ users });
    const window = await openWindow(stageOf(this));
    const userids = users.map(({ id }) => id).toSorted();
    const started = performance.now();
    await evaluateInHost(
      window,
      (api, entries) =>
        Promise.all(entries.map((entry) => api.commands.executeCommand('airisk.signInForTests', entry))),
      userids.map((userid) => ({ clientSecret, userid })),
    );
    console.log(`      100 sign-ins: ${Math.round(performance.now() - started)} ms`);
    assert.deepEqual(await accountsOf(window), userids);
    await reloadWindow(window);
    assert.deepEqual(await accountsOf(window), userids);
    await window.context.close();
  });
});
