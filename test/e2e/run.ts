import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { exitOnSignals } from '../harness/cleanup.ts';
import { findTests } from '../harness/hostBundle.ts';
import { mainVsix } from '../harness/mainVsix.ts';
import { projectFolder } from '../harness/paths.ts';
import { exitCodeOf, type SuiteResult } from '../harness/results.ts';
import { type FileReport, readReport } from './report.ts';

// For two cores: a third lane ends an eighth sooner, and makes windows so slow that they miss what a person does.
const lanes = 2;
// Begun last, they would be waited for alone.
const longest = [
  'renewal.test.ts',
  'windows.test.ts',
  'copies.test.ts',
  'paste.test.ts',
  'tokenHelpers.test.ts',
  'diagnose.test.ts',
  'terminal.test.ts',
  'errors.test.ts',
  'welcome.test.ts',
];

const folder = join(projectFolder, 'test', 'e2e');
const laneProgram = fileURLToPath(new URL('lane.ts', import.meta.url));

/** A VS Code and a browser in a process of their own. */
interface Lane {
  /** Runs a file; rejects when the process ends before the file does. */
  readonly run: (file: string, show: (line: string) => void) => Promise<FileReport>;
  readonly close: () => Promise<void>;
}

function openLane(): Lane {
  const child = spawn(process.execPath, [...process.execArgv, laneProgram], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  // The missing report says it.
  child.stdin.on('error', () => undefined);
  return {
    run: async (file, show) => {
      child.stdin.write(`${join(folder, file)}\n`);
      for (;;) {
        const line = await lines.next();
        if (line.done === true) throw new Error(`The process that ran ${file} ended.`);
        const report = readReport(line.value);
        if (report) return report;
        show(line.value);
      }
    },
    close: async () => {
      child.stdin.end();
      await closed;
    },
  };
}

/** Runs files from a queue until it is empty, each one once. */
async function serve(queue: string[], show: (lines: readonly string[]) => void): Promise<SuiteResult> {
  const total: SuiteResult = { suite: 'e2e', passed: 0, failed: 0, skipped: 0 };
  let lane = openLane();
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const printed: string[] = [];
    try {
      const { result, ms } = await lane.run(file, (line) => printed.push(line));
      for (const how of ['passed', 'failed', 'skipped'] as const) total[how] += result[how];
      const { passed, failed, skipped } = result;
      const seconds = (ms / 1000).toFixed(1);
      show([...printed, `${file}: ${passed} passed, ${failed} failed, ${skipped} skipped, ${seconds} s`]);
    } catch (error) {
      total.failed += 1;
      show([...printed, String(error)]);
      await lane.close();
      lane = openLane();
    }
  }
  await lane.close();
  return total;
}

/** Runs test/e2e, or the files whose names begin with one of the names. */
async function runEndToEnd(names: readonly string[]): Promise<SuiteResult> {
  process.env['AIRISK_VSIX'] = await mainVsix();
  const files = await findTests(folder);
  const rank = (file: string): number => (longest.indexOf(file) + longest.length + 1) % (longest.length + 1);
  const queue = files
    .filter((file) => names.length === 0 || names.some((name) => file.startsWith(name)))
    .toSorted((a, b) => rank(a) - rank(b));
  const show = (lines: readonly string[]): void => console.log(lines.join('\n'));
  const count = Math.min(lanes, queue.length);
  const totals = await Promise.all(Array.from({ length: count }, () => serve(queue, show)));
  const sum = (how: 'passed' | 'failed' | 'skipped'): number =>
    totals.reduce((so, { [how]: more }) => so + more, 0);
  return { suite: 'e2e', passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

exitOnSignals();
try {
  const result = await runEndToEnd(process.argv.slice(2));
  console.log(`e2e: ${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped`);
  process.exitCode = exitCodeOf(result);
} catch (error) {
  console.error('e2e:', error);
  process.exitCode = 1;
}
