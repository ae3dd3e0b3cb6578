/** Says what is measured next, and for how many seconds the run has been going. */
export function progress(what: string): void {
  console.error(`bench: ${Math.round(performance.now() / 1_000)} s: ${what}`);
}
