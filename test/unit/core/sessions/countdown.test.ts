import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { countdown } from '../../../../src/core/sessions/countdown.ts';
import { itHolds, runs } from '../../support/propertyRuns.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** The countdown in words, `ended` at its end. */
function words(remaining: number): string {
  const { parts } = countdown(remaining);
  return parts.map(({ unit, value }) => `${value} ${unit}`).join(' ') || 'ended';
}

describe('countdown', () => {
  const cases: [remaining: number, text: string, changesIn: number | undefined][] = [
    [Number.NEGATIVE_INFINITY, 'ended', undefined],
    [-day, 'ended', undefined],
    [-1, 'ended', undefined],
    [0, 'ended', undefined],
    [second, '1 second', 1],
    [second + 1, '1 second', 2],
    [2 * second - 1, '1 second', 1_000],
    [minute - 1, '59 second', 1_000],
    [minute, '1 minute 0 second', 1],
    [2 * minute - 1, '1 minute 59 second', 1_000],
    [2 * minute, '2 minute', 1],
    [2 * minute + 1, '2 minute', 2],
    [3 * minute - 1, '2 minute', minute],
    [hour - 1, '59 minute', minute],
    [hour, '1 hour 0 minute', 1],
    [hour + minute - 1, '1 hour 0 minute', minute],
    [hour + minute, '1 hour 1 minute', 1],
    [12 * hour + 34 * minute + 56 * second, '12 hour 34 minute', 56 * second + 1],
    [day - 1, '23 hour 59 minute', minute],
    [day, '1 day 0 hour', 1],
    [day + hour - 1, '1 day 0 hour', hour],
    [2 * day - 1, '1 day 23 hour', hour],
    [400 * day + 5 * hour + 1, '400 day 5 hour', 2],
  ];
  for (const [remaining, text, changesIn] of cases) {
    it(`is "${text}" with ${remaining} ms left`, () => {
      assert.equal(words(remaining), text);
      assert.equal(countdown(remaining).changesIn, changesIn);
    });
  }

  for (const remaining of [1, 500, 999]) {
    it(`ends when nothing is left of ${remaining} ms`, () => {
      assert.equal(words(remaining), '0 second');
      assert.equal(countdown(remaining).changesIn, remaining);
    });
  }

  const left = fc.oneof(
    fc.integer({ min: second, max: 3 * minute }),
    fc.integer({ min: second, max: 3 * hour }),
    fc.integer({ min: second, max: 400 * day }),
    fc
      .tuple(
        fc.constantFrom(second, minute, hour, day),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: -2, max: 2 }),
      )
      .map(([unit, count, off]) => Math.max(unit * count + off, second)),
  );

  itHolds('changes after exactly the time that it says', () => {
    fc.assert(
      fc.property(left, (remaining) => {
        const { changesIn = Number.NaN } = countdown(remaining);
        assert.notEqual(words(remaining - changesIn), words(remaining));
        assert.equal(words(remaining - changesIn + 1), words(remaining));
      }),
      runs(2_000),
    );
  });

  itHolds('promises no time that is not there, and is no more than one step behind', () => {
    const sizes = { day, hour, minute, second };
    fc.assert(
      fc.property(left, (remaining) => {
        const { parts } = countdown(remaining);
        const shown = parts.reduce((sum, { unit, value }) => sum + sizes[unit] * value, 0);
        const step = sizes[parts.at(-1)?.unit ?? 'second'];
        assert.ok(shown <= remaining && remaining < shown + step);
        assert.ok(parts.length <= 2 && parts.every(({ value }) => Number.isInteger(value) && value >= 0));
      }),
      runs(2_000),
    );
  });

  it('is drawn only as often as it changes, on its way to the end', () => {
    const drawn: string[] = [];
    for (let remaining = 25 * hour; drawn.at(-1) !== 'ended';) {
      drawn.push(words(remaining));
      remaining -= countdown(remaining).changesIn ?? 0;
    }
    assert.equal(new Set(drawn).size, drawn.length);
    // "1 day 1 hour" and "1 day 0 hour", 24 hours in minutes but for the last two, 119 to 0 seconds, the end.
    assert.equal(drawn.length, 2 + 24 * 60 - 2 + 120 + 1);
  });
});
