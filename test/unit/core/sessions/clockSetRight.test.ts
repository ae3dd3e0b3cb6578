import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readStoredSession, sessionKey } from '../../../../src/core/sessions/session.ts';
import { runs } from '../../support/propertyRuns.ts';
import { fakeClock } from '../../support/fakeClock.ts';
import { desktopSecrets, failing } from '../../support/secretStorage.ts';
import { deployment, day, hour, minute, openWindow, second } from '../../support/window.ts';

/** True time when the token comes. */
const start = Date.UTC(2025, 2, 31, 12);
const error = fc.integer({ min: -2 * day, max: 2 * day });

describe('a token that lives or is dead depending on whether the clock has been set right', () => {
  const waiting = fakeClock();

  /** A window on a computer whose clock is off by `error`, in ms, and can be set otherwise. */
  function offWindow(wrongBy: number) {
    const host = desktopSecrets();
    const clock = { error: wrongBy, passed: 0, measured: 0, reachable: true };
    const window = openWindow(host, { now: () => start + clock.error + clock.passed });
    window.renewsSilently = false;
    window.measureSkew = async () => {
      clock.measured++;
      if (!clock.reachable) throw new Error('offline');
      return -clock.error;
    };
    const signIn = (life: number) =>
      window.signIn('user_1', { accessToken: 'a', expiration: start + life, clockSkew: -clock.error });
    return { window, host, clock, signIn };
  }

  it('is never handed out dead and never held back alive, in whichever direction the clock was wrong', async () => {
    const elapsed = fc.integer({ min: 0, max: 3 * day });
    const life = fc.integer({ min: 1, max: 3 * day });
    await fc.assert(
      fc.asyncProperty(error, life, elapsed, fc.boolean(), async (wrongBy, ms, later, setRight) => {
        const { window, clock, signIn } = offWindow(wrongBy);
        await signIn(ms);
        clock.passed = later;
        if (setRight) clock.error = 0;
        const found = await window.sessions.find(deployment, 'user_1');
        assert.equal(found !== undefined, later < ms);
        // Once it is known, all that only looks at the clock tells the same.
        const usable = await window.sessions.listUsable(deployment);
        if (Math.abs(wrongBy) > minute) assert.equal(usable.length, later < ms ? 1 : 0);
      }),
      runs(1_000),
    );
  });

  it('is told as expired once its death is known, and stays stored with what the clock is known to be', async () => {
    const { window, host, clock, signIn } = offWindow(5 * hour);
    await signIn(hour);
    clock.error = 0;
    clock.passed = 5.5 * hour;
    assert.equal((await window.sessions.listUsable(deployment)).length, 1, 'nobody has looked yet');
    assert.equal(await window.sessions.find(deployment, 'user_1'), undefined);
    assert.deepEqual(window.told, ['added user_1 (signIn)', 'removed user_1 (expiry)']);
    const [stored] = host.stored.values();
    const session = readStoredSession(sessionKey(deployment, 'user_1'), stored ?? '');
    assert.deepEqual([session?.clockSkew, session?.obtained], [0, start]);
    await window.sessions.find(deployment, 'user_1');
    assert.equal(clock.measured, 1);
  });

  it('is renewed at once where it turns out to be dead', async () => {
    const { window, clock, signIn } = offWindow(5 * hour);
    await signIn(hour);
    window.renewsSilently = true;
    window.answer = () =>
      Promise.resolve({ accessToken: 'b', expiration: start + clock.passed + hour, clockSkew: 0 });
    clock.error = 0;
    clock.passed = 5.5 * hour;
    assert.equal((await window.sessions.find(deployment, 'user_1'))?.accessToken, 'b');
    assert.deepEqual(window.requests, ['user_1']);
  });

  it('costs a question every five minutes where the clock stays wrong, and none where it was right', async () => {
    const wrong = offWindow(2 * hour);
    await wrong.signIn(hour);
    for (let i = 0; i < 60; i++) {
      wrong.clock.passed = i * minute;
      assert.ok(await wrong.window.sessions.find(deployment, 'user_1'));
      assert.equal((await wrong.window.sessions.list(deployment)).length, 1);
    }
    assert.equal(wrong.clock.measured, 12);
    assert.equal(wrong.window.told.length, 1, 'nothing has changed');
    const right = offWindow(0);
    await right.signIn(hour);
    for (right.clock.passed = 0; right.clock.passed < 2 * hour; right.clock.passed += minute) {
      await right.window.sessions.find(deployment, 'user_1');
    }
    assert.equal(right.clock.measured, 0);
  });

  it('is asked about anew where the clock is set back within those minutes', async () => {
    const { window, clock, signIn } = offWindow(2 * hour);
    await signIn(hour);
    assert.ok(await window.sessions.find(deployment, 'user_1'));
    clock.error = hour;
    assert.ok(await window.sessions.find(deployment, 'user_1'));
    assert.equal(clock.measured, 2);
  });

  it('is not handed out, and not lost, while AIRisk cannot be asked; that is not tried all the time', async () => {
    const { window, host, clock, signIn } = offWindow(2 * hour);
    await signIn(hour);
    clock.reachable = false;
    for (clock.passed = 0; clock.passed < minute; clock.passed += second) {
      assert.equal(await window.sessions.find(deployment, 'user_1'), undefined);
    }
    assert.equal(clock.measured, 2);
    assert.deepEqual([host.stored.size, window.told], [1, ['added user_1 (signIn)']]);
    clock.reachable = true;
    clock.passed += 30 * second;
    assert.ok(await window.sessions.find(deployment, 'user_1'));
  });

  it('is not waited for longer than ten seconds', async () => {
    const { window, signIn } = offWindow(2 * hour);
    await signIn(hour);
    window.measureSkew = () => new Promise(() => undefined);
    const finding = window.sessions.find(deployment, 'user_1');
    await waiting.tickAsync(10 * second);
    assert.equal(await finding, undefined);
  });

  it('is handed out as it is where what was found out cannot be stored', async () => {
    const { window, clock, signIn } = offWindow(-2 * hour);
    await signIn(3 * hour);
    clock.error = 0;
    clock.passed = 2 * hour;
    window.secrets.before = failing('store');
    assert.equal((await window.sessions.find(deployment, 'user_1'))?.accessToken, 'a');
    clock.passed = 3 * hour;
    assert.equal(await window.sessions.find(deployment, 'user_1'), undefined);
  });
});
