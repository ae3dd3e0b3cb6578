import { EventEmitter, once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import type { Browser } from 'playwright-core';

import { openBrowser, openWorkbench } from './browser.ts';
import { type Cleanup, createCleanup } from './cleanup.ts';
import { type CodeServer, startCodeServer } from './codeServer.ts';
import { startHostEmulator } from './emulator.ts';
import { freePort } from './ports.ts';
import { buildFixture } from './fixtures.ts';
import { suiteOutput } from './hostConsole.ts';
import { bundleHostSuite, type HostBundle } from './hostBundle.ts';
import { deploymentSettings, mainVsix } from './mainVsix.ts';
import { keepPageLog } from './pageLog.ts';
import { outputPath } from './paths.ts';
import { attendPopups } from './popups.ts';
import { prepareVsCode } from './prepare.ts';
import { readResult, type SuiteResult } from './results.ts';

const patience = Number(process.env['AIRISK_HOST_TIMEOUT_MINUTES'] ?? '10') * 60_000;

/** What a suite in the host finds in its environment. */
export function suiteEnvironment(emulator: string, resultFile: string): Record<string, string> {
  return {
    AIRISK_EMULATOR: emulator,
    AIRISK_RESULTS: resultFile,
    AIRISK_COLOR: process.stdout.isTTY ? '1' : '0',
    AIRISK_GREP: process.env['AIRISK_GREP'] ?? '',
  };
}

/** Opens the window in which the suite runs, and waits for the code that VS Code ends the suite with. */
async function runInWindow(browser: Browser, server: CodeServer, bundle: HostBundle): Promise<number> {
  const context = await browser.newContext();
  const remote = (path: string): string => `vscode-remote://${new URL(server.origin).host}${path}`;
  const exit = new EventEmitter();
  const exited = once(exit, 'exit');
  const page = await openWorkbench(context, server, {
    payload: [
      ['extensionDevelopmentPath', remote(bundle.extensionFolder)],
      ['extensionTestsPath', remote(`${bundle.suiteFolder}/index.js`)],
    ],
    beforeLoad: async (opened) => {
      await keepPageLog(opened, 'host-page');
      attendPopups(opened);
      await opened.exposeFunction('codeAutomationLog', (_type: string, values: unknown[]) => {
        const text = suiteOutput(values);
        if (text !== undefined) console.log(text);
      });
      await opened.exposeFunction('codeAutomationExit', (code: number) => exit.emit('exit', code));
    },
  });
  const timeout = new AbortController();
  try {
    return await Promise.race([
      exited.then(([code]) => Number(code)),
      delay(patience, undefined, { signal: timeout.signal }).then(() => {
        throw new Error(`the suite did not end in ${patience / 60_000} minutes`);
      }),
    ]);
  } finally {
    timeout.abort();
    await page.close();
  }
}

async function runIn(cleanup: Cleanup, resultFile: string): Promise<SuiteResult> {
  const [vscode, vsix, bundle, port, ...unpacked] = await Promise.all([
    prepareVsCode(),
    mainVsix(),
    bundleHostSuite(),
    freePort(),
    buildFixture('consumer-one'),
    buildFixture('consumer-two'),
  ]);
  const emulator = await startHostEmulator(vscode, port);
  cleanup.add(() => emulator.close());
  const server = await startCodeServer({
    vscode,
    port,
    vsix: [vsix],
    unpacked,
    smokeTestDriver: true,
    trustedOrigins: [emulator.origin],
    settings: deploymentSettings(emulator.origin),
    env: suiteEnvironment(emulator.origin, resultFile),
  });
  cleanup.add(server.stop);
  cleanup.add(async () => writeFile(await outputPath('logs', 'host-server.log'), await server.logs()));
  const browser = await openBrowser({ executablePath: vscode.chromium });
  cleanup.add(() => browser.close());
  const code = await runInWindow(browser, server, bundle);
  const result = await readResult(resultFile);
  if (code !== 0 && result.failed === 0) throw new Error(`VS Code ended the suite with ${code}`);
  return result;
}

/** Runs test/host/suite inside a browser-hosted VS Code against the emulator. */
export async function runHostSuite(): Promise<SuiteResult> {
  const resultFile = await outputPath('results', 'host.json');
  await rm(resultFile, { force: true });
  const cleanup = createCleanup();
  try {
    return await runIn(cleanup, resultFile);
  } finally {
    await cleanup.run();
  }
}
