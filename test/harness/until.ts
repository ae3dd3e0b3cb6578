import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits until a condition holds. Without one it gives up after five minutes: the test's own time limit has ended the
 * test by then, and nothing may go on behind its back.
 */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 300_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('What was waited for did not come.');
    await delay(100);
  }
}

/** Whether a step succeeds, and no error when it does not: for what is tried until it does. */
export function succeeds(step: Promise<unknown>): Promise<boolean> {
  return step.then(
    () => true,
    () => false,
  );
}
