import assert from 'node:assert/strict';
import { fakeClock } from '../../support/fakeClock.ts';
import { desktopSecrets } from '../../support/secretStorage.ts';
import {
  deployment,
  hour,
  newToken,
  openWindow,
  second,
  userids,
  type Window,
} from '../../support/window.ts';

describe('a list of many sessions that have expired', () => {
  const clock = fakeClock();
  const users = Array.from({ length: 40 }, (_, index) => `user_${index}`);
  let window: Window;
  let running = 0;
  let most = 0;

  /** AIRisk takes so long for each token. */
  function answersAfter(ms: number): void {
    window.answer = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, ms));
      running--;
      return newToken();
    };
  }

  /** What a list gives, and after how many seconds. */
  async function listed(current?: string): Promise<{ users: string[]; seconds: number }> {
    const begun = Date.now();
    const result = window.sessions
      .list(deployment, current)
      .then((list) => ({ users: userids(list), seconds: (Date.now() - begun) / second }));
    await clock.tickAsync(20 * second);
    return result;
  }

  beforeEach(async () => {
    const host = desktopSecrets();
    const before = openWindow(host);
    for (const userid of users) await before.signIn(userid, newToken(hour));
    await clock.tickAsync(hour);
    for (const userid of ['living_1', 'living_2']) await before.signIn(userid, newToken(hour));
    before.close();
    window = openWindow(host);
    [running, most] = [0, 0];
  });

  it('renews six at a time, and gives all in their order', async () => {
    answersAfter(second);
    assert.deepEqual(await listed('user_7'), {
      users: ['user_7', ...users.filter((userid) => userid !== 'user_7'), 'living_1', 'living_2'],
      seconds: 7,
    });
    assert.equal(most, 6);
    assert.equal(window.requests.length, 40);
    assert.equal(window.requests[0], 'user_7');
  });

  it('gives what there is after ten seconds, and leaves the rest to the next one', async () => {
    answersAfter(3 * second);
    const first = await listed();
    assert.deepEqual(first, { users: [...users.slice(0, 18), 'living_1', 'living_2'], seconds: 10 });
    assert.deepEqual(window.requests, users.slice(0, 24), 'none is begun when nobody waits any more');
    assert.deepEqual((await listed()).users, [...users, 'living_1', 'living_2']);
    assert.equal(window.requests.length, 40);
  });

  it('gives the living ones where AIRisk does not answer, after ten seconds', async () => {
    window.answer = () => new Promise(() => undefined);
    assert.deepEqual(await listed(), { users: ['living_1', 'living_2'], seconds: 10 });
    assert.equal(window.requests.length, 6);
  });

  it('takes no time where nothing is to be renewed', async () => {
    window.renewsSilently = false;
    assert.deepEqual(await listed(), { users: ['living_1', 'living_2'], seconds: 0 });
    assert.equal(clock.countTimers(), 0);
  });
});
