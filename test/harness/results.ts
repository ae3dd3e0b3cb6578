import { readFile, writeFile } from 'node:fs/promises';

import * as z from 'zod/mini';

import { outputPath } from './paths.ts';

const suiteResult = z.object({
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

/** Writes a suite's counts for whoever gathers them. */
export async function writeResult(result: SuiteResult): Promise<void> {
  await writeFile(await outputPath('results', `${result.suite}.json`), JSON.stringify(result));
}

/** The exit code for a result: success means that some test ran and none failed. */
export function exitCodeOf(result: SuiteResult): number {
  return result.failed === 0 && result.passed > 0 ? 0 : 1;
}
