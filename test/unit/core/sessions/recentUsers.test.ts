import assert from 'node:assert/strict';
import { createNames } from '../../../../src/core/sessions/names.ts';
import { createRecentUsers, type RecentUsers } from '../../../../src/core/sessions/recentUsers.ts';
import { http } from '../../support/airisk.ts';
import { desktopSecrets, type SecretHost } from '../../support/secretStorage.ts';
import { deployment, newToken, openWindow, otherDeployment } from '../../support/window.ts';

describe('recent users', () => {
  let host: SecretHost;
  let now: number;
  let recent: RecentUsers;
  const openRecent = (): RecentUsers => createRecentUsers(host.openWindow(), () => now);
  const add = (userid: string, name?: string, users = recent): Promise<void> =>
    users.add({ deployment, userid, name });
  /** Each as `userid: name`. */
  const listed = async (users = recent): Promise<string[]> =>
    (await users.list(deployment)).map(({ userid, name }) => `${userid}: ${name}`);

  beforeEach(() => {
    host = desktopSecrets();
    now = Date.now();
    recent = openRecent();
  });

  it('are the latest five, each once and of one deployment, whatever the clock does', async () => {
    for (const userid of ['a', 'b', 'c', 'b', '', 'd', 'e', 'f']) {
      now -= 1;
      await add(userid, userid.toUpperCase());
    }
    assert.deepEqual(await listed(), ['f: F', 'e: E', 'd: D', 'b: B', 'c: C']);
    assert.equal(host.stored.size, 5);
    assert.deepEqual(await recent.list(otherDeployment), []);
  });

  it('are all there when two sign in at the same time, in one window or in two', async () => {
    const other = openRecent();
    const both = [add('a', 'A'), add('b', 'B'), add('c', 'C', other)];
    assert.deepEqual((await listed()).slice(0, 2), ['b: B', 'a: A'], 'who has just signed in is there');
    await Promise.all(both);
    assert.deepEqual((await listed(other)).toSorted(), ['a: A', 'b: B', 'c: C']);
  });

  it('keep a name that is known when they sign in without one, or with an empty one', async () => {
    await add('a', 'Ada');
    await add('b', 'Bob');
    await add('a');
    assert.deepEqual(await listed(), ['a: Ada', 'b: Bob']);
    await add('b', '');
    assert.deepEqual(await listed(), ['b: Bob', 'a: Ada']);
  });

  it('are called what a list of all users says, in their places, also signed out or expired', async () => {
    const window = openWindow(host);
    const names = createNames({ store: window.store, recentUsers: recent, http: () => http, now: Date.now });
    await window.signIn('expired', newToken(-1));
    for (const userid of ['expired', 'signedOut', 'unlisted', 'last']) await add(userid, 'once');
    await add('nameless');
    const users = ['expired', 'signedOut', 'last'].map((userid) => ({ userid, name: 'now' }));
    await names.note(deployment, [...users, { userid: 'never', name: 'now' }]);
    assert.deepEqual(await listed(), [
      'nameless: ',
      'last: now',
      'unlisted: once',
      'signedOut: now',
      'expired: now',
    ]);
    assert.equal((await window.store.get(deployment, 'expired'))?.name, 'now');
    window.close();
  });

  it('are not what somebody else has put there', async () => {
    await add('a', 'A');
    const [text = ''] = host.stored.values();
    const prefix = `recent:v1:${deployment.key}:`;
    for (const [key, value] of [
      ['b', text],
      ['c', '{'],
      ['d', JSON.stringify({ userid: 'd', name: 7, at: 1 })],
      ['', JSON.stringify({ userid: '', at: 1 })],
    ] as const)
      host.stored.set(prefix + key, value);
    assert.deepEqual(await listed(), ['a: A']);
  });
});
