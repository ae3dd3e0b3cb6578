import assert from 'node:assert/strict';
import { stageOf } from '../harness/stage.ts';
import { evaluateInHost, openWindow, reloadWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { dialog } from '../harness/workbench/dialog.ts';
import { runCommand } from '../harness/workbench/palette.ts';
import { screenshot } from '../harness/workbench/screenshot.ts';
import { signInForTests } from './support/host.ts';
import { getSessionAs } from './support/session.ts';
import { grant } from './support/tabs.ts';

const message = 'AIRisk cannot read its own files. Reload the window or reinstall the extension.';

/** Gives a file of the extension another name. */
const rename = (window: WorkbenchWindow, from: string, to: string): Promise<unknown> =>
  evaluateInHost(
    window,
    async (api, [before, after]) => {
      const folder = api.extensions.getExtension('airisk.airisk-authentication')?.extensionUri;
      if (!folder) throw new Error('The extension is not installed.');
      const file = (name: string) => api.Uri.joinPath(folder, 'dist', name);
      await api.workspace.fs.rename(file(before), file(after));
    },
    [from, to] as const,
  );

describe('an installation that has lost the file for what people do', function () {
  this.bail(true);
  this.timeout(90_000);

  let window: WorkbenchWindow;

  before(async function () {
    const stage = stageOf(this);
    await stage.emulator.client.reset();
    window = await openWindow(stage);
    await signInForTests(window);
    await signInForTests(window, 'user_42');
    await rename(window, 'actions.cjs', 'gone.cjs');
    await reloadWindow(window);
  });
  after(async () => {
    await rename(window, 'gone.cjs', 'actions.cjs');
    await window.context.close();
  });

  it('still gives the sessions that are stored', async () => {
    assert.ok(await grant(window, 'user_42'));
    const session = await getSessionAs(window, 'one', ['userid:user_42'], { silent: true });
    assert.match(session?.account.label ?? '', /^user_42 /);
  });

  it('says to the person what to do', async () => {
    await runCommand(window.page, 'AIRisk: Sign In');
    const box = dialog(window.page);
    assert.match(await box.text(), new RegExp(message));
    await screenshot(window.page, 'own-files');
    await box.click('OK');
  });

  it('says it to an extension that asks for a session', async () => {
    const asked = getSessionAs(window, 'one', ['userid:user_7'], { createIfNone: true });
    const rejected = assert.rejects(asked, (error: Error) => error.message.includes(message));
    await dialog(window.page).click('Allow');
    await rejected;
  });
});
