import assert from 'node:assert/strict';
import type { User } from '../../../../src/core/oauth/users.ts';
import { createNames, type Names } from '../../../../src/core/sessions/names.ts';
import { accountOf, type Session, sessionKey, storedText } from '../../../../src/core/sessions/session.ts';
import { desktopSecrets, type SecretHost } from '../../support/secretStorage.ts';
import { deployment, hour, newToken, openWindow, type Window } from '../../support/window.ts';

const guid = '0f8e5d7c-9b1a-4c3d-8e2f-111122223333';
const ada: User = { userid: guid, name: 'Ada Lovelace' };

describe('the names of users', () => {
  let host: SecretHost;
  let window: Window;
  let names: Names;
  let users: readonly User[] | undefined;
  /** The tokens that the list was asked for with. */
  let asked: (string | null)[];

  beforeEach(() => {
    host = desktopSecrets();
    window = openWindow(host);
    users = [ada];
    asked = [];
    const list: typeof fetch = async (_address, init) => {
      asked.push(new Headers(init?.headers).get('authorization'));
      return users
        ? Response.json(users.map(({ userid: id, name }) => ({ id, name })))
        : new Response('', { status: 500 });
    };
    const http = { fetch: list, now: Date.now, timeoutMs: 5_000 };
    const recentUsers = { note: async () => undefined };
    names = createNames({ store: window.store, recentUsers, http: () => http, now: Date.now });
  });
  afterEach(() => window.close());

  const stored = (userid = guid): Promise<Session | undefined> => window.store.get(deployment, userid);

  it('are learned once, where a token for it lives', async () => {
    await window.signIn(guid);
    await names.learn(deployment);
    assert.deepEqual(asked, [], 'no token for it');
    const { accessToken } = await window.signIn('');
    await names.learn(deployment);
    assert.equal((await stored())?.name, 'Ada Lovelace');
    await names.learn(deployment);
    assert.deepEqual(asked, [`Bearer ${accessToken}`]);
    assert.deepEqual(window.requests, [], 'no token is obtained for it');
  });

  it('are not asked for with a token that has expired', async () => {
    await window.signIn(guid);
    await window.signIn('', newToken(-hour));
    await names.learn(deployment);
    assert.deepEqual(asked, []);
    assert.equal(await names.find(deployment, guid), undefined);
  });

  it('are asked for again with another token when it failed, and not with the same', async () => {
    users = undefined;
    await window.signIn(guid);
    await window.signIn('');
    await assert.rejects(names.learn(deployment));
    await names.learn(deployment);
    assert.equal(asked.length, 1);
    users = [ada];
    await window.signIn('');
    await names.learn(deployment);
    assert.equal((await stored())?.name, 'Ada Lovelace');
  });

  it('are empty for who has none, and are not asked for again', async () => {
    users = [];
    await window.signIn(guid);
    await window.signIn('');
    await names.learn(deployment);
    assert.equal((await stored())?.name, '');
    await names.learn(deployment);
    assert.equal(asked.length, 1);
  });

  it('stay where a list lacks whom they belong to', async () => {
    await window.signIn(guid);
    for (const [listed, name] of [
      [[], ''],
      [[ada], 'Ada Lovelace'],
      [[], 'Ada Lovelace'],
      [[{ userid: 'user_1', name: 'Bob' }], 'Ada Lovelace'],
      [[{ userid: guid, name: '' }], ''],
    ] as const) {
      await names.note(deployment, listed);
      assert.equal((await stored())?.name, name);
    }
  });

  it('are learned for sessions from before there were names, which keep their labels', async () => {
    const { label: _label, ...earlier } = JSON.parse(storedText(await window.signIn(guid)));
    await window.secrets.store(sessionKey(deployment, guid), JSON.stringify(earlier));
    const older = openWindow(host);
    const before = await older.store.get(deployment, guid);
    assert.ok(before);
    assert.equal(before.label, `${guid} (abc123 @ demo.aicrisk.com)`);
    await older.store.rename(before, 'Ada Lovelace');
    const after = await openWindow(host).store.get(deployment, guid);
    assert.deepEqual(after, { ...before, name: 'Ada Lovelace' });
  });

  it('change what is shown and not the account, at a renewal and a sign-in too', async () => {
    const { sessions, store } = window;
    const first = await sessions.add(deployment, guid, newToken(), { name: 'Ada Byron' });
    const account = accountOf(first);
    assert.match(account.label, /^Ada Byron \(0f8e/);
    await names.note(deployment, [ada]);
    assert.ok(await sessions.renew(deployment, guid));
    const renewed = await stored();
    assert.equal(renewed?.name, 'Ada Lovelace');
    assert.deepEqual(accountOf(renewed), account);
    const again = await sessions.add(deployment, guid, newToken(), { name: 'Ada King' });
    assert.equal(again.name, 'Ada King');
    assert.deepEqual(accountOf(again), account);
    await store.delete(deployment, guid);
    // Whom a caller names by the label that it knows.
    const named = await sessions.add(deployment, guid, newToken(), {
      name: 'Ada King',
      label: account.label,
    });
    assert.deepEqual(accountOf(named), account);
    await store.delete(deployment, guid);
    const foreign = await sessions.add(deployment, guid, newToken(), {
      name: 'Ada',
      label: 'Eve (x, abc123 @ demo.aicrisk.com)',
    });
    assert.match(foreign.label, /^Ada \(0f8e/);
  });

  it('are a change for those who show them, also of a session that has expired', async () => {
    for (const userid of ['live', 'expired'])
      await window.signIn(userid, newToken(userid === 'live' ? hour : -hour));
    window.told.length = 0;
    const listed = ['live', 'expired'].map((userid) => ({ userid, name: 'Ada' }));
    for (let times = 0; times < 2; times++) await names.note(deployment, listed);
    assert.deepEqual(window.told.toSorted(), ['changed expired (name)', 'changed live (name)']);
  });

  it('that are learned while a token is renewed are kept', async () => {
    const session = await window.signIn(guid);
    let answer = (): void => undefined;
    window.answer = () => new Promise((resolve) => (answer = () => resolve(newToken())));
    const renewing = window.sessions.renew(deployment, guid);
    await window.store.rename(session, 'Ada Lovelace');
    while (window.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    answer();
    assert.ok(await renewing);
    assert.equal((await stored())?.name, 'Ada Lovelace');
  });
});
