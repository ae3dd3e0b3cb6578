import assert from 'node:assert/strict';
import { countdown, shortCountdown, type Unit } from '../../../../src/core/sessions/countdown.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const formats = new Map(
  (['day', 'hour', 'minute', 'second'] as const).map((unit) => [
    unit,
    new Intl.NumberFormat('en', { style: 'unit', unit, unitDisplay: 'narrow' }),
  ]),
);
const format = (value: number, unit: Unit): string => formats.get(unit)?.format(value) ?? '';
const short = (remaining: number): string =>
  shortCountdown(countdown(remaining).parts, format).replaceAll('\u2007', '_');

describe('a countdown for the eye', () => {
  const cases: [remaining: number, text: string][] = [
    [2 * day + 3 * hour + 59 * minute, '2d _3h'],
    [day, '1d _0h'],
    [day - 1, '23h 59m'],
    [72 * minute, '1h 12m'],
    [hour, '1h _0m'],
    [hour - 1, '59m'],
    [9 * minute, '_9m'],
    [2 * minute, '_2m'],
    [2 * minute - 1, '1:59'],
    [65 * second, '1:05'],
    [minute - 1, '0:59'],
    [999, '0:00'],
    [0, ''],
    [-minute, ''],
  ];
  for (const [remaining, text] of cases) {
    it(`shows ${remaining} ms as "${text}"`, () => assert.equal(short(remaining), text));
  }

  it('keeps its width within a phase', () => {
    const widths = (from: number, to: number, step: number): Set<number> => {
      const found = new Set<number>();
      for (let remaining = from; remaining >= to; remaining -= step) found.add(short(remaining).length);
      return found;
    };
    assert.equal(widths(10 * day - 1, day, minute).size, 1);
    assert.equal(widths(10 * hour - 1, hour, second).size, 1);
    assert.equal(widths(hour - 1, 2 * minute, second).size, 1);
    assert.equal(widths(2 * minute - 1, 1, second).size, 1);
  });
});
