import type { RunReport } from './faultRun.ts';

/** A table of how often each fault was met and how the sign-ins under it ended. */
export function outcomeTable(runs: readonly RunReport[]): string {
  const rows = new Map<string, Map<string, number>>();
  const count = (name: string, outcome: string): void => {
    const row = rows.get(name) ?? new Map<string, number>();
    rows.set(name, row.set(outcome, (row.get(outcome) ?? 0) + 1));
  };
  for (const { faults, outcomes } of runs) {
    for (const outcome of outcomes) for (const name of [...faults, 'all']) count(name, outcome);
  }
  const width = Math.max(...[...rows.keys()].map((name) => name.length));
  return [...rows]
    .toSorted(([a], [b]) => Number(a === 'all') - Number(b === 'all') || a.localeCompare(b))
    .map(([name, row]) => `${name.padEnd(width)}  ${cells(row)}`)
    .join('\n');
}

function cells(row: ReadonlyMap<string, number>): string {
  return [...row]
    .toSorted(([, a], [, b]) => b - a)
    .map(([outcome, times]) => `${outcome} ${times}`)
    .join(', ');
}
