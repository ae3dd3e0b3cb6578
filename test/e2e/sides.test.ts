import assert from 'node:assert/strict';
import type { AuthenticationGetSessionOptions } from 'vscode';
import { type Emulator, startEmulator } from '../emulator/emulator.ts';
import { buildFixture } from '../harness/fixtures.ts';
import { type Stage, stageOf, startStage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { evaluateInHost, openWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { allow } from './support/consumers.ts';
import { changeSettings, clientSecret, executeCommand, signInForTests } from './support/host.ts';
import { accountsOf } from './support/tabs.ts';

describe('an extension on the other side of a remote window', function () {
  // Each step stands on the one before.
  this.bail(true);

  let stage: Stage;
  let testEmulator: Emulator;
  let window: WorkbenchWindow;

  /** Calls the extension that runs beside the browser from the server's side, where this one runs. */
  const there = (name: string, ...args: unknown[]): Promise<unknown> =>
    evaluateInHost(
      window,
      (api, call) => api.commands.executeCommand(`airisk-test.consumer-worker.${call.name}`, ...call.args),
      { name, args },
    );
  const getSession = (options: AuthenticationGetSessionOptions): Promise<unknown> =>
    there('getSession', ['userid:user_42'], options);

  before(async () => {
    stage = await startStage({ extensions: [await buildFixture('consumer-worker')] });
    testEmulator = await startEmulator({ host: '127.0.0.2' });
    window = await openWindow(stage);
    await signInForTests(window, 'user_42');
    await until(() =>
      evaluateInHost(window, async (api) =>
        (await api.commands.getCommands(true)).includes('airisk-test.consumer-worker.side'),
      ),
    );
  });
  after(async () => {
    await stage.close();
    await testEmulator.close();
  });

  it('runs in the browser, and does not see what this extension exports', async () => {
    assert.deepEqual(await there('side'), { ui: true, remote: true, node: false, airisk: 'undefined' });
  });

  it('has no session before the user agrees, and nothing to say of it', async () => {
    assert.deepEqual(await getSession({ silent: true }), { session: null });
  });

  it('gets a token that AIRisk accepts, once the user agrees', async () => {
    const asked = getSession({ createIfNone: true });
    await allow(window, `user_42 (abc123 @ ${stage.emulator.origin})`);
    const { session } = Object(await asked);
    const headers = { authorization: `Bearer ${session.accessToken}` };
    assert.equal((await fetch(`${stage.emulator.origin}/api/GetConversations`, { headers })).status, 200);
    assert.deepEqual(Object(await getSession({ silent: true })).session.accessToken, session.accessToken);
  });

  it('gets the token of either deployment by its name, and of the one that the window uses without', async () => {
    const scopes = { default: ['deployment:default', 'user'], test: ['deployment:test', 'user'] };
    const tokenFor = async (asked: readonly string[]): Promise<unknown> =>
      Object(await there('getSession', asked, { silent: true })).session?.accessToken;
    const acceptedAt = async (token: unknown): Promise<string[]> => {
      const headers = { authorization: `Bearer ${String(token)}` };
      const answers = [stage.emulator, testEmulator].map(async ({ origin }) => {
        const { ok } = await fetch(`${origin}/api/GetConversations`, { headers });
        return ok ? [origin] : [];
      });
      return (await Promise.all(answers)).flat();
    };
    await changeSettings(window, {
      deployments: { test: { baseUrl: testEmulator.origin, clientId: 'abc123' } },
    });
    await signInForTests(window, 'user_7', clientSecret, 'test');
    const asked = there('getSession', scopes.test, { createIfNone: true });
    await allow(window, `user_7 (abc123 @ ${testEmulator.origin})`);
    const { session } = Object(await asked);
    assert.deepEqual(await acceptedAt(session.accessToken), [testEmulator.origin]);
    const account = { account: session.account };
    const { session: same } = Object(await there('getSession', ['user'], { silent: true, ...account }));
    assert.equal(same.accessToken, session.accessToken);
    for (const [name, origin] of [
      ['default', stage.emulator.origin],
      ['test', testEmulator.origin],
    ] as const) {
      await executeCommand(window, 'airisk.switchDeployment', { deployment: name });
      assert.deepEqual(await acceptedAt(await tokenFor(['user'])), [origin], name);
      assert.deepEqual(await acceptedAt(await tokenFor(scopes.test)), [testEmulator.origin]);
      assert.deepEqual(await acceptedAt(await tokenFor(scopes.default)), [stage.emulator.origin]);
    }
    await executeCommand(window, 'airisk.switchDeployment', { deployment: 'default' });
  });

  it('learns of a renewal, and that a session has gone', async () => {
    const before = Number(await there('changes'));
    await executeCommand(window, 'airisk.renew', { userid: 'user_42' });
    await until(async () => Number(await there('changes')) > before);
    await executeCommand(window, 'airisk.signOut', { userid: 'user_42' });
    assert.deepEqual(await getSession({ silent: true }), { session: null });
  });

  it('gets the words of an error, though not its class', async () => {
    const { error } = Object(await there('getSession', ['openid'], { createIfNone: true }));
    assert.match(error.message, /^AIRisk does not support the scopes "openid"/);
  });

  it('is in a VS Code whose sessions a second one with user data of its own does not share', async function () {
    await signInForTests(window, 'user_42');
    const first = await accountsOf(window);
    const second = await openWindow(stageOf(this), { context: window.context });
    await changeSettings(second, { baseUrl: stage.emulator.origin });
    assert.deepEqual(await accountsOf(second), []);
    await signInForTests(second, 'user_42');
    await executeCommand(second, 'airisk.signOutAll');
    assert.deepEqual(await accountsOf(second), []);
    assert.deepEqual(await accountsOf(window), first);
  });
});
