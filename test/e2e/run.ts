import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import Mocha from 'mocha';

import { exitOnSignals } from '../harness/cleanup.ts';
import { findTests } from '../harness/hostBundle.ts';
import { mainVsix } from '../harness/mainVsix.ts';
import { outputPath, projectFolder } from '../harness/paths.ts';
import { exitCodeOf, readResult, type SuiteResult, writeResult } from '../harness/results.ts';
import { type Stage, startStage } from '../harness/stage.ts';
import { runMocha } from '../harness/suite.ts';
import { screenshot } from '../harness/workbench/screenshot.ts';

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
    forbidOnly: true,
    ...(grep === undefined || grep === '' ? {} : { grep }),
  });
  mocha.addFile(file);
  await mocha.loadFilesAsync();
  mocha.suite.ctx.stage = stage;
  pictureFailures(mocha, stage);
  return runMocha(mocha, 'e2e');
}

/** Runs one file in a VS Code of its own: hosts of closed windows live on for hours, and so do their timers. */
async function runOnStage(file: string): Promise<SuiteResult> {
  const stage = await startStage();
  try {
    return await runFile(file, stage);
  } finally {
    await stage.close();
  }
}

// More only wait for one another: a VS Code and its browser keep a core busy.
const lanes = 2;
// Waits for tokens to expire most of its time: begun last, it would be waited for alone.
const longest = 'renewal.test.ts';
const suite = process.env['AIRISK_SUITE'] ?? 'e2e';

/** Runs a file in a process of its own: there a module is loaded anew. Shows what it prints at its end. */
async function runApart(file: string): Promise<SuiteResult> {
  const name = `e2e-${file}`;
  const child = spawn(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), file], {
    env: { ...process.env, AIRISK_SUITE: name },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = await Promise.all([text(child.stdout), once(child, 'close')]);
  process.stdout.write(output);
  return readResult(await outputPath('results', `${name}.json`));
}

const none = (): SuiteResult => ({ suite, passed: 0, failed: 0, skipped: 0 });

function add(total: SuiteResult, { passed, failed, skipped }: SuiteResult): void {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}

/** Runs all of test/e2e, some files beside one another. */
async function runAll(files: readonly string[]): Promise<SuiteResult> {
  const total = none();
  const again: string[] = [];
  const waiting = files.toSorted((a, b) => Number(b === longest) - Number(a === longest));
  const lane = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      let result = await runApart(file);
      // Toasts and hovers that VS Code drops now and then fail a file once; what is broken fails it again.
      if (result.failed > 0) {
        console.log(`e2e: ${file} failed and runs once more`);
        again.push(file);
        result = await runApart(file);
      }
      add(total, result);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (again.length > 0) console.log(`e2e: run twice: ${again.join(', ')}`);
  return total;
}

/** Runs files one after the other, here. */
async function runThese(files: readonly string[], folder: string): Promise<SuiteResult> {
  const total = none();
  for (const file of files) {
    add(total, await runOnStage(join(folder, file)));
  }
  return total;
}

/** Runs test/e2e, or the files named as arguments. */
async function runEndToEnd(names: readonly string[]): Promise<SuiteResult> {
  const folder = join(projectFolder, 'test', 'e2e');
  const files = await findTests(folder);
  process.env['AIRISK_VSIX'] = await mainVsix();
  if (names.length === 0) return runAll(files);
  return runThese(
    files.filter((file) => names.some((name) => file.startsWith(name))),
    folder,
  );
}

exitOnSignals();
await rm(join(projectFolder, '.test-output', 'results', `${suite}.json`), { force: true });
try {
  const result = await runEndToEnd(process.argv.slice(2));
  await writeResult(result);
  console.log(`${suite}: ${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped`);
  process.exitCode = exitCodeOf(result);
} catch (error) {
  console.error('e2e:', error);
  process.exitCode = 1;
}
