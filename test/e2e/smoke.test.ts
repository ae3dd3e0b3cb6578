import assert from 'node:assert/strict';

import { stageOf } from '../harness/stage.ts';
import { evaluateInHost, openWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { notifications } from '../harness/workbench/notifications.ts';
import { listCommands, runCommand } from '../harness/workbench/palette.ts';
import { screenshot } from '../harness/workbench/screenshot.ts';
import { executeCommand } from './support/host.ts';

describe('the workbench in a browser', () => {
  let window: WorkbenchWindow;

  before(async function () {
    window = await openWindow(stageOf(this));
  });

  after(async () => {
    await window.context.close();
  });

  it('has the extension active', async () => {
    const found = await evaluateInHost(
      window,
      (api, id) => api.extensions.getExtension(id)?.isActive,
      'airisk.airisk-authentication',
    );
    assert.equal(found, true);
  });

  it('offers the commands in the palette', async () => {
    const titles = await listCommands(window.page, 'AIRisk');
    assert.ok(
      titles.some((title) => title.startsWith('AIRisk: ')),
      `the palette has only ${titles.join(', ')}`,
    );
  });

  it('runs a command from the palette', async () => {
    await runCommand(window.page, 'View: Toggle Primary Side Bar Visibility');
    await window.page.locator('.part.sidebar').waitFor({ state: 'hidden' });
    await screenshot(window.page, 'smoke');
  });

  it('has every message, though VS Code shows no toast for one after many', async () => {
    const messages = Array.from({ length: 6 }, (_, index) => `message ${index} of six`);
    await evaluateInHost(
      window,
      (api, texts) => {
        for (const text of texts) void api.window.showInformationMessage(text, 'Answer');
      },
      messages,
    );
    await notifications(window.page).waitFor(messages.at(0) ?? '');
    // As VS Code does after ten seconds.
    await executeCommand(window, 'notifications.hideToasts');
    for (const text of messages) {
      assert.equal(await notifications(window.page).waitFor(text), text);
      assert.deepEqual(await notifications(window.page).buttons(text), ['Answer']);
    }
    await screenshot(window.page, 'notifications');
  });
});
