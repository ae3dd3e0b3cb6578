import assert from 'node:assert/strict';
import type { AuthenticationGetSessionOptions } from 'vscode';
import { buildFixture } from '../harness/fixtures.ts';
import { type Stage, startStage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { evaluateInHost, openWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { allow } from './support/consumers.ts';
import { executeCommand, signInForTests } from './support/host.ts';

describe('an extension on the other side of a remote window', function () {
  // Each step stands on the one before.
  this.bail(true);

  let stage: Stage;
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
    window = await openWindow(stage);
    await signInForTests(window, 'user_42');
    await until(() =>
      evaluateInHost(window, async (api) =>
        (await api.commands.getCommands(true)).includes('airisk-test.consumer-worker.side'),
      ),
    );
  });
  after(() => stage.close());

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
});
