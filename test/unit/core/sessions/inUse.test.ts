import assert from 'node:assert/strict';
import { AiriskError } from '../../../../src/core/errors.ts';
import { fakeClock } from '../../support/fakeClock.ts';
import { desktopSecrets } from '../../support/secretStorage.ts';
import {
  deployment,
  hour,
  minute,
  newToken,
  openWindow,
  userids,
  type Window,
} from '../../support/window.ts';

describe('a token that is about to expire', () => {
  const clock = fakeClock();
  let host = desktopSecrets();
  let window: Window;

  /** Signs in elsewhere, so that here nobody has used the token yet. */
  async function signedInElsewhere(...users: readonly string[]): Promise<void> {
    const elsewhere = openWindow(host);
    for (const userid of users) await elsewhere.signIn(userid, newToken(hour));
    elsewhere.close();
  }

  /** What time brings, `ms` from now. */
  async function tickAfter(ms: number): Promise<number | undefined> {
    await clock.tickAsync(ms);
    const wait = window.sessions.tick();
    await clock.tickAsync(0);
    return wait;
  }

  beforeEach(() => {
    host = desktopSecrets();
    window = openWindow(host);
  });

  it('is renewed when a tenth is left, though nobody asks again', async () => {
    const { signIn, sessions, told, requests } = window;
    const before = await signIn('user_1', newToken(hour));
    assert.equal(sessions.tick(), 54 * minute);
    assert.equal(await tickAfter(54 * minute - 1), 1);
    assert.deepEqual(requests, []);
    assert.equal(await tickAfter(1), 6 * minute);
    assert.deepEqual([requests, told.slice(1)], [['user_1'], ['changed user_1 (renewal)']]);
    assert.notEqual((await sessions.find(deployment, 'user_1'))?.accessToken, before.accessToken);
  });

  it('is renewed again and again, since somebody uses the account', async () => {
    const { signIn, requests } = window;
    await signIn('user_1', newToken(hour));
    await tickAfter(55 * minute);
    await tickAfter(55 * minute);
    assert.deepEqual(requests, ['user_1', 'user_1']);
  });

  it('is renewed unasked after a renewal by hand', async () => {
    await signedInElsewhere('user_1');
    const { sessions, requests } = window;
    await clock.tickAsync(10 * minute);
    await sessions.renew(deployment, 'user_1');
    await tickAfter(55 * minute);
    assert.deepEqual(requests, ['user_1', 'user_1']);
  });

  it('is renewed again and again where it is used: what a renewal hands out is in use', async () => {
    const { signIn, sessions, requests } = window;
    await signIn('user_1', newToken(hour));
    await clock.tickAsync(55 * minute);
    await sessions.find(deployment, 'user_1');
    assert.equal(requests.length, 1);
    await tickAfter(55 * minute);
    assert.equal(requests.length, 2);
  });

  it('is left alone where nobody has asked for it here', async () => {
    await signedInElsewhere('user_1', 'user_2', '');
    const { sessions, requests } = window;
    assert.equal((await sessions.listUsable(deployment)).length, 3);
    assert.equal((await sessions.listStored(deployment)).length, 3);
    await sessions.find(deployment, 'user_2');
    await tickAfter(55 * minute);
    assert.deepEqual(requests, ['user_2']);
    await tickAfter(0);
    assert.deepEqual(requests, ['user_2']);
  });

  it('is renewed where it is the first of those that somebody was given, the others are left alone', async () => {
    await signedInElsewhere('user_1', 'user_2', '');
    const { sessions, requests } = window;
    assert.deepEqual(userids(await sessions.list(deployment, 'user_2')), ['user_2', 'user_1', '']);
    await tickAfter(55 * minute);
    assert.deepEqual(requests, ['user_2']);
    // Alive, and nobody is known to have got it.
    await sessions.list(deployment, 'user_2');
    assert.deepEqual(requests, ['user_2']);
  });

  it('is renewed on reading where it has expired, once, and then left alone again', async () => {
    await signedInElsewhere('user_1', 'user_2', 'user_3');
    const { sessions, requests } = window;
    await clock.tickAsync(hour);
    assert.deepEqual(userids(await sessions.list(deployment)), ['user_1', 'user_2', 'user_3']);
    assert.deepEqual(requests, ['user_1', 'user_2', 'user_3']);
    await tickAfter(55 * minute);
    await tickAfter(5 * minute);
    assert.deepEqual(requests.slice(3), ['user_1']);
  });

  it('stays in use though others are listed before it', async () => {
    await signedInElsewhere('user_1', 'user_2');
    const { sessions, requests } = window;
    await sessions.find(deployment, 'user_2');
    await sessions.list(deployment, 'user_1');
    await tickAfter(55 * minute);
    assert.deepEqual(requests.toSorted(), ['user_1', 'user_2']);
    await sessions.list(deployment, 'user_1');
    await tickAfter(55 * minute);
    assert.deepEqual(requests.toSorted(), ['user_1', 'user_1', 'user_2', 'user_2']);
  });

  it('of the application comes first where that is the current account', async () => {
    await signedInElsewhere('user_1', '');
    assert.deepEqual(userids(await window.sessions.list(deployment, '')), ['', 'user_1']);
    assert.deepEqual(userids(await window.sessions.list(deployment)), ['user_1', '']);
  });

  it('is left alone by lists that hand no token out', async () => {
    const { signIn, sessions, requests } = window;
    await signIn('user_1', newToken(hour));
    await clock.tickAsync(55 * minute);
    assert.deepEqual(userids(await sessions.listUsable(deployment)), ['user_1']);
    await sessions.listStored(deployment);
    await clock.tickAsync(5 * minute);
    assert.deepEqual(await sessions.listUsable(deployment), []);
    assert.deepEqual(requests, []);
  });

  it('is left alone after a sign-out', async () => {
    const { signIn, sessions, requests } = window;
    await signIn('user_1', newToken(hour));
    await sessions.signOut(deployment, 'user_1');
    await tickAfter(55 * minute);
    await sessions.find(deployment, 'user_1');
    await sessions.renew(deployment, 'user_1');
    assert.deepEqual(requests, []);
  });

  it('is left alone where the settings forbid it, and renewed by hand all the same', async () => {
    const { signIn, sessions, requests } = window;
    window.renewsSilently = false;
    await signIn('user_1', newToken(hour));
    await tickAfter(55 * minute);
    await sessions.find(deployment, 'user_1');
    await sessions.list(deployment);
    assert.deepEqual(requests, []);
    assert.equal(await sessions.renew(deployment, 'user_1'), true);
  });

  it('of another deployment is left alone', async () => {
    const { signIn, sessions, requests } = window;
    await signIn('user_1', newToken(hour));
    await sessions.configure([{ ...deployment, key: 'c'.repeat(32) }]);
    await tickAfter(55 * minute);
    assert.deepEqual(requests, []);
  });

  it("is the user's to renew where nothing else will, and only one that is in use", async () => {
    await signedInElsewhere('user_1', 'user_2', 'user_3');
    const { sessions } = window;
    await sessions.find(deployment, 'user_1');
    await sessions.find(deployment, 'user_2');
    await sessions.listStored(deployment);
    assert.deepEqual(sessions.unrenewable(), [], 'renewed silently');
    window.renewsSilently = false;
    assert.deepEqual(
      sessions.unrenewable().map(({ userid }) => userid),
      ['user_1', 'user_2'],
    );
    window.renewsSilently = true;
    window.answer = (userid) =>
      userid === 'user_1' ? Promise.reject(new AiriskError('not_silent')) : Promise.resolve(newToken());
    await tickAfter(55 * minute);
    assert.deepEqual(
      sessions.unrenewable().map(({ userid }) => userid),
      ['user_1'],
    );
    await window.signIn('user_1');
    assert.deepEqual(sessions.unrenewable(), []);
  });

  it('shows that it is being renewed', async () => {
    const { signIn, sessions } = window;
    await signIn('user_1', newToken(hour));
    await clock.tickAsync(55 * minute);
    const session = await sessions.find(deployment, 'user_1');
    const other = await signIn('user_2');
    assert.ok(session);
    assert.equal(sessions.isRenewing(session), false);
    window.answer = () => new Promise(() => undefined);
    void sessions.renew(deployment, 'user_1');
    await clock.tickAsync(0);
    assert.equal(sessions.isRenewing(session), true);
    assert.equal(sessions.isRenewing(other), false);
  });
});
