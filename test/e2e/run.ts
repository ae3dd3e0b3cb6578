import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import Mocha from 'mocha';

import { exitOnSignals } from '../vscode/cleanup.ts';
import { findTests } from '../vscode/hostBundle.ts';
import { mainVsix } from '../vscode/mainVsix.ts';
import { projectFolder } from '../vscode/paths.ts';
import { exitCodeOf, type SuiteResult, writeResult } from '../vscode/results.ts';
import { type Stage, startStage } from '../vscode/stage.ts';
import { runMocha } from '../vscode/suite.ts';
import { screenshot } from '../vscode/workbench/screenshot.ts';

/** Keeps a picture of every open window when a test fails. */
function pictureFailures(mocha: Mocha, stage: Stage): void {
  mocha.suite.afterEach(async function () {
    const test = this.currentTest;
    if (test?.state !== 'failed') return;
    const pages = stage.browser.contexts().flatMap((context) => context.pages());
    for (const [index, page] of pages.entries()) {
      await screenshot(page, `failed-${test.fullTitle()}-${index}`).catch(() => undefined);
    }
  });
}

/** Runs one file. Each has a mocha of its own: after a failure anywhere mocha would skip every suite that bails. */
async function runFile(file: string, stage: Stage): Promise<SuiteResult> {
  const grep = process.env['AIRISK_GREP'];
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 60_000,
    forbidOnly: process.env['CI'] !== undefined,
    ...(grep === undefined || grep === '' ? {} : { grep }),
  });
  mocha.addFile(file);
  await mocha.loadFilesAsync();
  mocha.suite.ctx.stage = stage;
  pictureFailures(mocha, stage);
  return runMocha(mocha, 'e2e');
}

/** Runs test/e2e, or the files named as arguments. */
async function runEndToEnd(names: readonly string[]): Promise<SuiteResult> {
  const folder = join(projectFolder, 'test', 'e2e');
  const files = (await findTests(folder)).filter(
    (file) => names.length === 0 || names.some((name) => file.includes(name)),
  );
  process.env['AIRISK_VSIX'] = await mainVsix();
  const total = { suite: 'e2e', passed: 0, failed: 0, skipped: 0 };
  for (const file of files) {
    // A VS Code of its own for each: hosts of closed windows live on for hours, and so do their timers.
    const stage = await startStage();
    try {
      const { passed, failed, skipped } = await runFile(join(folder, file), stage);
      total.passed += passed;
      total.failed += failed;
      total.skipped += skipped;
    } finally {
      await stage.close();
    }
  }
  return total;
}

exitOnSignals();
await rm(join(projectFolder, '.test-output', 'results', 'e2e.json'), { force: true });
try {
  const result = await runEndToEnd(process.argv.slice(2));
  await writeResult(result);
  console.log(`e2e: ${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped`);
  process.exitCode = exitCodeOf(result);
} catch (error) {
  console.error('e2e:', error);
  process.exitCode = 1;
}
