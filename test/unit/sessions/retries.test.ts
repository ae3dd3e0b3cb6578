import assert from 'node:assert/strict';
import { AiriskError, type AiriskErrorCode } from '../../../src/core/errors.ts';
import { fakeClock } from '../windows/fakeClock.ts';
import { desktopSecrets } from '../windows/secretStorage.ts';
import { day, hour, minute, newToken, openWindow, second, type Window } from '../windows/window.ts';

describe('a renewal that fails', () => {
  const clock = fakeClock();
  let window: Window;

  const failWith = (code: AiriskErrorCode): void => {
    window.answer = () => Promise.reject(new AiriskError(code));
  };

  /** In which seconds from now requests are made while somebody asks every ten seconds. */
  async function requestsDuring(ms: number): Promise<number[]> {
    const [start, times, { answer }] = [Date.now(), Array.of<number>(), window];
    window.answer = (userid) => {
      times.push((Date.now() - start) / second);
      return answer(userid);
    };
    while (Date.now() < start + ms) {
      window.sessions.tick();
      await window.sessions.find('user_1');
      await clock.tickAsync(10 * second);
    }
    window.answer = answer;
    return times;
  }

  beforeEach(async () => {
    window = openWindow(desktopSecrets());
    await window.signIn('user_1', newToken(60 * day));
    clock.setSystemTime(Date.now() + 55 * day);
  });

  it('is repeated after 30 s, then after twice as long each time, and ends after the eighth', async () => {
    failWith('unreachable');
    assert.deepEqual(await requestsDuring(4 * hour), [0, 30, 90, 210, 450, 930, 1_890, 3_810]);
    assert.equal(window.failures.length, 8);
    clock.setSystemTime(Date.now() + 4 * day);
    assert.deepEqual(await requestsDuring(minute), []);
    assert.deepEqual(window.told, ['added user_1 (signIn)'], 'nobody is signed out');
  });

  for (const code of ['not_silent', 'invalid_client', 'authorization_error'] as const) {
    it(`is never repeated with the same token: ${code}`, async () => {
      failWith(code);
      assert.deepEqual(await requestsDuring(4 * hour), [0]);
      await window.signIn('user_1', newToken(10 * minute));
      assert.deepEqual(await requestsDuring(20 * minute), [540], 'another token starts afresh');
    });
  }

  it('starts afresh with 30 s for another token', async () => {
    failWith('server_error');
    await requestsDuring(10 * minute);
    await window.signIn('user_1', newToken(10 * second));
    assert.deepEqual(await requestsDuring(4 * minute), [10, 40, 100, 220]);
  });

  it('makes nobody wait during the pause, and no request', async () => {
    failWith('request_timeout');
    await window.sessions.find('user_1');
    for (let i = 0; i < 29; i++) {
      await clock.tickAsync(second);
      const [found] = await Promise.all([window.sessions.find('user_1'), window.sessions.list()]);
      assert.ok(found);
    }
    assert.equal(window.requests.length, 1);
  });

  it('tells in how long there is something to do again', async () => {
    failWith('unreachable');
    await window.sessions.find('user_1');
    assert.equal(window.sessions.tick(), 30 * second);
    failWith('not_silent');
    await clock.tickAsync(30 * second);
    await window.sessions.find('user_1');
    assert.equal(window.sessions.tick(), 5 * day - 30 * second, 'the expiry');
  });

  it('is not repeated later because the clock was set back', async () => {
    failWith('unreachable');
    await window.sessions.find('user_1');
    clock.setSystemTime(Date.now() - hour);
    assert.deepEqual(await requestsDuring(2 * minute), [0, 60]);
  });

  it('and was definitive stays so whatever the clock does', async () => {
    failWith('invalid_client');
    await window.sessions.find('user_1');
    clock.setSystemTime(Date.now() - hour);
    assert.deepEqual(await requestsDuring(minute), []);
  });
});

describe('a renewal that brings nothing', () => {
  const clock = fakeClock();

  for (const what of ['the same token', 'another token'] as const) {
    it(`is not repeated in a loop: ${what} with the same expiration`, async () => {
      const window = openWindow(desktopSecrets());
      const { sessions } = window;
      const token = newToken(hour);
      window.answer = () => Promise.resolve(what === 'the same token' ? token : { ...newToken(), ...ends });
      const ends = { expiration: token.expiration };
      // As the extension does: every change is followed by a tick.
      sessions.onDidChange(() => sessions.tick());
      await window.signIn('user_1', token);
      for (let i = 0; i < hour / second; i++) {
        await clock.tickAsync(second);
        await sessions.find('user_1');
      }
      assert.ok(window.requests.length < 12, `${window.requests.length} requests`);
    });
  }
});
