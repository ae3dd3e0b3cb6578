import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AiriskErrorName } from '../../src/api.ts';
import { type Stage, stageOf } from '../harness/stage.ts';
import { openWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { dialog } from '../harness/workbench/dialog.ts';
import { notifications } from '../harness/workbench/notifications.ts';
import { quickInput } from '../harness/workbench/quickInput.ts';
import { accountsAs, allow, allowFor, inShort, recordEvents, recordedEvents } from './support/consumers.ts';
import { changeSettings, clientSecret, executeCommand, signInForTests } from './support/host.ts';
import { getSessionAs, pickUser } from './support/session.ts';
import { allowInTab } from './support/tabs.ts';

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
  after(async () => {
    await changeSettings(window, { signInTimeoutMinutes: undefined, clientId: 'abc123' });
    await window.context.close();
  });

  it('signs in again to an account whose session is gone', async () => {
    const [account] = await accountsAs(window, 'one');
    await executeCommand(window, 'airisk.signOut', { userid: 'user_42' });
    const answer = getSessionAs(window, 'one', [], { createIfNone: true, ...(account && { account }) });
    await allow(window);
    assert.equal((await answer)?.account.label, adaLabel);
  });

  it('asks whom to sign in as once, however many ask for any user', async () => {
    await executeCommand(window, 'airisk.signOutAll');
    const answers = Promise.all(
      (['one', 'two'] as const).map((consumer) =>
        getSessionAs(window, consumer, ['user'], { createIfNone: true }),
      ),
    );
    await Promise.all(['Consumer One', 'Consumer Two'].map((extension) => allowFor(window, extension)));
    await pickUser(window, 'Ada Lovelace');
    const [first, second] = await answers;
    assert.match(first?.account.label ?? '', /user_42/);
    assert.equal(second?.accessToken, first?.accessToken);
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

  // VS Code names no caller: a call without an account could be the one that waits.
  for (const [how, named, requests] of [
    ['by its account', true, 1],
    ['without an account, which costs a renewal', false, 2],
  ] as const) {
    it(`gives what the first one brought to the second one, while that asks again ${how}`, async () => {
      await executeCommand(window, 'airisk.signOutAll');
      await stage.emulator.client.clearRequests();
      const grace = ['userid:user_7'];
      const first = getSessionAs(window, 'one', grace, { createIfNone: true });
      assert.match(await dialog(window.page).text(), /'Consumer One'/);
      const second = getSessionAs(window, 'two', grace, { createIfNone: true });
      // Calls keep their order, so that with this answer the second one has begun, too.
      assert.equal(await getSessionAs(window, 'two', ['generic'], { silent: true }), null);
      await allowFor(window, 'Consumer One');
      const brought = await first;
      assert.ok(brought);
      await getSessionAs(window, 'one', grace, { silent: true, ...(named && { account: brought.account }) });
      await allowFor(window, 'Consumer Two');
      assert.equal((await second)?.accessToken === brought.accessToken, named);
      assert.equal(await sent('POST'), requests);
    });
  }

  it('tells a cancelled sign-in as VS Code does', async () => {
    await stage.emulator.client.setOptions({ mode: 'login' });
    await executeCommand(window, 'notifications.clearAll');
    const answer = getSessionAs(window, 'one', ['userid:user_88'], { createIfNone: true });
    const cancelled = assert.rejects(answer, { name: 'Canceled', message: 'Canceled' });
    await allow(window);
    await notifications(window.page).waitFor('Signing in to AIRisk as user_88');
    await notifications(window.page).click('Signing in to AIRisk as user_88', 'Cancel');
    await cancelled;
    // Progress of this sign-in, and of the one before it, may still be fading out.
    const shown = (await notifications(window.page).texts()).filter(
      (text) => !/user_7|^Signing in/.test(text),
    );
    assert.deepEqual(shown, []);
  });

  it('asks whom to sign in as where any session will do, and ends where the person leaves', async () => {
    await executeCommand(window, 'airisk.signOutAll');
    await stage.emulator.client.setOptions({ mode: 'immediate' });
    const picker = quickInput(window.page);
    const ask = async (): Promise<ReturnType<typeof getSessionAs>> =>
      getSessionAs(window, 'one', [], { createIfNone: true });
    for (const isListed of [false, true]) {
      const left = assert.rejects(ask(), { name: 'Canceled', message: 'Canceled' });
      await allow(window);
      await picker.widget.getByText('As a user…').waitFor();
      if (isListed) {
        await picker.pick('As a user…');
        await picker.waitForPlaceholder('Type a name or ID');
      }
      await picker.cancel();
      await left;
    }
    // The list took a token of the application, which is an account that VS Code knows by now.
    const answer = ask();
    await allow(window, 'Sign in to another account');
    await picker.pick('As a user…');
    await pickUser(window, 'Ada Lovelace');
    const session = await answer;
    assert.match(session?.account.label ?? '', /^Ada Lovelace \(user_42, /);
    assert.deepEqual(session?.scopes, []);
  });

  it('asks no longer than a sign-in may wait: VS Code serves nobody meanwhile', async () => {
    await executeCommand(window, 'airisk.signOutAll');
    await changeSettings(window, { signInTimeoutMinutes: 0.1 });
    const picker = quickInput(window.page);
    const message = 'The sign-in waited too long for an answer. Try again.';
    const told = { name: 'AiriskTimedOut', message };
    const late = assert.rejects(getSessionAs(window, 'one', [], { createIfNone: true }), told);
    await allow(window);
    await picker.widget.getByText('As a user…').waitFor();
    await late;
    await picker.waitUntilClosed();
    await notifications(window.page).waitFor(message);
    assert.deepEqual(await accountsAs(window, 'two'), []);
    await executeCommand(window, 'airisk.removeClientSecret');
    const unset = assert.rejects(getSessionAs(window, 'one', ada, { createIfNone: true }), told);
    await allow(window);
    await picker.widget.getByText('Client secret.').waitFor();
    await unset;
    assert.deepEqual(await accountsAs(window, 'two'), []);
    // What is being typed there is not lost.
    await picker.widget.getByText('Client secret.').waitFor();
    await picker.cancel();
    await changeSettings(window, { signInTimeoutMinutes: undefined });
  });

  it('leads through set-up where that is missing, and goes on to the session', async () => {
    await executeCommand(window, 'notifications.clearAll');
    const answer = getSessionAs(window, 'one', ada, { createIfNone: true });
    await allow(window);
    const picker = quickInput(window.page);
    await picker.widget.getByText('Client secret.').waitFor();
    await picker.type(clientSecret);
    await picker.accept();
    await picker.pick('Receive it in this editor');
    assert.equal((await answer)?.account.label, adaLabel);
  });

  it('gives no session where the settings change meanwhile, and no consent for another account', async () => {
    await executeCommand(window, 'airisk.signOutAll');
    await stage.emulator.client.setOptions({ mode: 'login' });
    const message = 'The AIRisk settings have changed in the meantime. Try again.';
    const answer = getSessionAs(window, 'one', ada, { createIfNone: true });
    const refused = assert.rejects(answer, { name: 'AiriskSettingsChanged', message });
    const popup = window.page.waitForEvent('popup');
    await allow(window);
    const tab = await popup;
    await changeSettings(window, { clientId: 'reporting-tool' });
    await allowInTab(tab);
    await refused;
    await notifications(window.page).waitFor(message);
    assert.deepEqual(await accountsAs(window, 'one'), []);
    await changeSettings(window, { clientId: 'abc123' });
    await stage.emulator.client.setOptions({ mode: 'immediate' });
  });

  const failures: readonly {
    readonly name: AiriskErrorName;
    readonly message: RegExp;
    readonly before: (port: number) => Promise<unknown>;
  }[] = [
    {
      name: 'AiriskOffline',
      message: /cannot be reached|could not be reached/i,
      before: () => stage.emulator.client.inject({ endpoint: 'token', kind: 'drop' }),
    },
    {
      name: 'AiriskUnavailable',
      message: /AIRisk has a server problem \(HTTP 500\)/,
      before: () => stage.emulator.client.inject({ endpoint: 'token', kind: '500' }),
    },
    {
      name: 'AiriskRefused',
      message: /client secret/,
      before: () => signInForTests(window, undefined, 'not the secret'),
    },
    {
      name: 'AiriskNotConfigured',
      message: /must begin with https/,
      before: () => changeSettings(window, { baseUrl: 'http://airisk.example' }),
    },
    {
      name: 'AiriskFailed',
      message: /port/i,
      before: (port) => changeSettings(window, { redirectUri: `http://127.0.0.1:${port}/callback` }),
    },
  ];
  for (const { name, message, before: prepare } of failures)
    it(`ends as ${name} for the caller, and the user is told the same`, async () => {
      // What belongs to somebody else.
      const taken = createServer();
      await once(taken.listen(0, '127.0.0.1'), 'listening');
      const address = taken.address();
      await executeCommand(window, 'airisk.signOutAll');
      await executeCommand(window, 'notifications.clearAll');
      try {
        await prepare(typeof address === 'object' && address ? address.port : 0);
        const answer = getSessionAs(window, 'one', ada, { createIfNone: true });
        let told = '';
        const ended = assert.rejects(answer, (error: Error) => {
          told = error.message;
          assert.equal(error.name, name);
          assert.match(told, message);
          return true;
        });
        await allow(window);
        await ended;
        assert.equal(await notifications(window.page).waitFor(told), told);
      } finally {
        taken.close();
        await changeSettings(window, { baseUrl: stage.emulator.origin, redirectUri: undefined });
        await signInForTests(window);
      }
    });

  it('cannot serve a challenge: VS Code lets no provider do so with its stable API', async () => {
    const challenge = { wwwAuthenticate: 'Bearer error="invalid_token"', fallbackScopes: ada };
    await assert.rejects(getSessionAs(window, 'one', challenge, { silent: true }), {
      message: "The authentication provider 'airisk' does not support getting sessions from challenges.",
    });
  });
});
