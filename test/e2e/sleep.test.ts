import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Emulator } from '../emulator/emulator.ts';
import { waitForRpc } from '../harness/rpc.ts';
import { stageOf } from '../harness/stage.ts';
import { evaluateInHost, openWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { screenshot } from '../harness/workbench/screenshot.ts';
import { statusBarItem } from '../harness/workbench/statusBar.ts';
import { changeSettings, signInForTests } from './support/host.ts';
import { getSessionAs } from './support/session.ts';
import { airiskToasts, grant } from './support/tabs.ts';

// Shorter than the 20 s after which VS Code takes a connection for lost.
const lifetimeSeconds = 8;
const sleepMs = 9_000;

describe('an extension host that sleeps over the expiry of a token', function () {
  let window: WorkbenchWindow;
  let emulator: Emulator;

  before(async function () {
    const stage = stageOf(this);
    ({ emulator } = stage);
    await emulator.client.reset();
    window = await openWindow(stage);
    await signInForTests(window);
    await signInForTests(window, 'user_42');
    assert.ok(await grant(window, 'user_42'));
  });
  afterEach(async () => {
    await evaluateInHost(window, (api) => api.commands.executeCommand('airisk.signOutAll'));
    await changeSettings(window, { renewal: undefined });
  });
  after(() => window.context.close());

  /** Stops the process, as a computer that sleeps does, and lets it go on. */
  const sleep = async (): Promise<void> => {
    const { pid } = await waitForRpc(window.rpcFile);
    process.kill(pid, 'SIGSTOP');
    try {
      await delay(sleepMs);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  };
  const ask = () => getSessionAs(window, 'one', ['userid:user_42'], { silent: true });
  const accepts = async (token: string): Promise<boolean> => {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`${emulator.origin}/api/GetConversations`, { headers })).ok;
  };
  const signIn = async (renewal: 'silent' | 'off'): Promise<string> => {
    await changeSettings(window, { renewal });
    await emulator.client.setOptions({ tokenLifetimeSeconds: lifetimeSeconds });
    await signInForTests(window, 'user_42');
    const session = await ask();
    assert.ok(session && (await accepts(session.accessToken)));
    return session.accessToken;
  };
  const status = (text: string) => statusBarItem(window.page, 'session').filter({ hasText: text });

  it('hands out a token that works as soon as it wakes up, with the same session', async () => {
    const before = await signIn('silent');
    await emulator.client.setOptions({ tokenLifetimeSeconds: 3_600 });
    await sleep();
    const asked = await ask();
    assert.ok(asked);
    assert.notEqual(asked.accessToken, before);
    assert.ok(await accepts(asked.accessToken));
    assert.ok(!(await accepts(before)));
    await status('user_42 · ').waitFor();
    await screenshot(window.page, 'sleep-renewed');
    assert.deepEqual(await airiskToasts(window), []);
  });

  it('hands out nothing and shows the token as expired where it must not renew it', async () => {
    const before = await signIn('off');
    await sleep();
    assert.equal(await ask(), null);
    await status('expired').waitFor();
    await screenshot(window.page, 'sleep-expired');
    assert.ok(!(await accepts(before)));
  });
});
