const override = Number(process.env['AIRISK_PROPERTY_RUNS']);

/** How often a property runs: `full` times, or as often as the environment says for every property alike. */
export function runs(full: number): { numRuns: number } {
  return { numRuns: override > 0 ? override : full };
}

/** A test of a property. It has no time-out: how long it takes says how busy the computer is, and nothing else. */
export function itHolds(title: string, test: () => void): void {
  it(title, test).timeout(0);
}
