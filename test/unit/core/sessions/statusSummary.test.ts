import assert from 'node:assert/strict';
import { createClock } from '@sinonjs/fake-timers';
import { shortCountdown } from '../../../../src/core/sessions/countdown.ts';
import { glance, sessionInUse, urgencyOf } from '../../../../src/core/sessions/statusSummary.ts';
import { createSession, type Session } from '../../../../src/core/sessions/session.ts';
import { Ticker } from '../../../../src/core/ticker.ts';
import { deployment } from '../../support/window.ts';

const minute = 60_000;
const hour = 60 * minute;

function session(userid: string, expiration: number): Session {
  return createSession(
    deployment,
    userid,
    { accessToken: `token of ${userid}`, expiration, clockSkew: 0 },
    0,
  );
}

interface Watch {
  /** The texts that were drawn, and when. */
  readonly drawn: { readonly at: number; readonly text: string }[];
  ticks: number;
}

/** Lets a clock run over sessions as the display does, drawing only what is another. */
function watch(sessions: readonly [Session, ...Session[]], warningMs: number, until: number): Watch {
  const clock = createClock(0);
  const seen: Watch = { drawn: [], ticks: 0 };
  const ticker = new Ticker(
    {
      now: () => clock.now,
      setTimeout: (callback, ms) => globalTimer(clock.setTimeout(callback, ms)),
      clearTimeout: (timer) => clock.clearTimeout(Number(timer)),
    },
    (now) => {
      seen.ticks += 1;
      const { urgency, parts, othersSoon, changesIn } = glance(sessions[0], sessions, warningMs, now);
      const time = shortCountdown(parts, (value, unit) => `${value}${unit.charAt(0)}`);
      const text = `${urgency} ${time} ${othersSoon}`;
      if (seen.drawn.at(-1)?.text !== text) seen.drawn.push({ at: now, text });
      return changesIn;
    },
  );
  ticker.wake();
  clock.tick(until);
  assert.equal(
    clock.countTimers() > 0,
    sessions.some(({ expiration }) => expiration > clock.now),
  );
  ticker.dispose();
  return seen;
}

function globalTimer(timer: unknown): ReturnType<typeof setTimeout> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only handed back to the same clock
  return timer as ReturnType<typeof setTimeout>;
}

describe('what the status bar draws', () => {
  it('is drawn once a minute, and once a second in the last two minutes', () => {
    const { drawn } = watch([session('user_42', 3 * hour)], 5 * minute, 3 * hour + minute);
    const end = 3 * hour;
    const early = drawn.filter(({ at }) => at <= end - 2 * minute);
    const late = drawn.filter(({ at }) => at > end - 2 * minute);
    // 3h 0m, then each of 2h 59m … 2m.
    assert.equal(early.length, 179);
    // 1:59 … 0:00 and "expired".
    assert.equal(late.length, 121);
    for (const [index, { at }] of early.entries()) {
      if (index > 1) assert.ok(at - (early[index - 1]?.at ?? 0) >= minute - 1, `a second drawing at ${at}`);
    }
  });

  it('is looked at no more than once a minute while nothing changes', () => {
    const { drawn, ticks } = watch([session('user_42', 50 * hour)], 5 * minute, 24 * hour);
    assert.equal(drawn.length, 25);
    assert.ok(ticks <= 24 * 60 + 26, `${ticks} ticks`);
  });

  it('turns urgent on the dot, in the middle of a minute too', () => {
    const { drawn } = watch([session('user_42', hour)], 2.5 * minute, hour);
    const soon = drawn.find(({ text }) => text.startsWith('soon'));
    assert.equal(soon?.at, hour - 2.5 * minute + 1);
    assert.equal(drawn.find(({ text }) => text.startsWith('expired'))?.at, hour);
  });

  it('tells when another session is about to expire, even where the one shown has expired', () => {
    const sessions = [session('user_42', minute), session('user_7', hour), session('', hour)] as const;
    const { drawn } = watch([...sessions], 5 * minute, 2 * hour);
    const counts = drawn.filter(({ at }) => at > minute).map(({ at, text }) => [at, text]);
    assert.deepEqual(counts, [
      [55 * minute + 1, 'expired  2'],
      [hour, 'expired  0'],
    ]);
  });
});

describe('urgency', () => {
  const cases = [
    [5 * minute, 'calm'],
    [5 * minute - 1, 'soon'],
    [1, 'soon'],
    [0, 'expired'],
  ] as const;
  for (const [remaining, urgency] of cases) {
    it(`is ${urgency} at ${remaining} ms`, () =>
      assert.equal(urgencyOf(session('user_42', hour), 5 * minute, hour - remaining), urgency));
  }
  it('is never soon without a warning time', () =>
    assert.equal(urgencyOf(session('user_42', hour), 0, hour - 1), 'calm'));

  for (const lifetime of [minute, 4 * minute, 5 * minute, 20 * minute]) {
    it(`is calm until a fifth is left of a token of ${lifetime / minute} minutes`, () => {
      const { drawn } = watch([session('user_42', lifetime)], 5 * minute, lifetime);
      assert.match(drawn[0]?.text ?? '', /^calm/);
      assert.equal(drawn.find(({ text }) => text.startsWith('soon'))?.at, (lifetime * 4) / 5 + 1);
    });
  }
});

describe('the session in use', () => {
  const dead = session('dead', 1);
  const live = session('live', 1_000);
  it('is the chosen one, expired or not', () => assert.equal(sessionInUse([live, dead], 'dead', 10), dead));
  it('is a usable one where none is chosen', () =>
    assert.equal(sessionInUse([dead, live], undefined, 10), live));
  it('is any where none is usable', () => assert.equal(sessionInUse([dead], 'gone', 10), dead));
  it('is none where there is none', () => assert.equal(sessionInUse([], 'gone', 10), undefined));
});
