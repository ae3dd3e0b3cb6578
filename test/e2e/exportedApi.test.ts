import assert from 'node:assert/strict';
import type { AuthenticationSession } from 'vscode';
import type { AiriskAuthenticationApi, AiriskSession } from '../../src/api.ts';
import { type Stage, stageOf } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { evaluateInHost, openWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import {
  allow,
  changesOf,
  inShort,
  recordEvents,
  recordedEvents,
  untilChanges,
} from './support/consumers.ts';
import { changeSettings, executeCommand, signInForTests } from './support/host.ts';
import { getSessionAs } from './support/session.ts';

const ada = ['userid:user_42'];

describe('the exported API', function () {
  // Each step stands on the one before.
  this.bail(true);

  let stage: Stage;
  let window: WorkbenchWindow;
  let session: AuthenticationSession;

  const exportedSessions = async (): Promise<readonly AiriskSession[]> =>
    (await evaluateInHost(window, (api) =>
      api.extensions
        .getExtension<AiriskAuthenticationApi>('airisk.airisk-authentication')
        ?.exports.sessions(),
    )) ?? [];
  const status = async (token: string): Promise<number> => {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`${stage.emulator.origin}/api/GetConversations`, { headers })).status;
  };
  const allowed = async (options: object): Promise<AuthenticationSession> => {
    const answer = getSessionAs(window, 'one', ada, options);
    await allow(window);
    const found = await answer;
    assert.ok(found);
    return found;
  };

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

  it('tells who is signed in and for how long, whatever the clock of this computer says', async () => {
    await stage.emulator.client.setOptions({ clockSkewSeconds: -7200, tokenLifetimeSeconds: 600 });
    session = await allowed({ createIfNone: true });
    const [found, ...more] = await exportedSessions();
    assert.ok(found);
    assert.deepEqual(more, []);
    assert.deepEqual(
      [found.userid, found.account, found.origin],
      ['user_42', session.account, stage.emulator.origin],
    );
    assert.equal(found.state, 'live');
    assert.ok(found.expiresAfter > 590_000 && found.expiresAfter <= 600_000, `${found.expiresAfter} ms`);
    const ahead = found.expiration - Date.now() + 7_200_000;
    assert.ok(ahead > 590_000 && ahead <= 601_000, `expiration is ${ahead} ms ahead`);
    await stage.emulator.client.setOptions({ clockSkewSeconds: 0 });
  });

  it('says which session was renewed, once, and so does VS Code', async () => {
    await stage.emulator.client.setOptions({ tokenLifetimeSeconds: 14 });
    session = await allowed({ forceNewSession: true });
    await recordEvents(window);
    const changes = await changesOf(window, 'two');
    await stage.emulator.client.setOptions({ tokenLifetimeSeconds: 3600 });
    await until(async () => (await recordedEvents(window)).length > 0);
    assert.deepEqual(inShort(await recordedEvents(window)), ['renewal ~user_42']);
    await untilChanges(window, 'two', changes + 1);
    const renewed = await getSessionAs(window, 'one', ada, { silent: true });
    assert.ok(renewed);
    assert.equal(renewed.id, session.id);
    assert.notEqual(renewed.accessToken, session.accessToken);
    session = renewed;
  });

  it('has a revoked token replaced when a new session is forced, for everybody and for good', async () => {
    assert.equal(await status(session.accessToken), 200);
    await stage.emulator.client.revoke();
    assert.equal(await status(session.accessToken), 401);
    const fresh = await allowed({ forceNewSession: { detail: 'AIRisk refused the token.' } });
    assert.equal(fresh.id, session.id);
    assert.equal(await status(fresh.accessToken), 200);
    const next = await getSessionAs(window, 'one', [], { silent: true });
    assert.equal(next?.accessToken, fresh.accessToken);
    session = fresh;
  });

  it('says why a session is gone', async () => {
    await recordEvents(window);
    await executeCommand(window, 'airisk.signOut', { userid: 'user_42' });
    assert.deepEqual(inShort(await recordedEvents(window)), ['signOut -user_42']);
    await changeSettings(window, { renewal: 'off' });
    await stage.emulator.client.setOptions({ tokenLifetimeSeconds: 8 });
    await signInForTests(window, 'user_42');
    await until(async () => (await recordedEvents(window)).length > 2);
    const expected = ['signOut -user_42', 'signIn +user_42', 'expiry -user_42'];
    assert.deepEqual(inShort(await recordedEvents(window)), expected);
    assert.deepEqual((await recordedEvents(window))[0]?.removed[0]?.account, session.account);
    assert.deepEqual(
      (await exportedSessions()).map(({ userid, state, expiresAfter }) => [userid, state, expiresAfter]),
      [['user_42', 'expired', 0]],
    );
  });

  it('holds no token, however deep one looks', async () => {
    await stage.emulator.client.reset();
    await recordEvents(window);
    await changeSettings(window, { renewal: undefined });
    // The session that has expired is renewed as soon as somebody asks for it, if not before.
    const renewed = await getSessionAs(window, 'one', ada, { silent: true });
    assert.ok(renewed);
    assert.deepEqual(inShort(await recordedEvents(window)), ['renewal +user_42']);
    const texts = await evaluateInHost(window, async (api) => {
      const airisk = api.extensions.getExtension<AiriskAuthenticationApi>('airisk.airisk-authentication');
      const found: string[] = [];
      const visited = new Set<unknown>();
      const search = (value: unknown): void => {
        if (typeof value === 'string') found.push(value);
        if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return;
        if (visited.has(value) || value === globalThis) return;
        visited.add(value);
        for (const key of Reflect.ownKeys(value)) {
          found.push(String(key));
          for (const part of Object.values(Object.getOwnPropertyDescriptor(value, key) ?? {})) search(part);
        }
        search(Object.getPrototypeOf(value));
      };
      search(airisk?.exports);
      search(await airisk?.exports.sessions());
      search(globalThis.airiskEvents);
      return found;
    });
    assert.ok(texts.includes(renewed.account.label), 'the search does not find what is there');
    assert.ok(texts.every((text) => !text.includes(renewed.accessToken)));
    assert.ok(texts.every((text) => !/token|secret/i.test(text)));
  });

  it('says so where another deployment is chosen', async () => {
    await recordEvents(window);
    for (const clientId of ['nobody', 'abc123']) {
      const before = (await recordedEvents(window)).length;
      await changeSettings(window, { clientId: clientId });
      await until(async () => (await recordedEvents(window)).length > before);
    }
    assert.deepEqual(inShort(await recordedEvents(window)), ['settings -user_42', 'settings +user_42']);
  });

  it('cannot be changed by one extension for the others', async () => {
    await assert.rejects(
      evaluateInHost(window, (api) => {
        'use strict';
        const airisk = api.extensions.getExtension<{ apiVersion: number }>('airisk.airisk-authentication');
        if (airisk) airisk.exports.apiVersion = 2;
      }),
      /read only/,
    );
    // What `recordEvents` keeps is what every other listener gets.
    const frozen = await evaluateInHost(window, () => {
      const [event] = globalThis.airiskEvents ?? [];
      const lists = event ? [event.added, event.changed, event.removed] : [];
      const sessions = lists.flat();
      const parts = [event, ...lists, ...sessions, ...sessions.map(({ account }) => account)];
      return parts.map((part) => Object.isFrozen(part));
    });
    assert.deepEqual(frozen, [true, true, true, true, true, true]);
  });
});
