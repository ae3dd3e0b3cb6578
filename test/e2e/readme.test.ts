import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { type Emulator, startEmulator } from '../emulator/emulator.ts';
import { guidClient, seedUsers, withGuids } from '../emulator/seed.ts';
import { outputPath, projectFolder } from '../harness/paths.ts';
import { type Stage, stageOf } from '../harness/stage.ts';
import { openWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { runCommand } from '../harness/workbench/palette.ts';
import { type QuickInput, quickInput } from '../harness/workbench/quickInput.ts';
import { screenshot } from '../harness/workbench/screenshot.ts';
import { hoverStatusBar, sessionsTooltip, statusBarItem } from '../harness/workbench/statusBar.ts';
import { changeSettings, clientSecret, executeCommand, signInForTests } from './support/host.ts';
import { openSetUp } from './support/setUp.ts';

const size = { width: 900, height: 560 };

// Each picture is a part of the window, so that everything can be read at the width of a README.
const statusBar = { x: 350, y: 360, width: 550, height: 200 };

// As AIRisk names them.
const users = withGuids(seedUsers);
const [ada, grace] = users;
assert.ok(ada && grace);

describe('what the README shows', function () {
  // Each step stands on the one before.
  this.bail(true);

  let stage: Stage;
  let liveEmulator: Emulator;
  let window: WorkbenchWindow;
  let page: Page;
  let picker: QuickInput;

  const isTime = /^[^/]*\d:\d\d[^/]*$/;
  /** What can be read in each picture, without what is another each time. */
  const texts: Record<string, string[]> = {};
  const read = async (name: string, part: Locator): Promise<void> => {
    const lines = (await part.innerText()).split(/[\n\t]+/).map((line) => line.trim());
    const isTold = (line: string): boolean => /[a-z]{2}/i.test(line) || isTime.test(line);
    texts[name] = lines.filter(isTold).map((line) =>
      line
        .replace(isTime, 'a time')
        .replace(/stable-\w+/, 'stable')
        .replaceAll(/\d+/g, '0'),
    );
  };
  const keepPicker = async (name: string): Promise<void> => {
    await read(name, picker.widget);
    const box = await picker.widget.boundingBox();
    assert.ok(box);
    const { x, y, width, height } = box;
    await screenshot(page, name, { x: x - 12, y: 0, width: width + 24, height: y + height + 12 });
  };

  before(async function () {
    stage = stageOf(this);
    await stage.emulator.client.reset();
    const context = await stage.browser.newContext({ viewport: size, deviceScaleFactor: 2 });
    window = await openWindow(stage, { context });
    page = window.page;
    picker = quickInput(page);
    await stage.emulator.client.setOptions({ users });
    liveEmulator = await startEmulator({ host: '127.0.0.2' });
    await changeSettings(window, { clientId: guidClient.client_id });
    await executeCommand(window, 'workbench.action.closeSidebar');
    await signInForTests(window);
  });
  after(async () => {
    await window.context.close();
    await liveEmulator.close();
  });

  it('is the set-up', async () => {
    await openSetUp(window);
    for (const step of ['Address of your AIRisk deployment', 'Client ID', 'Client secret']) {
      await picker.waitForMessage(step);
      await picker.accept();
    }
    await picker.widget.getByText('Receive it on a local port').waitFor();
    await keepPicker('readme-set-up');
    await picker.cancel();
  });

  it('is the list of users', async () => {
    await stage.emulator.client.setOptions({ tokenLifetimeSeconds: 48 * 60 - 1 });
    await signInForTests(window, '');
    await signInForTests(window, grace.id);
    await stage.emulator.client.setOptions({ tokenLifetimeSeconds: 60 * 60 - 1 });
    await signInForTests(window, ada.id);
    await executeCommand(window, 'airisk.switchAccount', { userid: ada.id });
    await statusBarItem(page, 'session').filter({ hasText: ada.name }).waitFor();
    await runCommand(page, 'AIRisk: Sign In as User');
    await picker.widget.locator('.quick-input-list-separator:visible', { hasText: 'All users' }).waitFor();
    await keepPicker('readme-user-picker');
    await picker.cancel();
  });

  it('is the list of accounts', async () => {
    await runCommand(page, 'AIRisk: Show Accounts');
    await picker.widget.locator('.monaco-list-row', { hasText: grace.name }).waitFor();
    await keepPicker('readme-accounts');
    await picker.cancel();
  });

  it('is the status bar with its tooltip', async () => {
    const hover = sessionsTooltip(page);
    await hoverStatusBar(page, 'session', hover);
    await read('readme-status-bar', hover);
    await screenshot(page, 'readme-status-bar', statusBar);
  });

  it('is a second deployment, marked as production, and the window that uses it', async () => {
    await page.mouse.move(10, 300);
    const live = { baseUrl: liveEmulator.origin, clientId: 'abc123', production: true };
    await changeSettings(window, { deployments: { live } });
    // Less than an hour, which would be shown as one.
    await liveEmulator.client.setOptions({ tokenLifetimeSeconds: 60 * 60 - 1 });
    for (const userid of ['', 'user_42']) await signInForTests(window, userid, clientSecret, 'live');
    await runCommand(page, 'AIRisk: Switch Deployment');
    await picker.widget.locator('.monaco-list-row', { hasText: 'Signed in: 2' }).waitFor();
    await keepPicker('readme-deployments');
    await picker.pick('live (production)');
    const shown = statusBarItem(page, 'session').filter({ hasText: 'live (production): Ada Lovelace' });
    await shown.waitFor();
    await executeCommand(window, 'notifications.clearAll');
    const box = await shown.boundingBox();
    assert.ok(box);
    await screenshot(page, 'readme-production', { ...box, x: box.x - 12, width: box.width + 12 });
  });

  it('is what its pictures say', async () => {
    const found = `${JSON.stringify(texts, undefined, 2)}\n`;
    await writeFile(await outputPath('screenshots', 'texts.json'), found);
    // They are being taken anew.
    if (process.env['AIRISK_SCREENSHOTS'] === 'keep') return;
    const kept = await readFile(join(projectFolder, 'media', 'screenshots', 'texts.json'), 'utf8');
    assert.equal(found, kept, 'The pictures are out of date: run npm run screenshots.');
  });
});
