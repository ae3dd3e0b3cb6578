import { basename } from 'node:path';
import { createInterface } from 'node:readline';

import Mocha from 'mocha';

import { patience } from '../harness/browser.ts';
import { exitOnSignals } from '../harness/cleanup.ts';
import type { SuiteResult } from '../harness/results.ts';
import { clearStage, type Stage, startStage } from '../harness/stage.ts';
import { runMocha } from '../harness/suite.ts';
import { screenshot } from '../harness/workbench/screenshot.ts';
import { type FileReport, reportLine } from './report.ts';

// One VS Code and one browser that serve file after file: the lines of stdin name them, and stdout answers each with
// a report. The end of stdin ends the lane.

/** Keeps a picture of every open window. */
async function picture(stage: Stage, title: string): Promise<void> {
  const pages = stage.browser.contexts().flatMap((context) => context.pages());
  const pictures = pages.map((page, index) => screenshot(page, `failed-${title}-${index}`));
  await Promise.allSettled(pictures);
}

/** Runs one file. Each has a mocha of its own: after a failure anywhere mocha would skip every suite that bails. */
async function runFile(stage: Stage, file: string): Promise<SuiteResult> {
  const grep = process.env['AIRISK_GREP'];
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: patience,
    forbidOnly: true,
    ...(grep === undefined || grep === '' ? {} : { grep }),
  });
  mocha.addFile(file);
  await mocha.loadFilesAsync();
  mocha.suite.ctx.stage = stage;
  const pictures: Promise<void>[] = [];
  // Before the file closes its windows.
  mocha.suite.afterEach(async () => {
    await Promise.all(pictures);
  });
  const result = await runMocha(mocha, 'e2e', (title) => pictures.push(picture(stage, title)));
  await Promise.all(pictures);
  mocha.dispose();
  return result;
}

/** Runs a file and puts the stage back to its beginning; what cannot be put back is a failure of that file. */
async function runOn(stage: Stage, file: string): Promise<FileReport> {
  const started = performance.now();
  const result = await runFile(stage, file);
  const left = await clearStage(stage, basename(file, '.test.ts')).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (left !== undefined) {
    console.log('The file left something behind:', left);
    result.failed += 1;
  }
  return { result, ms: performance.now() - started };
}

exitOnSignals();
let runs = false;
const input = createInterface({ input: process.stdin });
// From here on, so that no line is lost while the stage is set.
const files = input[Symbol.asyncIterator]();
input.once('close', () => {
  // Whoever wanted the file is gone.
  if (runs) process.exit(1);
});
const stage = await startStage();
try {
  for await (const file of { [Symbol.asyncIterator]: () => files }) {
    runs = true;
    const report = await runOn(stage, file);
    runs = false;
    console.log(reportLine(report));
  }
} finally {
  await stage.close();
}
