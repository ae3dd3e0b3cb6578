const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** What a countdown is counted in. */
export type Unit = 'day' | 'hour' | 'minute' | 'second';

/** A lifetime in the units that a glance needs: at most two, the largest first. */
export interface Countdown {
  readonly parts: readonly { readonly unit: Unit; readonly value: number }[];
  /** In how many ms the parts are others; `undefined` when it has ended. */
  readonly changesIn: number | undefined;
}

/**
 * Splits what is left of a lifetime: days and hours, hours and minutes, minutes, and in the last two minutes
 * minutes and seconds. Rounds down, so that nobody counts on time that is not there.
 * @param remaining ms
 */
export function countdown(remaining: number): Countdown {
  if (remaining <= 0) return { parts: [], changesIn: undefined };
  const [unit, size, nextUnit, nextSize] = stepOf(remaining);
  const step = nextSize ?? size;
  const parts = [{ unit, value: Math.floor(remaining / size) }];
  if (nextUnit) parts.push({ unit: nextUnit, value: Math.floor((remaining % size) / step) });
  return { parts, changesIn: Math.min((remaining % step) + 1, remaining) };
}

function stepOf(remaining: number): [unit: Unit, size: number, nextUnit?: Unit, nextSize?: number] {
  if (remaining >= day) return ['day', day, 'hour', hour];
  if (remaining >= hour) return ['hour', hour, 'minute', minute];
  if (remaining >= 2 * minute) return ['minute', minute];
  if (remaining >= minute) return ['minute', minute, 'second', second];
  return ['second', second];
}

// As wide as a digit in fonts whose digits are all of one width, as those of the workbench are.
const figureSpace = '\u2007';

/**
 * A countdown for the eye: `2d 3h`, `1h 12m`, `47m`, and `1:59` to `0:00` in the last two minutes. Small numbers
 * are padded to two digits, so that the text keeps its width while the larger unit stays.
 * @param format a number with its unit, the number first
 */
export function shortCountdown(
  parts: Countdown['parts'],
  format: (value: number, unit: Unit) => string,
): string {
  const value = (wanted: Unit): number => parts.find(({ unit }) => unit === wanted)?.value ?? 0;
  if (parts.at(-1)?.unit === 'second') return `${value('minute')}:${`${value('second')}`.padStart(2, '0')}`;
  return parts
    .map(({ unit, value: amount }, index) => {
      const isPadded = (index > 0 || unit === 'minute') && amount < 10;
      return (isPadded ? figureSpace : '') + format(amount, unit);
    })
    .join(' ');
}
