import assert from 'node:assert/strict';
import { Ticker } from '../../../../src/core/ticker.ts';
import { fakeClock } from '../../support/fakeClock.ts';
import { desktopSecrets } from '../../support/secretStorage.ts';
import {
  deployment,
  day,
  hour,
  minute,
  newToken,
  openWindow,
  second,
  userids,
  type Window,
} from '../../support/window.ts';

describe('a token that expires', () => {
  const clock = fakeClock();
  let host = desktopSecrets();
  let window: Window;

  beforeEach(() => {
    host = desktopSecrets();
    window = openWindow(host);
    window.renewsSilently = false;
  });

  it('is handed out to its last millisecond and not a moment longer; its record stays', async () => {
    const { sessions, signIn } = window;
    await signIn('user_1', newToken(hour));
    await clock.tickAsync(hour - 1);
    assert.equal((await sessions.find(deployment, 'user_1'))?.userid, 'user_1');
    assert.deepEqual(userids(await sessions.list(deployment)), ['user_1']);
    await clock.tickAsync(1);
    assert.equal(await sessions.find(deployment, 'user_1'), undefined);
    assert.deepEqual([await sessions.list(deployment), await sessions.listUsable(deployment)], [[], []]);
    assert.deepEqual(userids(await sessions.listStored(deployment)), ['user_1']);
  });

  it('is told once', async () => {
    const { sessions, signIn, told } = window;
    await signIn('user_1', newToken(hour));
    await signIn('user_2', newToken(2 * hour));
    assert.equal(sessions.tick(), hour);
    await clock.tickAsync(hour - 1);
    assert.equal(sessions.tick(), 1);
    assert.deepEqual(told.splice(0), ['added user_1 (signIn)', 'added user_2 (signIn)']);
    await clock.tickAsync(1);
    assert.equal(sessions.tick(), hour);
    assert.equal(sessions.tick(), hour);
    assert.deepEqual(told, ['removed user_1 (expiry)']);
    await clock.tickAsync(hour);
    assert.equal(sessions.tick(), undefined);
    assert.deepEqual(told.slice(1), ['removed user_2 (expiry)']);
  });

  it('is told where it was only read, and in every window', async () => {
    await window.signIn('user_1', newToken(hour));
    const later = openWindow(host);
    await later.sessions.listStored(deployment);
    await clock.tickAsync(hour);
    for (const { sessions, told } of [window, later]) {
      sessions.tick();
      assert.equal(told.at(-1), 'removed user_1 (expiry)');
    }
  });

  it('is told once only although it is signed out afterwards', async () => {
    await window.signIn('user_1', newToken(hour));
    await clock.tickAsync(hour);
    window.sessions.tick();
    await window.sessions.signOut(deployment, 'user_1');
    assert.deepEqual(window.told, ['added user_1 (signIn)', 'removed user_1 (expiry)']);
  });

  it('is told as added where it is signed in again', async () => {
    await window.signIn('user_1', newToken(hour));
    await clock.tickAsync(hour);
    window.sessions.tick();
    await window.signIn('user_1');
    assert.deepEqual(window.told.slice(1), ['removed user_1 (expiry)', 'added user_1 (signIn)']);
  });

  it('tells nothing of one that comes expired, and takes away what it replaces', async () => {
    await window.signIn('user_1', newToken(-1));
    assert.deepEqual(window.told, []);
    await window.signIn('user_1', newToken(hour));
    await window.signIn('user_1', newToken(-1));
    assert.deepEqual(window.told, ['added user_1 (signIn)', 'removed user_1 (expiry)']);
  });

  it('is settled by the ticker after sixty days, though no timer runs that long', async () => {
    const { sessions, signIn, told } = window;
    await signIn('user_1', newToken(60 * day));
    const waits: number[] = [];
    const timers = {
      now: Date.now,
      setTimeout: (callback: () => void, ms: number) => (waits.push(ms), setTimeout(callback, ms)),
      clearTimeout,
    };
    const ticker = new Ticker(timers, () => sessions.tick());
    ticker.wake();
    assert.equal(sessions.tick(), 60 * day, 'more than a timer can wait');
    clock.setSystemTime(Date.now() + 60 * day - 90 * second);
    await clock.tickAsync(minute);
    assert.equal(told.length, 1);
    await clock.tickAsync(30 * second);
    assert.equal(told.at(-1), 'removed user_1 (expiry)');
    assert.ok(waits.every((wait) => wait <= minute));
    assert.equal(clock.countTimers(), 0, 'nothing is due any more');
  });

  for (const renewal of ['silently', 'not'] as const) {
    it(`is settled as soon as a computer that slept wakes up (renewed ${renewal})`, async () => {
      const { sessions, signIn, told, requests } = window;
      window.renewsSilently = renewal === 'silently';
      await signIn('user_1', newToken(hour));
      const ticker = new Ticker({ now: Date.now, setTimeout, clearTimeout }, () => sessions.tick());
      ticker.wake();
      clock.setSystemTime(Date.now() + 8 * hour);
      ticker.wake();
      const found = await sessions.find(deployment, 'user_1');
      assert.equal(found !== undefined, renewal === 'silently');
      assert.equal(told.at(-1), found ? 'changed user_1 (renewal)' : 'removed user_1 (expiry)');
      assert.equal(requests.length, found ? 1 : 0);
      ticker.dispose();
    });
  }
});
