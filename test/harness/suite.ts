import { writeFile } from 'node:fs/promises';

import Mocha from 'mocha';

import { markedConsole } from './hostConsole.ts';
import type { SuiteResult } from './results.ts';

/**
 * Runs mocha to its end and counts.
 * @param failed is called with the full title of what has failed, before any hook tidies up behind it
 */
export async function runMocha(
  mocha: Mocha,
  suite: string,
  failed?: (title: string) => void,
): Promise<SuiteResult> {
  const stats = await new Promise<Mocha.Stats | undefined>((resolve) => {
    const runner: Mocha.Runner = mocha.run(() => {
      resolve(runner.stats);
    });
    if (failed) runner.on(Mocha.Runner.constants.EVENT_TEST_FAIL, (test) => failed(test.fullTitle()));
  });
  return { suite, passed: stats?.passes ?? 0, failed: stats?.failures ?? 1, skipped: stats?.pending ?? 0 };
}

/**
 * Runs test files inside the extension host. Their output goes to the console, which VS Code hands on, and the
 * counts to the file that AIRISK_RESULTS names. Rejects when a test failed, which is how VS Code is told.
 */
export async function runInHost(files: Readonly<Record<string, () => Promise<unknown>>>): Promise<void> {
  globalThis.console = markedConsole(console);
  Mocha.reporters.Base.consoleLog = console.log;
  const grep = process.env['AIRISK_GREP'];
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 30_000,
    color: process.env['AIRISK_COLOR'] === '1',
    forbidOnly: true,
    ...(grep === undefined || grep === '' ? {} : { grep }),
  });
  for (const [name, load] of Object.entries(files)) {
    mocha.suite.emit(Mocha.Suite.constants.EVENT_FILE_PRE_REQUIRE, globalThis, name, mocha);
    await load();
  }
  const result = await runMocha(mocha, 'host');
  const file = process.env['AIRISK_RESULTS'];
  if (file !== undefined) await writeFile(file, JSON.stringify(result));
  if (result.failed > 0) throw new Error(`${result.failed} of the tests in the host failed`);
}
