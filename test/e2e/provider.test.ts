import assert from 'node:assert/strict';
import * as z from 'zod/mini';
import { type Stage, stageOf } from '../harness/stage.ts';
import { openWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { dialog } from '../harness/workbench/dialog.ts';
import { notifications } from '../harness/workbench/notifications.ts';
import { quickInput } from '../harness/workbench/quickInput.ts';
import { screenshot } from '../harness/workbench/screenshot.ts';
import {
  accountsAs,
  allow,
  changesOf,
  inShort,
  recordEvents,
  recordedEvents,
  untilChanges,
} from './support/consumers.ts';
import { executeCommand, signInForTests } from './support/host.ts';
import { getSessionAs } from './support/session.ts';

const ada = ['userid:user_42'];

/** What VS Code hands on beyond its stable types. */
const Proposed = z.object({
  expiresAfter: z.int(),
  authorizationServer: z.object({ scheme: z.string(), authority: z.string() }),
});

describe('the provider, seen by two extensions', function () {
  // Each step stands on the one before.
  this.bail(true);

  let stage: Stage;
  let window: WorkbenchWindow;
  let adaLabel: string;
  let genericLabel: string;

  const sent = async (method: 'GET' | 'POST'): Promise<number> =>
    (await stage.emulator.client.requests()).filter((request) => request.method === method).length;

  before(async function () {
    stage = stageOf(this);
    await stage.emulator.client.reset();
    adaLabel = `user_42 (abc123 @ ${stage.emulator.origin})`;
    genericLabel = `Application · abc123 @ ${stage.emulator.origin}`;
    window = await openWindow(stage);
    await signInForTests(window);
  });
  after(() => window.context.close());

  it('has nothing to give before anybody has signed in', async () => {
    for (const scopes of [[], ada, ['generic']]) {
      assert.equal(await getSessionAs(window, 'one', scopes, { silent: true }), null);
    }
    assert.deepEqual(await accountsAs(window, 'one'), []);
    assert.equal(await dialog(window.page).isOpen(), false);
  });

  it('refuses a deployment that is not configured and says which there are', async () => {
    for (const options of [{ silent: true }, { createIfNone: true }, {}]) {
      await assert.rejects(getSessionAs(window, 'one', ['deployment:prod', 'user'], options), {
        name: 'AiriskUnknownDeployment',
        message:
          'There is no AIRisk deployment called "prod". Configured: default. Set it up, or correct airisk.deployments in the settings.',
      });
    }
    assert.equal(await dialog(window.page).isOpen(), false);
  });

  it('refuses unknown scopes and says which there are', async () => {
    for (const scopes of [['read'], ['generic', 'userid:user_42'], ['userid:'], ['Generic']]) {
      for (const options of [{ silent: true }, { createIfNone: true }, {}]) {
        await assert.rejects(
          getSessionAs(window, 'one', scopes, options),
          ({ name, message }: Error) =>
            name === 'AiriskInvalidScopes' &&
            message.endsWith(
              'Use [] (any session), ["user"] (any user), ["userid:ID"], or ["generic"], after "deployment:NAME" for a certain deployment.',
            ),
        );
      }
    }
    assert.equal(await dialog(window.page).isOpen(), false);
    // That is for the author to see, and no news for the user.
    assert.deepEqual(await notifications(window.page).texts(), []);
  });

  it('signs in as one user after the consent', async () => {
    await stage.emulator.client.clearRequests();
    const answer = getSessionAs(window, 'one', ada, { createIfNone: true });
    assert.match(await dialog(window.page).text(), /'Consumer One' wants to sign in using AIRisk/);
    await allow(window);
    const session = await answer;
    assert.ok(session);
    assert.equal(session.account.label, adaLabel);
    assert.deepEqual(session.scopes, ada);
    assert.equal(await sent('POST'), 1);
    const { expiresAfter, authorizationServer } = Proposed.parse(session);
    assert.ok(expiresAfter > 3_500_000 && expiresAfter <= 3_600_000, `${expiresAfter} ms`);
    const { scheme, authority } = authorizationServer;
    assert.equal(`${scheme}://${authority}`, stage.emulator.origin);
  });

  it('gives it to nobody else unasked', async () => {
    assert.equal(await getSessionAs(window, 'two', ada, { silent: true }), null);
    const answer = getSessionAs(window, 'two', ada, { createIfNone: true });
    const refused = assert.rejects(answer, { name: 'Error', message: 'User did not consent to login.' });
    await dialog(window.page).click('Cancel');
    await refused;
    assert.equal(await getSessionAs(window, 'two', ada, { silent: true }), null);
  });

  it('shares the session with another extension that the user allows', async () => {
    await stage.emulator.client.clearRequests();
    const answer = getSessionAs(window, 'two', ada, { createIfNone: true });
    await dialog(window.page).click('Allow');
    const picker = quickInput(window.page);
    assert.deepEqual(await picker.labels(), [adaLabel, 'Sign in to another account']);
    await screenshot(window.page, 'account-picker');
    await picker.pick(adaLabel);
    const [first, second] = [await getSessionAs(window, 'one', ada, { silent: true }), await answer];
    assert.ok(first && second);
    assert.deepEqual([second.id, second.accessToken], [first.id, first.accessToken]);
    assert.equal(await sent('POST'), 0);
  });

  it('signs in as the application', async () => {
    const answer = getSessionAs(window, 'one', ['generic'], { createIfNone: true });
    await allow(window);
    assert.equal((await answer)?.account.label, genericLabel);
  });

  it('lists each account once', async () => {
    const labels = (await accountsAs(window, 'two')).map(({ label }) => label);
    assert.deepEqual(labels, [adaLabel, genericLabel]);
  });

  it('narrows any session to the account that the caller names', async () => {
    for (const account of await accountsAs(window, 'one')) {
      const session = await getSessionAs(window, 'one', [], { silent: true, account });
      assert.deepEqual(session?.account, account);
      assert.deepEqual(session.scopes, []);
    }
    const contradiction = { silent: true, account: { id: '', label: genericLabel } };
    assert.equal(await getSessionAs(window, 'one', ada, contradiction), null);
  });

  it('gives any session by the preference that VS Code remembers, and none without one', async () => {
    const preferred = await getSessionAs(window, 'one', [], { silent: true });
    assert.equal(preferred?.account.label, genericLabel);
    const cleared = await getSessionAs(window, 'one', [], { silent: true, clearSessionPreference: true });
    // Two sessions that the extension may have: VS Code 1.139.1 does not choose between them.
    assert.equal(cleared, null);
    const answer = getSessionAs(window, 'one', [], { createIfNone: true });
    await allow(window, adaLabel);
    assert.equal((await answer)?.account.label, adaLabel);
  });

  it('explains a wrong choice in the account picker', async () => {
    const options = { createIfNone: true, clearSessionPreference: true } as const;
    const answer = getSessionAs(window, 'one', ada, options);
    const message = `The extension needs the AIRisk account ${adaLabel}, not ${genericLabel}. Try again with ${adaLabel}.`;
    const refused = assert.rejects(answer, { name: 'AiriskWrongAccount', message });
    await allow(window, genericLabel);
    await refused;
    await notifications(window.page).waitFor(message);
    // Nothing that the extension asked for would come of a second try here.
    assert.deepEqual(await notifications(window.page).buttons(message), ['Show Log']);
    await screenshot(window.page, 'wrong-account');
    await executeCommand(window, 'notifications.clearAll');
  });

  it('replaces a live session under the same id when a new one is forced', async () => {
    const options = { silent: true, account: { id: '', label: adaLabel } };
    const before = await getSessionAs(window, 'one', ada, options);
    await stage.emulator.client.clearRequests();
    await recordEvents(window);
    const changes = await changesOf(window, 'two');
    const answer = getSessionAs(window, 'one', ada, { forceNewSession: true });
    assert.match(await dialog(window.page).text(), /'Consumer One' wants you to sign in again using AIRisk/);
    await allow(window);
    const after = await answer;
    assert.ok(before && after);
    assert.equal(after.id, before.id);
    assert.notEqual(after.accessToken, before.accessToken);
    // Without the browser: one authorization request, one token request.
    assert.deepEqual([await sent('GET'), await sent('POST')], [1, 1]);
    for (const consumer of ['one', 'two'] as const) {
      const next = await getSessionAs(window, consumer, ada, options);
      assert.equal(next?.accessToken, after.accessToken);
    }
    assert.deepEqual(inShort(await recordedEvents(window)), ['renewal ~user_42']);
    // One for the token and one for the consent: VS Code tells everybody about that, too.
    await untilChanges(window, 'two', changes + 2);
  });

  it('tells every change once', async () => {
    const both = async (): Promise<number[]> => [
      await changesOf(window, 'one'),
      await changesOf(window, 'two'),
    ];
    const steps: [string, object][] = [
      ['airisk.renew', { userid: 'user_42' }],
      ['airisk.signIn', { userid: 'user_88' }],
      ['airisk.signOut', { userid: 'user_88' }],
    ];
    await recordEvents(window);
    const atFirst = await both();
    for (const [index, [command, argument]] of steps.entries()) {
      const before = await both();
      await executeCommand(window, command, argument);
      // A round trip through VS Code, behind which no event of the step is still on its way.
      await accountsAs(window, 'one');
      assert.deepEqual(
        await both(),
        before.map((count) => count + 1),
        command,
      );
      assert.equal((await recordedEvents(window)).length, index + 1);
    }
    // An echo of a write, told as another change, comes later than its command ends.
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.deepEqual(
      await both(),
      atFirst.map((count) => count + steps.length),
    );
    const expected = ['renewal ~user_42', 'signIn +user_88', 'signOut -user_88'];
    assert.deepEqual(inShort(await recordedEvents(window)), expected);
  });
});
