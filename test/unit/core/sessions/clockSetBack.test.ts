import assert from 'node:assert/strict';
import fc from 'fast-check';
import { runs } from '../../support/propertyRuns.ts';
import { fakeClock } from '../../support/fakeClock.ts';
import { desktopSecrets } from '../../support/secretStorage.ts';
import { deployment, day, hour, minute, openWindow, second, type Window } from '../../support/window.ts';

/** True time when the token comes. */
const start = Date.UTC(2025, 2, 31, 12);

describe('a token that came while the clock was right', () => {
  fakeClock();

  /** A computer that tests let run and sleep, and whose clock they set. */
  function aComputer() {
    const host = desktopSecrets();
    const computer = {
      host,
      error: 0,
      awake: 0,
      asleep: 0,
      measured: 0,
      reachable: true,
      open(): Window {
        const now = (): number => start + computer.error + computer.awake + computer.asleep;
        const window = openWindow(host, { now, monotonic: () => computer.awake });
        window.renewsSilently = false;
        window.measureSkew = async () => {
          computer.measured++;
          if (!computer.reachable) throw new Error('offline');
          return -computer.error;
        };
        return window;
      },
    };
    return computer;
  }
  const signIn = (window: Window, life: number, userid = 'user_1') =>
    window.signIn(userid, { accessToken: `of_${userid}`, expiration: start + life, clockSkew: 0 });

  it('is never handed out dead and never held back alive because the clock was set back', async () => {
    const time = fc.integer({ min: 0, max: 3 * day });
    const life = fc.integer({ min: 1, max: 3 * day });
    const back = fc.integer({ min: minute + 1, max: 2 * day });
    await fc.assert(
      fc.asyncProperty(life, time, time, back, async (ms, before, after, setBack) => {
        const computer = aComputer();
        const window = computer.open();
        await signIn(window, ms);
        computer.awake = before;
        computer.error = -setBack;
        computer.awake += after;
        const found = await window.sessions.find(deployment, 'user_1');
        assert.equal(found !== undefined, before + after < ms);
        assert.equal(computer.measured, 1);
      }),
      runs(1_000),
    );
  });

  it('is looked at once after that, and known to be dead or alive from then on', async () => {
    const computer = aComputer();
    const window = computer.open();
    for (const userid of ['user_1', 'user_2']) await signIn(window, 2 * hour, userid);
    assert.equal((await window.sessions.list(deployment)).length, 2);
    computer.error = -hour;
    for (; computer.awake < 2 * hour; computer.awake += 10 * second) {
      if (computer.awake > hour) assert.equal((await window.sessions.list(deployment)).length, 2);
    }
    assert.equal(computer.measured, 1);
    assert.deepEqual(
      [await window.sessions.list(deployment), await window.sessions.listUsable(deployment)],
      [[], []],
    );
    assert.equal(await window.sessions.find(deployment, 'user_2'), undefined);
    // One more, since a token would live again by the clock alone.
    assert.equal(computer.measured, 2);
  });

  it('is looked at again when the clock is set back again', async () => {
    const computer = aComputer();
    const window = computer.open();
    await signIn(window, day);
    for (let times = 1; times <= 3; times++) {
      computer.error -= 2 * minute;
      // Later on this clock than the last look, which would hold for five minutes.
      computer.awake += 4 * minute;
      assert.ok(await window.sessions.find(deployment, 'user_1'));
      assert.equal(computer.measured, times);
    }
  });

  it('is looked at when the clock has been set back little by little', async () => {
    const computer = aComputer();
    const window = computer.open();
    await signIn(window, hour);
    computer.awake = 10 * minute;
    for (const measured of [0, 1]) {
      computer.error -= 40 * second;
      assert.ok(await window.sessions.find(deployment, 'user_1'));
      assert.equal(computer.measured, measured);
    }
  });

  it('is looked at where the clock is set back by less than the sleep that only time has noticed', async () => {
    const computer = aComputer();
    const window = computer.open();
    await signIn(window, 9 * hour);
    computer.asleep = 8 * hour;
    window.sessions.tick();
    computer.awake = 1.5 * hour;
    computer.error = -2 * hour;
    assert.equal(await window.sessions.find(deployment, 'user_1'), undefined);
    assert.equal(computer.measured, 1);
  });

  it('is handed out as it is after sleep, a clock that is set forward, and corrections of seconds', async () => {
    const computer = aComputer();
    const window = computer.open();
    await signIn(window, 60 * day);
    for (let i = 0; i < 20; i++) {
      computer.asleep += 8 * hour;
      computer.awake += hour;
      computer.error += i % 2 ? -3 * second : 3 * second;
      assert.ok(await window.sessions.find(deployment, 'user_1'));
    }
    assert.equal(computer.measured, 0);
  });

  it('is looked at in a window that opens later, where the clock says that it has not come yet', async () => {
    const computer = aComputer();
    await signIn(computer.open(), hour);
    computer.awake = 2 * hour;
    computer.error = -2.5 * hour;
    assert.equal(await computer.open().sessions.find(deployment, 'user_1'), undefined);
    assert.equal(computer.measured, 1);
  });

  it('is not handed out, and not lost, while AIRisk cannot be asked', async () => {
    const computer = aComputer();
    const window = computer.open();
    const session = await signIn(window, 3 * hour);
    computer.error = -hour;
    computer.reachable = false;
    assert.equal(await window.sessions.find(deployment, 'user_1'), undefined);
    assert.equal(computer.host.stored.size, 1);
    computer.reachable = true;
    computer.awake = minute;
    assert.equal((await window.sessions.find(deployment, 'user_1'))?.accessToken, session.accessToken);
    assert.deepEqual(
      window.told.filter((line) => line.startsWith('removed')),
      [],
    );
  });
});
