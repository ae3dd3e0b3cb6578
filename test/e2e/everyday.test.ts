import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Stage, stageOf, windowFolder } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { evaluateInHost, openWindow, reloadWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { dialog } from '../harness/workbench/dialog.ts';
import { notifications } from '../harness/workbench/notifications.ts';
import { runCommand } from '../harness/workbench/palette.ts';
import { quickInput } from '../harness/workbench/quickInput.ts';
import { statusBarItem } from '../harness/workbench/statusBar.ts';
import { changeSettings, executeCommand, startSignIn } from './support/host.ts';
import { getSessionAs, signInAsUser } from './support/session.ts';
import { accountsOf, holdRedirect } from './support/tabs.ts';
import { screenshotThemes } from './support/themes.ts';
import { completeSetUp } from './support/setUp.ts';

// What everybody does, once and quickly: the run on the oldest VS Code consists of this and of the host suite.
describe('every day', function () {
  this.bail(true);

  let stage: Stage;
  let window: WorkbenchWindow;
  const silent = { silent: true };
  const token = async (asking = window): Promise<string | undefined> =>
    (await getSessionAs(asking, 'one', ['userid:user_42'], silent))?.accessToken;
  const shown = (userid: string): Promise<void> =>
    statusBarItem(window.page, 'session').filter({ hasText: userid }).waitFor();

  before(async function () {
    stage = stageOf(this);
    window = await openWindow(stage);
  });

  it('begins with the set-up', async () => {
    await completeSetUp(window);
  });

  it('signs in as a user from the list, and counts the minutes', async () => {
    await runCommand(window.page, 'AIRisk: Sign In');
    await quickInput(window.page).pick('As the application');
    await notifications(window.page).waitFor('Signed in to AIRisk as Application');
    await signInAsUser(window, 'Ada Lovelace');
    await notifications(window.page).waitFor('Signed in to AIRisk as');
    await shown('Ada Lovelace');
    await screenshotThemes(window, 'everyday');
  });

  it('lets an extension have the session, once the user has agreed', async () => {
    const asked = getSessionAs(window, 'one', ['userid:user_42'], { createIfNone: true });
    await dialog(window.page).click('Allow');
    await quickInput(window.page).pick(/user_42/);
    assert.ok((await asked)?.accessToken);
  });

  it('renews the token', async () => {
    const before = await token();
    await executeCommand(window, 'airisk.renew', { userid: 'user_42' });
    const after = await token();
    assert.ok(after);
    assert.notEqual(after, before);
  });

  it('keeps the session when the window is loaded again', async () => {
    const before = await token();
    await reloadWindow(window);
    await shown('Ada Lovelace');
    assert.equal(await token(), before);
  });

  it('takes a redirect that is pasted', async () => {
    const byHand = 'https://localhost/callback';
    const { clients } = await stage.emulator.client.options();
    await stage.emulator.client.setOptions({
      clients: clients.map((client) => ({
        ...client,
        redirect_uri: `${client.redirect_uri},${byHand}`,
      })),
    });
    await changeSettings(window, { redirectUri: byHand });
    const tab = window.page.waitForEvent('popup');
    const [address] = await Promise.all([holdRedirect(window.context), startSignIn(window, 'user_7')]);
    await (await tab).close();
    await window.page.bringToFront();
    await quickInput(window.page).type(address);
    await quickInput(window.page).accept();
    await until(async () => (await accountsOf(window)).includes('user_7'));
    await changeSettings(window, { redirectUri: undefined });
  });

  it('shares what is signed in with another window, and what is signed out', async () => {
    const other = await openWindow(stage, { context: window.context });
    await until(async () => (await accountsOf(other)).includes('user_7'));
    await executeCommand(other, 'airisk.signOut', { userid: 'user_7' });
    await until(async () => !(await accountsOf(window)).includes('user_7'));
    assert.ok(await token(other));
    await other.page.close();
    await window.page.bringToFront();
  });

  it('finds nothing wrong', async () => {
    await runCommand(window.page, 'AIRisk: Diagnose');
    await notifications(window.page).waitFor('AIRisk: all checks passed.');
  });

  it('has a terminal', async () => {
    const file = join(windowFolder(stage, 'terminal'), '..', 'typed.txt');
    await evaluateInHost(
      window,
      (api, path) => {
        const terminal = api.window.createTerminal({ shellPath: '/bin/sh' });
        terminal.sendText(`echo $((6 * 7)) > '${path}'`);
      },
      file,
    );
    await until(async () => (await readFile(file, 'utf8').catch(() => '')) === '42\n');
  });
});
