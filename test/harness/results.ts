import { readFile } from 'node:fs/promises';

import * as z from 'zod/mini';

/** Counts as JSON. */
export const suiteResult = z.object({
  suite: z.string(),
  passed: z.number(),
  failed: z.number(),
  skipped: z.number(),
});

/** How many tests of a suite ended how. */
export type SuiteResult = z.infer<typeof suiteResult>;

/** Reads what a suite in another process wrote; throws an error where it wrote nothing. */
export async function readResult(file: string): Promise<SuiteResult> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Error('The suite ended before it had a result.', { cause });
  });
  return suiteResult.parse(JSON.parse(text));
}

/** The exit code for a result: success means that some test ran and none failed. */
export function exitCodeOf(result: SuiteResult): number {
  return result.failed === 0 && result.passed > 0 ? 0 : 1;
}
