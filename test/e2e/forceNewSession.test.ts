import assert from 'node:assert/strict';
import type { AuthenticationGetSessionOptions, AuthenticationSession } from 'vscode';
import { type Stage, stageOf } from '../harness/stage.ts';
import { openWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { dialog } from '../harness/workbench/dialog.ts';
import { quickInput } from '../harness/workbench/quickInput.ts';
import { accountsAs, allowFor, inShort, recordEvents, recordedEvents } from './support/consumers.ts';
import { changeSettings, executeCommand, signInForTests } from './support/host.ts';
import { getSessionAs, pickUser } from './support/session.ts';
import { allowInTab } from './support/tabs.ts';

const ada = ['userid:user_42'];

/** What one forced session takes, beside the dialog. */
interface Case {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly before?: () => Promise<unknown>;
  readonly options?: AuthenticationGetSessionOptions;
  /** Whether a tab opens in which the person has to allow it. */
  readonly browser: boolean;
  readonly event: string;
}

describe('a session that an extension forces', function () {
  // Each case stands on the session of the one before.
  this.bail(true);

  let stage: Stage;
  let window: WorkbenchWindow;
  let session: AuthenticationSession | null = null;

  const tokenRequests = async (): Promise<number> =>
    (await stage.emulator.client.requests()).filter(({ path }) => path === '/api/oauth2/Token').length;

  before(async function () {
    stage = stageOf(this);
    await stage.emulator.client.reset();
    window = await openWindow(stage);
    await signInForTests(window);
  });
  after(async () => {
    await changeSettings(window, { renewal: undefined });
    await window.context.close();
  });

  const cases: readonly Case[] = [
    {
      name: 'comes through the browser where there is none',
      scopes: ada,
      browser: true,
      event: 'signIn +user_42',
    },
    {
      name: 'comes through the browser where the renewal is refused, under the same id',
      scopes: ada,
      browser: true,
      event: 'signIn ~user_42',
    },
    {
      name: 'comes without the browser for any session',
      scopes: [],
      browser: false,
      event: 'renewal ~user_42',
    },
    {
      name: 'comes through the browser where the user wants to be asked',
      scopes: ada,
      before: () => changeSettings(window, { renewal: 'ask' }),
      browser: true,
      event: 'signIn ~user_42',
    },
  ];
  for (const { name, scopes, before: prepare, browser, event } of cases) {
    it(name, async () => {
      await prepare?.();
      await stage.emulator.client.setOptions({ mode: browser ? 'login' : 'immediate' });
      await stage.emulator.client.clearRequests();
      await recordEvents(window);
      const popup = browser ? window.page.waitForEvent('popup') : undefined;
      const answer = getSessionAs(window, 'one', scopes, { forceNewSession: true });
      await dialog(window.page).click('Allow');
      if (popup) await allowInTab(await popup);
      const forced = await answer;
      assert.ok(forced);
      assert.notEqual(forced.accessToken, session?.accessToken);
      if (session) assert.equal(forced.id, session.id);
      assert.deepEqual(forced.scopes, scopes);
      assert.equal(await tokenRequests(), 1);
      assert.deepEqual(inShort(await recordedEvents(window)), [event]);
      session = forced;
    });
  }

  it("is the application's own where the scopes say so", async () => {
    await changeSettings(window, { renewal: undefined });
    await stage.emulator.client.setOptions({ mode: 'immediate' });
    await signInForTests(window, '');
    const answer = getSessionAs(window, 'one', ['generic'], { forceNewSession: true });
    await dialog(window.page).click('Allow');
    assert.equal((await answer)?.account.label, `Application · abc123 @ ${stage.emulator.origin}`);
  });

  it('is one for two extensions that force it at once', async () => {
    const consent = getSessionAs(window, 'two', ada, { createIfNone: true });
    await dialog(window.page).click('Allow');
    await quickInput(window.page).pick(/^\s*user_42 \(/);
    await consent;
    await stage.emulator.client.clearRequests();
    const answers = Promise.all([
      getSessionAs(window, 'one', ada, { forceNewSession: true }),
      getSessionAs(window, 'two', ada, { forceNewSession: true }),
    ]);
    // Calls keep their order, so that with this answer both have begun.
    await getSessionAs(window, 'two', ['generic'], { silent: true });
    await Promise.all(['Consumer One', 'Consumer Two'].map((extension) => allowFor(window, extension)));
    const [first, second] = await answers;
    assert.equal(first?.accessToken, second?.accessToken);
    assert.notEqual(first?.accessToken, session?.accessToken);
    assert.equal(await tokenRequests(), 1);
  });

  it('is the one that is there, in the end, for an extension that forces it in a loop', async () => {
    let before: string | undefined;
    for (;;) {
      const answer = getSessionAs(window, 'one', ada, { forceNewSession: true });
      await dialog(window.page).click('Allow');
      const forced = await answer;
      assert.ok(forced);
      if (forced.accessToken === before) break;
      before = forced.accessToken;
    }
  });

  it('is for whom the person selects, where any user will do and VS Code remembers no account', async () => {
    await signInForTests(window, 'user_7');
    const answer = getSessionAs(window, 'one', ['user'], {
      forceNewSession: true,
      clearSessionPreference: true,
    });
    await dialog(window.page).click('Allow');
    await pickUser(window, 'Grace Hopper');
    assert.match((await answer)?.account.label ?? '', /user_7/);
    // The next time it does.
    const again = getSessionAs(window, 'one', ['user'], { forceNewSession: true });
    await dialog(window.page).click('Allow');
    assert.match((await again)?.account.label ?? '', /user_7/);
  });

  it('is not needed where the caller names an account: that one is given without a picker', async () => {
    const account = (await accountsAs(window, 'one')).find(({ label }) => label.startsWith('user_42'));
    assert.ok(account);
    const given = await getSessionAs(window, 'one', [], { createIfNone: true, account });
    assert.deepEqual(given?.account, account);
    assert.equal(await dialog(window.page).isOpen(), false);
    await executeCommand(window, 'airisk.signOutAll');
  });
});
