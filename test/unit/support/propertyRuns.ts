const override = Number(process.env['AIRISK_PROPERTY_RUNS']);

/** How often a property runs: `full` times, or as often as the environment says for every property alike. */
export function runs(full: number): { numRuns: number } {
  return { numRuns: override > 0 ? override : full };
}
