import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { windowSize } from '../harness/browser.ts';
import { projectFolder } from '../harness/paths.ts';
import { type Stage, stageOf } from '../harness/stage.ts';
import { openWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { notifications } from '../harness/workbench/notifications.ts';
import { searchPalette } from '../harness/workbench/palette.ts';
import { screenshot } from '../harness/workbench/screenshot.ts';
import { statusBarItem, statusBarLabel } from '../harness/workbench/statusBar.ts';
import { executeCommand, signInForTests } from './support/host.ts';

const Words = z.record(z.string(), z.string());

async function wordsOf(file: string): Promise<(key: string) => string> {
  const words = Words.parse(JSON.parse(await readFile(join(projectFolder, file), 'utf8')));
  return (key) => {
    const word = words[key];
    assert.ok(word, key);
    return word;
  };
}

describe('a VS Code in another language', () => {
  let stage: Stage;

  /** A window whose display language is the given one: what a language pack tells the browser, without its texts. */
  const openWindowIn = async (language: string): Promise<WorkbenchWindow> => {
    const context = await stage.browser.newContext({ viewport: windowSize });
    await context.addInitScript((name) => {
      Object.assign(globalThis, { _VSCODE_NLS_LANGUAGE: name });
    }, language);
    return openWindow(stage, { context });
  };

  before(async function () {
    stage = stageOf(this);
    await stage.emulator.client.reset();
  });

  for (const language of ['de', 'es', 'fr', 'ja', 'zh-cn']) {
    it(`shows everything in ${language}`, async () => {
      const said = await wordsOf(`l10n/bundle.l10n.${language}.json`);
      const named = await wordsOf(`package.nls.${language}.json`);
      const window = await openWindowIn(language);
      await signInForTests(window);
      const item = statusBarItem(window.page, 'session');
      await item.filter({ hasText: said('Sign in to AIRisk') }).waitFor();
      await stage.emulator.client.setOptions({ tokenLifetimeSeconds: 100_000 });
      await signInForTests(window, 'user_42');
      await item.filter({ hasText: 'user_42' }).waitFor();
      const format = (value: number, unit: string, unitDisplay: 'narrow' | 'long'): string =>
        new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay }).format(value);
      await item.filter({ hasText: format(1, 'day', 'narrow') }).waitFor();
      assert.ok((await statusBarLabel(window.page, 'session')).includes(format(1, 'day', 'long')));
      const picker = await searchPalette(window.page, 'AIRisk: Show Accounts');
      await picker.widget.getByText(`AIRisk: ${named('command.showAccounts.title')}`).waitFor();
      await picker.accept();
      await picker.widget.getByText(said('Sign In as User…')).waitFor();
      await screenshot(window.page, `language-${language}`);
      await picker.cancel();
      await executeCommand(window, 'airisk.signOut', { userid: 'user_42' });
      const [before = ''] = said('Signed out of {0}.').split('{0}');
      await notifications(window.page).waitFor(before || 'user_42');
      await window.context.close();
    });
  }
});
