import assert from 'node:assert/strict';
import { type Stage, stageOf } from '../vscode/stage.ts';
import { openWindow, type WorkbenchWindow } from '../vscode/workbench.ts';
import { notifications } from '../vscode/workbench/notifications.ts';
import { accountsAs, allow, allowFor, inShort, recordEvents, recordedEvents } from './support/consumers.ts';
import { executeCommand, signInForTests } from './support/host.ts';
import { getSessionAs } from './support/session.ts';

const ada = ['userid:user_42'];

describe('sign-ins that extensions ask for', () => {
  let stage: Stage;
  let window: WorkbenchWindow;
  let adaLabel: string;

  const sent = async (method: 'GET' | 'POST'): Promise<number> =>
    (await stage.emulator.client.requests()).filter((request) => request.method === method).length;

  before(async function () {
    stage = stageOf(this);
    await stage.emulator.client.reset();
    adaLabel = `user_42 (abc123 @ ${stage.emulator.origin})`;
    window = await openWindow(stage);
    await signInForTests(window, 'user_42');
  });
  after(() => window.context.close());

  it('signs in again to an account whose session is gone', async () => {
    const [account] = await accountsAs(window, 'one');
    await executeCommand(window, 'airisk.signOut', { userid: 'user_42' });
    const answer = getSessionAs(window, 'one', [], { createIfNone: true, ...(account && { account }) });
    await allow(window);
    assert.equal((await answer)?.account.label, adaLabel);
  });

  it('turns two calls at once into one sign-in', async () => {
    await executeCommand(window, 'airisk.signOutAll');
    await stage.emulator.client.clearRequests();
    await recordEvents(window);
    const grace = ['userid:user_7'];
    const answers = Promise.all([
      getSessionAs(window, 'one', grace, { createIfNone: true }),
      getSessionAs(window, 'two', grace, { createIfNone: true }),
    ]);
    // Either may ask first.
    await Promise.all(['Consumer One', 'Consumer Two'].map((extension) => allowFor(window, extension)));
    const [first, second] = await answers;
    assert.ok(first && second);
    assert.equal(first.accessToken, second.accessToken);
    assert.equal(await sent('POST'), 1);
    assert.deepEqual(inShort(await recordedEvents(window)), ['signIn +user_7']);
  });

  it('tells a cancelled sign-in as VS Code does', async () => {
    await stage.emulator.client.setOptions({ mode: 'login' });
    await executeCommand(window, 'notifications.clearAll');
    const answer = getSessionAs(window, 'one', ['userid:user_88'], { createIfNone: true });
    const cancelled = assert.rejects(answer, { name: 'Canceled', message: 'Canceled' });
    await allow(window);
    await notifications(window.page).waitFor('Signing in to AIRisk as user_88');
    await notifications(window.page).click('Signing in to AIRisk as user_88', 'Cancel');
    await cancelled;
    // Progress of the sign-in before this one may still be fading out.
    const shown = (await notifications(window.page).texts()).filter((text) => !text.includes('user_7'));
    assert.deepEqual(shown, []);
  });

  it('cannot serve a challenge: VS Code lets no provider do so with its stable API', async () => {
    const challenge = { wwwAuthenticate: 'Bearer error="invalid_token"', fallbackScopes: ada };
    await assert.rejects(getSessionAs(window, 'one', challenge, { silent: true }), {
      message: "The authentication provider 'airisk' does not support getting sessions from challenges.",
    });
  });
});
