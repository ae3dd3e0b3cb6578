import assert from 'node:assert/strict';
import { install, type Clock } from '@sinonjs/fake-timers';
import { Ticker, type Timers } from '../../../src/core/ticker.ts';

const start = Date.UTC(2025, 2, 31, 12);

describe('the ticker', () => {
  let clock: Clock;
  beforeEach(() => {
    clock = install({ now: start, toFake: ['Date', 'setTimeout', 'clearTimeout'] });
  });
  afterEach(() => clock.uninstall());
  const timers = (): Timers => ({ now: Date.now, setTimeout, clearTimeout });

  /** A ticker that is to be called again as `waits` say, in turn, and then never. */
  function tickerThatWaits(...waits: (number | undefined)[]) {
    const ticks: number[] = [];
    const ticker = new Ticker(timers(), (now) => {
      ticks.push(now - start);
      return waits.shift();
    });
    return { ticker, ticks };
  }

  it('does nothing before it is woken', () => {
    const { ticks } = tickerThatWaits(5);
    clock.tick(100_000);
    assert.deepEqual(ticks, []);
    assert.equal(clock.countTimers(), 0);
  });

  it('ticks at once when it is woken, and again when it was told to', () => {
    const { ticker, ticks } = tickerThatWaits(5_000, 1_000, undefined);
    ticker.wake();
    assert.deepEqual(ticks, [0]);
    clock.tick(4_999);
    assert.deepEqual(ticks, [0]);
    clock.tick(100_000);
    assert.deepEqual(ticks, [0, 5_000, 6_000]);
  });

  it('has no timer while nothing is due', () => {
    const { ticker } = tickerThatWaits(undefined);
    ticker.wake();
    assert.equal(clock.countTimers(), 0);
  });

  for (const wait of [60_001, 2 ** 31, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY]) {
    it(`waits a minute when it is told ${wait}`, () => {
      const { ticker, ticks } = tickerThatWaits(wait);
      ticker.wake();
      clock.tick(59_999);
      assert.deepEqual(ticks, [0]);
      clock.tick(1);
      assert.deepEqual(ticks, [0, 60_000]);
    });
  }

  it('waits no less than a minute when it is told a minute', () => {
    const { ticker, ticks } = tickerThatWaits(60_000);
    ticker.wake();
    clock.tick(60_000);
    assert.deepEqual(ticks, [0, 60_000]);
  });

  for (const wait of [0, -1, Number.NEGATIVE_INFINITY]) {
    it(`does not wait when it is told ${wait}`, () => {
      const { ticker, ticks } = tickerThatWaits(wait, 50);
      ticker.wake();
      clock.tick(0);
      assert.deepEqual(ticks, [0, 0]);
    });
  }

  it('asks the host for no time that a timer cannot be set to', () => {
    const asked: number[] = [];
    const waits = [-5, 7, 2 ** 40];
    const asking = (callback: () => void, ms: number) => {
      asked.push(ms);
      return setTimeout(callback, 0);
    };
    const ticker = new Ticker({ ...timers(), setTimeout: asking }, () => waits.shift());
    for (let i = 0; i < 3; i++) ticker.wake();
    ticker.dispose();
    assert.deepEqual(asked, [0, 7, 60_000]);
  });

  it('has one timer however often it is woken', () => {
    const { ticker, ticks } = tickerThatWaits(5_000, 5_000, 5_000);
    ticker.wake();
    clock.tick(1_000);
    ticker.wake();
    ticker.wake();
    assert.equal(clock.countTimers(), 1);
    clock.tick(4_999);
    assert.deepEqual(ticks, [0, 1_000, 1_000]);
    clock.tick(100_000);
    assert.deepEqual(ticks, [0, 1_000, 1_000, 6_000]);
  });

  it('forgets its timer when it is woken and nothing is due any more', () => {
    const { ticker } = tickerThatWaits(5_000, undefined);
    ticker.wake();
    ticker.wake();
    assert.equal(clock.countTimers(), 0);
  });

  it('ticks with the time that the clock jumped to while the computer slept', () => {
    const { ticker, ticks } = tickerThatWaits(3_600_000);
    ticker.wake();
    clock.setSystemTime(start + 7_200_000);
    ticker.wake();
    assert.deepEqual(ticks, [0, 7_200_000]);
  });

  it('ends when it is disposed', () => {
    const { ticker, ticks } = tickerThatWaits(5_000, 5_000);
    ticker.wake();
    ticker.dispose();
    assert.equal(clock.countTimers(), 0);
    ticker.wake();
    assert.deepEqual(ticks, [0]);
    assert.equal(clock.countTimers(), 0);
  });

  describe('inside of its own tick', () => {
    /** Wakes a ticker whose first tick does `deed`; every tick asks for one second. */
    function wakeTickerThat(deed: (ticker: Ticker) => void): void {
      const deeds = [deed];
      const ticker = new Ticker(timers(), () => {
        deeds.shift()?.(ticker);
        return 1_000;
      });
      ticker.wake();
    }

    it('has one timer though it is woken', () => {
      wakeTickerThat((ticker) => ticker.wake());
      assert.equal(clock.countTimers(), 1);
    });

    it('has no timer after it is disposed', () => {
      wakeTickerThat((ticker) => ticker.dispose());
      assert.equal(clock.countTimers(), 0);
    });
  });

  it('goes on in a minute after a tick that throws, and reports it', () => {
    const errors: unknown[] = [];
    let ticks = 0;
    const ticker = new Ticker(
      timers(),
      () => {
        ticks += 1;
        if (ticks < 3) throw new RangeError('no such date');
        return undefined;
      },
      (error) => errors.push(error),
    );
    ticker.wake();
    clock.tick(120_000);
    assert.deepEqual([ticks, errors.length, clock.countTimers()], [3, 2, 0]);
  });
});
