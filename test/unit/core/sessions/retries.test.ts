import assert from 'node:assert/strict';
import { AiriskError, type AiriskErrorCode } from '../../../../src/core/errors.ts';
import { fakeClock } from '../../support/fakeClock.ts';
import { desktopSecrets } from '../../support/secretStorage.ts';
import {
  day,
  deployment,
  hour,
  minute,
  newToken,
  openWindow,
  otherDeployment,
  second,
  type Window,
} from '../../support/window.ts';

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
      await window.sessions.find(deployment, 'user_1');
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

  it('is repeated after 30 s, then after twice as long each time, to 32 min', async () => {
    failWith('unreachable');
    const requests = await requestsDuring(4 * hour);
    const doubled = [0, 30, 90, 210, 450, 930, 1_890, 3_810];
    const every32min = [5_730, 7_650, 9_570, 11_490, 13_410];
    assert.deepEqual(requests, [...doubled, ...every32min]);
    assert.deepEqual(window.told, ['added user_1 (signIn)'], 'nobody is signed out');
  });

  for (const code of ['not_silent', 'authorization_error'] as const) {
    it(`is repeated every 32 min where the answer may not last: ${code}`, async () => {
      failWith(code);
      assert.deepEqual(await requestsDuring(2 * hour), [0, 1_920, 3_840, 5_760]);
    });
  }

  it('is never repeated with the same token where no answer would be another', async () => {
    failWith('invalid_client');
    assert.deepEqual(await requestsDuring(4 * hour), [0]);
    await window.signIn('user_1', newToken(10 * minute));
    assert.deepEqual(await requestsDuring(20 * minute), [540], 'another token starts afresh');
  });

  it('is tried again at once where what it failed for may have been mended', async () => {
    failWith('invalid_client');
    assert.deepEqual(await requestsDuring(hour), [0]);
    window.sessions.forgetFailures();
    assert.deepEqual(await requestsDuring(hour), [0]);
  });

  it('starts afresh with 30 s for another token', async () => {
    failWith('server_error');
    await requestsDuring(10 * minute);
    await window.signIn('user_1', newToken(10 * second));
    assert.deepEqual(await requestsDuring(4 * minute), [10, 40, 100, 160, 220]);
  });

  it('makes nobody wait during the pause, and no request', async () => {
    failWith('request_timeout');
    await window.sessions.find(deployment, 'user_1');
    for (let i = 0; i < 29; i++) {
      await clock.tickAsync(second);
      const [found] = await Promise.all([
        window.sessions.find(deployment, 'user_1'),
        window.sessions.list(deployment),
      ]);
      assert.ok(found);
    }
    assert.equal(window.requests.length, 1);
  });

  it('is repeated every ten seconds while somebody is there to see that AIRisk cannot be reached', async () => {
    window.isAttended = true;
    failWith('unreachable');
    assert.deepEqual(await requestsDuring(minute), [0, 10, 20, 30, 40, 50]);
    assert.equal(window.failures.length, 1, 'said once');
    window.isAttended = false;
    // Those attempts have drawn no pause out.
    assert.deepEqual(await requestsDuring(2 * minute), [20, 80]);
  });

  it('is not repeated sooner where AIRisk itself has answered, whoever is there', async () => {
    window.isAttended = true;
    failWith('server_error');
    assert.deepEqual(await requestsDuring(4 * minute), [0, 30, 90, 210]);
  });

  it('is repeated at once for whoever runs a command, but not by several at a time', async () => {
    failWith('request_timeout');
    await window.sessions.find(deployment, 'user_1');
    window.sessions.retry();
    assert.equal(window.requests.length, 1);
    await clock.tickAsync(2 * second);
    window.sessions.retry();
    window.sessions.retry();
    await clock.tickAsync(0);
    assert.equal(window.requests.length, 2);
    window.renewsSilently = false;
    await clock.tickAsync(2 * second);
    window.sessions.retry();
    assert.equal(window.requests.length, 2);
    window.renewsSilently = true;
    failWith('server_error');
    await clock.tickAsync(minute);
    await window.sessions.find(deployment, 'user_1');
    const { length } = window.requests;
    await clock.tickAsync(2 * second);
    window.sessions.retry();
    assert.equal(window.requests.length, length, 'a server in trouble is left alone');
  });

  it('can be told, with the reason and the next attempt', async () => {
    const [session] = await window.sessions.listStored(deployment);
    assert.ok(session);
    assert.equal(window.sessions.failureOf(session), undefined);
    failWith('unreachable');
    await window.sessions.find(deployment, 'user_1');
    const { error, again } = window.sessions.failureOf(session) ?? {};
    assert.ok(error instanceof AiriskError && error.code === 'unreachable');
    assert.equal(again, Date.now() + 30 * second);
    assert.equal(window.sessions.needsPerson(session), false);
    window.answer = () => Promise.resolve(newToken());
    await clock.tickAsync(30 * second);
    window.sessions.tick();
    await clock.tickAsync(0);
    assert.equal(window.sessions.failureOf(session), undefined, 'nothing of a token that is gone');
  });

  it('tells in how long there is something to do again', async () => {
    failWith('unreachable');
    await window.sessions.find(deployment, 'user_1');
    assert.equal(window.sessions.tick(), 30 * second);
    failWith('not_silent');
    await clock.tickAsync(30 * second);
    await window.sessions.find(deployment, 'user_1');
    assert.equal(window.sessions.tick(), 32 * minute);
    failWith('invalid_client');
    await clock.tickAsync(32 * minute);
    await window.sessions.find(deployment, 'user_1');
    assert.equal(window.sessions.tick(), 5 * day - 32.5 * minute, 'the expiry');
  });

  it('is not repeated later because the clock was set back', async () => {
    failWith('unreachable');
    await window.sessions.find(deployment, 'user_1');
    clock.setSystemTime(Date.now() - hour);
    assert.deepEqual(await requestsDuring(2 * minute), [0, 60]);
  });

  it('and was definitive stays so whatever the clock does', async () => {
    failWith('invalid_client');
    await window.sessions.find(deployment, 'user_1');
    clock.setSystemTime(Date.now() - hour);
    assert.deepEqual(await requestsDuring(minute), []);
  });
});

describe('a renewal that fails over the expiry', () => {
  const clock = fakeClock();
  let host = desktopSecrets();
  let window: Window;

  const failWith = (code: AiriskErrorCode): void => {
    window.answer = () => Promise.reject(new AiriskError(code));
  };
  const recover = (): void => {
    window.answer = () => Promise.resolve(newToken(60 * day));
  };
  /** Lets time pass as the extension does, with a tick at least every minute; how many requests that made. */
  async function pass(ms: number): Promise<number> {
    const [before, end] = [window.requests.length, Date.now() + ms];
    while (Date.now() < end) {
      const wait = window.sessions.tick() ?? minute;
      await clock.tickAsync(Math.min(wait, minute, end - Date.now()));
    }
    return window.requests.length - before;
  }

  beforeEach(async () => {
    host = desktopSecrets();
    window = openWindow(host);
    await window.signIn('user_1', newToken(hour));
    window.told.length = 0;
  });

  it('for three hours without a network is done for whoever asks first after that', async () => {
    failWith('unreachable');
    assert.ok((await pass(4 * hour)) <= 16);
    assert.deepEqual(window.told, ['removed user_1 (expiry)']);
    recover();
    assert.ok(await window.sessions.find(deployment, 'user_1'));
    assert.deepEqual(window.told.slice(1), ['added user_1 (renewal)']);
  });

  it('is done in the background when the network is back, though nobody asks', async () => {
    failWith('unreachable');
    await pass(4 * hour);
    recover();
    assert.equal(await pass(33 * minute), 1);
    assert.deepEqual(window.told, ['removed user_1 (expiry)', 'added user_1 (renewal)']);
  });

  for (const code of ['not_silent', 'authorization_error'] as const) {
    it(`is done half an hour after an answer that did not last: ${code}`, async () => {
      failWith(code);
      await pass(hour);
      recover();
      assert.equal(await pass(minute), 0);
      assert.equal(await window.sessions.find(deployment, 'user_1'), undefined, 'a pause is a pause');
      assert.equal(await pass(32 * minute), 1);
      assert.equal(window.told.at(-1), 'added user_1 (renewal)');
    });
  }

  it('is done for whoever asked in vain after the start, when the network comes', async () => {
    await pass(0);
    await clock.tickAsync(hour);
    window = openWindow(host);
    failWith('unreachable');
    assert.equal(await window.sessions.find(deployment, 'user_1'), undefined);
    recover();
    assert.equal(await pass(minute), 1);
    assert.deepEqual(window.told, ['added user_1 (renewal)']);
  });

  it('is done for whoever asked before the settings went to another deployment and back', async () => {
    failWith('unreachable');
    await pass(61 * minute);
    await window.sessions.configure([otherDeployment]);
    recover();
    assert.equal(await pass(hour), 0);
    await window.sessions.configure([deployment]);
    assert.equal(await pass(minute), 1);
  });

  it('is tried once a minute at most however often somebody asks, and makes nobody wait between', async () => {
    failWith('unreachable');
    await pass(hour);
    const { length } = window.requests;
    for (let i = 0; i < hour / second; i++) {
      window.sessions.tick();
      assert.equal(await window.sessions.find(deployment, 'user_1'), undefined);
      await window.sessions.list(deployment);
      await clock.tickAsync(second);
    }
    assert.ok(window.requests.length - length <= 61, `${window.requests.length - length} requests`);
    recover();
    await clock.tickAsync(minute);
    assert.ok(await window.sessions.find(deployment, 'user_1'));
  });

  it('ends in the background after some hours, also for one that was asked for often', async () => {
    failWith('unreachable');
    assert.ok((await pass(2 * day)) <= 35);
    assert.equal(await pass(day), 0);
    for (let i = 0; i < 100; i++) {
      await clock.tickAsync(minute);
      await window.sessions.find(deployment, 'user_1');
    }
    assert.equal(await pass(day), 0);
    assert.equal(window.sessions.tick(), undefined);
  });

  it('does not spend the attempts in the background on whoever asks', async () => {
    failWith('unreachable');
    await pass(hour);
    for (let i = 0; i < 100; i++) {
      await clock.tickAsync(minute);
      await window.sessions.find(deployment, 'user_1');
    }
    assert.ok((await pass(day)) >= 15);
  });

  it('is not tried again for what nobody uses, was signed out, or may not be renewed', async () => {
    failWith('unreachable');
    const other = openWindow(host);
    other.answer = () => Promise.reject(new AiriskError('unreachable'));
    await other.sessions.listStored(deployment);
    await window.signIn('user_2', newToken(hour));
    await pass(61 * minute);
    other.sessions.tick();
    await clock.tickAsync(hour);
    other.sessions.tick();
    assert.deepEqual(other.requests, [], 'used in the other window only');
    assert.equal(other.told.at(-1), 'removed user_2 (expiry)');
    await window.sessions.signOut(deployment, 'user_1');
    await other.sessions.signOut(deployment, 'user_2');
    await clock.tickAsync(0);
    assert.equal(await pass(day), 0);
    await window.signIn('user_1', newToken(hour));
    window.renewsSilently = false;
    assert.equal(await pass(day), 0);
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
        await sessions.find(deployment, 'user_1');
      }
      assert.ok(window.requests.length < 12, `${window.requests.length} requests`);
    });
  }
});
