import assert from 'node:assert/strict';
import { resetStage, type Stage, stageOf } from '../harness/stage.ts';
import { writeSettings } from '../harness/settings.ts';
import { evaluateInHost, openWindow, reloadWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { notifications } from '../harness/workbench/notifications.ts';
import { runCommand, searchPalette } from '../harness/workbench/palette.ts';
import { quickInput } from '../harness/workbench/quickInput.ts';
import { screenshotThemes } from './support/themes.ts';

const welcome = 'AIRisk is ready.';

describe('the welcome', function () {
  // Each step stands on the one before.
  this.bail(true);

  let stage: Stage;
  let window: WorkbenchWindow;

  /** The toasts, once the extension has read all that it reads after its start, and said what it says then. */
  const toasts = async (): Promise<string[]> => {
    await runCommand(window.page, 'AIRisk: Show Accounts');
    const picker = quickInput(window.page);
    await picker.rows();
    await picker.cancel();
    await evaluateInHost(window, (api) => {
      void api.window.showInformationMessage('the last message');
    });
    await notifications(window.page).waitFor('the last message');
    return notifications(window.page).texts();
  };
  const openUnconfigured = async (): Promise<void> => {
    await writeSettings(stage.server.userDataDir, {});
    window = await openWindow(stage);
  };

  before(async function () {
    stage = stageOf(this);
    await stage.emulator.client.reset();
  });
  after(async () => {
    await resetStage(stage);
    await window.context.close();
  });

  it('is shown where nothing is set up, and asks AIRisk for nothing', async () => {
    await openUnconfigured();
    await notifications(window.page).waitFor(welcome);
    assert.deepEqual(await notifications(window.page).buttons(welcome), ['Set Up', 'Get Started']);
    await screenshotThemes(window, 'welcome');
    assert.deepEqual(await stage.emulator.client.requests(), []);
  });

  it('leads to commands that are first in the palette for whoever types their names', async () => {
    for (const title of ['AIRisk: Set Up', 'AIRisk: Sign In']) {
      const palette = await searchPalette(window.page, title);
      const named = window.page.locator('.label-name', { hasText: new RegExp(`^${title}$`) });
      await palette.widget.locator('.monaco-list-row.focused').filter({ has: named }).waitFor();
      await palette.cancel();
    }
  });

  it('is not shown again, though nobody answered it', async () => {
    await reloadWindow(window);
    assert.deepEqual(await toasts(), ['the last message']);
    await window.context.close();
  });

  it('leads to the walkthrough', async () => {
    await openUnconfigured();
    await notifications(window.page).click(welcome, 'Get Started');
    await window.page
      .locator('.gettingStartedContainer h2', { hasText: 'Get started with AIRisk' })
      .waitFor();
    // In a narrow editor VS Code leaves the pictures out.
    await evaluateInHost(window, (api) => api.commands.executeCommand('workbench.action.closeSidebar'));
    const picture = window.page.locator('.getting-started-media img');
    await picture.waitFor();
    const width = `document.querySelector('.getting-started-media img').naturalWidth`;
    await window.page.waitForFunction(`${width} > 0`);
    await screenshotThemes(window, 'walkthrough');
    await window.context.close();
  });

  it('leads to the set-up', async () => {
    await openUnconfigured();
    await notifications(window.page).click(welcome, 'Set Up');
    await quickInput(window.page).waitForMessage('Address of your AIRisk deployment');
    await window.context.close();
  });

  it('is not shown where a deployment is set up, nor when that is taken away', async () => {
    await resetStage(stage);
    window = await openWindow(stage);
    assert.deepEqual(await toasts(), ['the last message']);
    await writeSettings(stage.server.userDataDir, {});
    await reloadWindow(window);
    assert.deepEqual(await toasts(), ['the last message']);
  });
});
