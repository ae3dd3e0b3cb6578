import assert from 'node:assert/strict';
import { fakeClock } from '../../support/fakeClock.ts';
import { browserHostedSecrets } from '../../support/secretStorage.ts';
import { deployment, openWindow, userids, type Window } from '../../support/window.ts';

/** What a window lists. */
async function listed({ sessions }: Window): Promise<string[]> {
  return userids(await sessions.list(deployment));
}

describe('two windows of a browser-hosted VS Code', () => {
  fakeClock();
  let host = browserHostedSecrets();
  let one: Window;
  let two: Window;

  beforeEach(() => {
    host = browserHostedSecrets();
    one = openWindow(host);
    two = openWindow(host);
  });

  it('each keep all of their own sessions, whatever the other does', async () => {
    for (let i = 0; i < 20; i++) await (i % 2 ? one : two).signIn(`user_${i}`);
    assert.deepEqual([(await listed(one)).length, (await listed(two)).length], [10, 10]);
    assert.deepEqual([one.told.length, two.told.length], [10, 10], 'and are told of their own only');
  });

  it('do not see what the other signed in, until they are reloaded', async () => {
    await one.signIn('user_1');
    assert.deepEqual(await listed(two), []);
    assert.equal(await two.sessions.find(deployment, 'user_1'), undefined);
    assert.deepEqual(await listed(openWindow(host)), ['user_1']);
  });

  it('lose after a reload what the other stored before their own last write', async () => {
    await one.signIn('user_1');
    await two.signIn('user_2');
    assert.deepEqual(await listed(openWindow(host)), ['user_2']);
    assert.deepEqual(await listed(one), ['user_1'], 'the window that signed in goes on with it');
  });

  it('put back with any write all that they hold', async () => {
    await one.signIn('user_1');
    await two.signIn('user_2');
    await one.signIn('user_3');
    assert.deepEqual(await listed(openWindow(host)), ['user_1', 'user_3']);
  });

  it('bring a session back that the other signed out, with their next write', async () => {
    await one.signIn('user_1');
    two = openWindow(host);
    await two.sessions.find(deployment, 'user_1');
    await one.sessions.signOut(deployment, 'user_1');
    assert.equal((await two.sessions.find(deployment, 'user_1'))?.userid, 'user_1', 'a sign-out is not seen');
    await two.signIn('user_2');
    assert.deepEqual(await listed(openWindow(host)), ['user_1', 'user_2']);
    assert.deepEqual(await listed(one), []);
  });

  it('both renew a session that both hold, as no lease is seen', async () => {
    await one.signIn('user_1');
    two = openWindow(host);
    await two.sessions.find(deployment, 'user_1');
    assert.deepEqual(
      await Promise.all([one, two].map(({ sessions }) => sessions.renew(deployment, 'user_1'))),
      [true, true],
    );
    assert.deepEqual([one.requests, two.requests], [['user_1'], ['user_1']]);
    assert.deepEqual([one.told.at(-1), two.told], ['changed user_1 (renewal)', ['changed user_1 (renewal)']]);
  });
});
