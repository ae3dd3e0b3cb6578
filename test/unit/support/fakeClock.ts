import FakeTimers, { type Clock } from '@sinonjs/fake-timers';

/** A clock that moves only when a test says so. */
export type FakeClock = Pick<Clock, 'tickAsync' | 'setSystemTime' | 'countTimers' | 'runAllAsync'>;

/** Replaces clock and timers for each test of the surrounding `describe`. */
export function fakeClock(): FakeClock {
  let clock: Clock | undefined;
  const installed = (): Clock => {
    if (!clock) throw new Error('the clock is fake only inside of tests');
    return clock;
  };
  beforeEach(() => {
    clock = FakeTimers.install({
      now: Date.UTC(2025, 2, 31, 12),
      toFake: ['Date', 'setTimeout', 'clearTimeout'],
      loopLimit: 100_000,
    });
  });
  afterEach(() => installed().uninstall());
  return {
    tickAsync: (ms) => installed().tickAsync(ms),
    setSystemTime: (now) => installed().setSystemTime(now),
    countTimers: () => installed().countTimers(),
    runAllAsync: () => installed().runAllAsync(),
  };
}
