const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A lifetime in the units that a glance needs: at most two, the largest first. */
export interface Countdown {
  readonly parts: readonly { readonly unit: 'day' | 'hour' | 'minute' | 'second'; readonly value: number }[];
  /** In how many ms the parts are others; `undefined` when it has ended. */
  readonly changesIn: number | undefined;
}

/**
 * Splits what is left of a lifetime: days and hours, hours and minutes, minutes, and in the last two minutes
 * seconds. Rounds down, so that nobody counts on time that is not there.
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

type Unit = Countdown['parts'][number]['unit'];

function stepOf(remaining: number): [unit: Unit, size: number, nextUnit?: Unit, nextSize?: number] {
  if (remaining >= day) return ['day', day, 'hour', hour];
  if (remaining >= hour) return ['hour', hour, 'minute', minute];
  if (remaining >= 2 * minute) return ['minute', minute];
  return ['second', 1_000];
}
