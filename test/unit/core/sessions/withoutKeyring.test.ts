import assert from 'node:assert/strict';
import { fakeClock } from '../../support/fakeClock.ts';
import { memorySecrets } from '../../support/secretStorage.ts';
import { deployment, openWindow, userids, type Window } from '../../support/window.ts';

/** What a window lists. */
async function listed({ sessions }: Window): Promise<string[]> {
  return userids(await sessions.list(deployment));
}

describe('two windows on Linux without a keyring', () => {
  fakeClock();
  let host = memorySecrets();
  let one: Window;
  let two: Window;

  beforeEach(() => {
    host = memorySecrets();
    one = openWindow(host);
    two = openWindow(host);
  });

  it('each have sessions of their own, and are told of no others', async () => {
    await one.signIn('user_1');
    await two.signIn('user_2');
    assert.deepEqual([await listed(one), await listed(two)], [['user_1'], ['user_2']]);
    assert.deepEqual([one.told.length, two.told.length], [1, 1]);
    await one.sessions.signOut(deployment, 'user_1');
    assert.deepEqual([await listed(one), await listed(two)], [[], ['user_2']]);
  });

  it('each renew the session of the same user, and wait for nobody', async () => {
    await one.signIn('user_1');
    await two.signIn('user_1');
    assert.deepEqual(
      [await one.sessions.renew(deployment, 'user_1'), await two.sessions.renew(deployment, 'user_1')],
      [true, true],
    );
    const [first, second] = await Promise.all(
      [one, two].map(({ sessions }) => sessions.find(deployment, 'user_1')),
    );
    assert.ok(first && second && first.accessToken !== second.accessToken);
  });

  it('have nobody signed in after a reload, and nothing left that was', async () => {
    await one.signIn('user_1');
    const reloaded = openWindow(host);
    assert.deepEqual(await listed(reloaded), []);
    assert.equal(await reloaded.sessions.find(deployment, 'user_1'), undefined);
    assert.deepEqual([...host.stored], []);
    await reloaded.signIn('user_1');
    assert.deepEqual(await listed(reloaded), ['user_1']);
  });
});
