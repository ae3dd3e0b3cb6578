import assert from 'node:assert/strict';
import { AiriskError } from '../../../../src/core/errors.ts';
import type { Session } from '../../../../src/core/sessions/session.ts';
import { fakeClock } from '../../support/fakeClock.ts';
import { desktopSecrets, unsteady } from '../../support/secretStorage.ts';
import { deployment, hour, minute, newToken, openWindow, second, type Window } from '../../support/window.ts';

const never = <T>(): Promise<T> => new Promise(() => undefined);

describe('a renewal that two windows want', () => {
  const clock = fakeClock();
  let one: Window;
  let two: Window;

  /** Lets so much time pass, and awaits what was begun before. */
  async function during<T>(ms: number, running: Promise<T>): Promise<T> {
    await clock.tickAsync(ms);
    return running;
  }

  /** Signs in, and lets time pass until both windows want another token. */
  async function untilDue(): Promise<void> {
    await during(second, one.signIn('user_1', newToken(hour)));
    await during(second, two.sessions.find(deployment, 'user_1'));
    await clock.tickAsync(55 * minute);
    one.told.length = 0;
    two.told.length = 0;
  }

  beforeEach(async () => {
    const host = desktopSecrets(unsteady(7, 10));
    [one, two] = [openWindow(host, { jitter: 0.1 }), openWindow(host, { jitter: 0.2 })];
    await untilDue();
  });

  it('is made by one; the other picks the result up', async () => {
    one.answer = async () => {
      await new Promise((resolve) => setTimeout(resolve, 2 * second));
      return newToken();
    };
    const finding = one.sessions.find(deployment, 'user_1');
    await clock.tickAsync(second);
    const [ofOne, ofTwo] = await during(
      3 * second,
      Promise.all([finding, two.sessions.find(deployment, 'user_1')]),
    );
    assert.ok(ofOne);
    assert.deepEqual(ofOne, ofTwo);
    assert.deepEqual([one.requests, two.requests], [['user_1'], []]);
    assert.deepEqual([one.told, two.told], [['changed user_1 (renewal)'], ['changed user_1 (elsewhere)']]);
  });

  it('is picked up although it is done while the other still asks who makes it', async () => {
    one.answer = async () => {
      await new Promise((resolve) => setTimeout(resolve, second));
      return newToken();
    };
    two.secrets.after = async (_verb, key) => {
      if (key.startsWith('lease:')) await new Promise((resolve) => setTimeout(resolve, 2 * second));
    };
    const finding = one.sessions.find(deployment, 'user_1');
    await clock.tickAsync(second / 2);
    let ofTwo: Session | undefined;
    void two.sessions.find(deployment, 'user_1').then((found) => (ofTwo = found));
    await clock.tickAsync(4 * second);
    assert.deepEqual(ofTwo, await finding);
  });

  it('shows in the other window without anybody asking there', async () => {
    await during(second, one.sessions.find(deployment, 'user_1'));
    assert.deepEqual(two.told, ['changed user_1 (elsewhere)']);
    two.sessions.tick();
    await clock.tickAsync(second);
    assert.deepEqual(two.requests, []);
  });

  it('gives both a token where they ask in the same instant', async () => {
    const both = Promise.all([
      one.sessions.find(deployment, 'user_1'),
      two.sessions.find(deployment, 'user_1'),
    ]);
    const [ofOne, ofTwo] = await during(11 * second, both);
    assert.ok(ofOne && ofTwo);
    await clock.tickAsync(2 * minute);
    assert.deepEqual(
      await during(second, one.sessions.find(deployment, 'user_1')),
      await during(second, two.sessions.find(deployment, 'user_1')),
    );
  });

  it('is taken over from a window that crashed, when its lease has run out', async () => {
    const old = await during(second, one.sessions.listUsable(deployment));
    one.answer = never;
    void one.sessions.find(deployment, 'user_1');
    await clock.tickAsync(second);
    one.close();
    const found = two.sessions.find(deployment, 'user_1');
    await clock.tickAsync(2 * second);
    assert.deepEqual([one.requests, two.requests], [['user_1'], []], 'waits for the other');
    const renewed = await during(8 * second, found);
    assert.notEqual(renewed?.accessToken, old[0]?.accessToken);
    assert.deepEqual(two.requests, ['user_1']);
  });

  it('is left to the one for as long as its two requests may take', async () => {
    const host = desktopSecrets(unsteady(7, 10));
    const patient = { requestTimeoutMs: 5 * minute };
    [one, two] = [
      openWindow(host, { jitter: 0.1, ...patient }),
      openWindow(host, { jitter: 0.2, ...patient }),
    ];
    await during(second, one.signIn('user_1', newToken(3 * hour)));
    await clock.tickAsync(2.7 * hour);
    one.answer = async () => {
      await new Promise((resolve) => setTimeout(resolve, 9 * minute));
      return newToken();
    };
    void one.sessions.find(deployment, 'user_1');
    await clock.tickAsync(second);
    void two.sessions.find(deployment, 'user_1');
    await clock.tickAsync(8 * minute);
    void two.sessions.find(deployment, 'user_1');
    await clock.tickAsync(2 * minute);
    assert.deepEqual([one.requests, two.requests], [['user_1'], []]);
    assert.deepEqual(two.told.at(-1), 'changed user_1 (elsewhere)');
  });

  it('is tried by the other, once the one has failed and its lease is gone', async () => {
    one.answer = () => Promise.reject(new AiriskError('unreachable'));
    const old = await during(second, one.sessions.find(deployment, 'user_1'));
    assert.equal(one.failures.length, 1);
    const renewed = await during(second, two.sessions.find(deployment, 'user_1'));
    assert.notEqual(renewed?.accessToken, old?.accessToken);
    assert.deepEqual(one.told, ['changed user_1 (elsewhere)']);
    assert.deepEqual(await during(second, one.sessions.find(deployment, 'user_1')), renewed);
  });

  it('is given up where the other signs out meanwhile', async () => {
    one.answer = async () => {
      await new Promise((resolve) => setTimeout(resolve, 2 * second));
      return newToken();
    };
    const finding = one.sessions.find(deployment, 'user_1');
    await clock.tickAsync(second / 2);
    const waiting = two.sessions.find(deployment, 'user_1');
    await clock.tickAsync(second / 2);
    await during(second, two.sessions.signOut(deployment, 'user_1'));
    assert.deepEqual(await during(5 * second, Promise.all([finding, waiting])), [undefined, undefined]);
    assert.deepEqual(one.told, ['removed user_1 (elsewhere)']);
    assert.deepEqual(await during(second, two.sessions.listStored(deployment)), []);
  });

  it('leaves no timer behind in either', async () => {
    const finding = one.sessions.find(deployment, 'user_1');
    await clock.tickAsync(15);
    await during(5 * second, Promise.all([finding, two.sessions.find(deployment, 'user_1')]));
    assert.equal(clock.countTimers(), 0);
  });
});
