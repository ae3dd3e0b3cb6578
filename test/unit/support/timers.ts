import { setImmediate as turn } from 'node:timers/promises';

/** How many timers keep this process alive. */
export async function activeTimers(): Promise<number> {
  // Mocha's own timer starts only after a test has returned its promise.
  await turn();
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}
