import * as z from 'zod/mini';

import { suiteResult } from '../harness/results.ts';

const fileReport = z.object({ result: suiteResult, ms: z.number() });

/** How a file went in a lane: its counts, and the ms that it took with the clearing up behind it. */
export type FileReport = z.infer<typeof fileReport>;

// Tells a report from what the tests print.
const mark = 'lane| ';

/** A report as the line that a lane prints. */
export function reportLine(report: FileReport): string {
  return mark + JSON.stringify(report);
}

/** The report in a line that a lane has printed; `undefined` for any other line. */
export function readReport(line: string): FileReport | undefined {
  return line.startsWith(mark) ? fileReport.parse(JSON.parse(line.slice(mark.length))) : undefined;
}
