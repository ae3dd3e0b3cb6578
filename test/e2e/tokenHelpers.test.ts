import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { type Stage, stageOf } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import {
  evaluateInHost,
  keptState,
  openWindow,
  reloadWindow,
  type WorkbenchWindow,
} from '../harness/workbench.ts';
import { dialog } from '../harness/workbench/dialog.ts';
import { notifications } from '../harness/workbench/notifications.ts';
import { runCommand } from '../harness/workbench/palette.ts';
import { quickInput } from '../harness/workbench/quickInput.ts';
import { changeSettings, clearNotifications, signInForTests } from './support/host.ts';
import { screenshotThemes } from './support/themes.ts';

/** The clipboard of the page, which the tests' types know nothing of. */
declare const navigator: {
  clipboard: { readText(): Promise<string>; writeText(text: string): Promise<void> };
};

/** Until when the extension's state, as VS Code has kept it, remembers a copied token: epoch ms, 0 for not at all. */
async function keptUntil(page: Page): Promise<number> {
  const { clipboard }: { clipboard?: { at: number } } = JSON.parse(
    (await keptState(page, 'airisk.airisk-authentication')) || '{}',
  );
  return clipboard?.at ?? 0;
}

describe('the token helpers', function () {
  this.bail(true);

  let stage: Stage;
  let window: WorkbenchWindow;
  const clipboard = (): Promise<string> => window.page.evaluate(() => navigator.clipboard.readText());
  const clipboardIs = (wanted: RegExp): Promise<void> => until(async () => wanted.test(await clipboard()));
  const ask = (token: string, path = '/api/GetConversations'): Promise<Response> =>
    fetch(stage.emulator.origin + path, { headers: { authorization: `Bearer ${token}` } });
  /** The document in front: its address, language, text and whether it can be written. */
  const document = () =>
    evaluateInHost(window, (api) => {
      const found = api.window.activeTextEditor?.document;
      return found && { uri: found.uri.toString(), languageId: found.languageId, text: found.getText() };
    });

  before(async function () {
    stage = stageOf(this);
    await stage.emulator.client.reset();
    window = await openWindow(stage);
    await window.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await signInForTests(window, 'user_42');
  });
  after(async () => {
    await changeSettings(window, { renewal: undefined });
    await window.context.close();
  });

  /** Whoever copies a token hears that clearing it does not take it out of everything that keeps it. */
  const inHistory = /is on the clipboard for one minute\. A clipboard history may keep it longer\.$/;

  /** Answers the question whether to hand a token out. */
  const confirm = (button: 'Copy' | 'Show' | 'Cancel'): Promise<void> => dialog(window.page).click(button);

  /** Copies a user's token as another extension would have it copied, with the person's consent. */
  async function copyToken(userid: string): Promise<void> {
    const copying = evaluateInHost(
      window,
      (api, argument) => api.commands.executeCommand('airisk.copyAccessToken', argument),
      { userid },
    );
    await confirm('Copy');
    await copying;
  }

  it('hand no token to another extension unseen', async () => {
    await evaluateInHost(window, (api) => api.env.clipboard.writeText('nothing'));
    for (const command of ['airisk.copyAccessToken', 'airisk.showTokenDetails']) {
      for (const argument of [{ userid: 'user_42' }, { userid: 'user_42', ticket: '' }, undefined]) {
        const running = evaluateInHost(
          window,
          (api, [name, target]) => api.commands.executeCommand(name, target ?? undefined),
          [command, argument] as const,
        );
        assert.match(await dialog(window.page).text(), /user_42.*Other extensions can run this/s);
        await confirm('Cancel');
        await running;
      }
    }
    assert.equal(await clipboard(), 'nothing');
    assert.ok(!(await document()));
    const opened = await evaluateInHost(window, async (api) => {
      const addresses = ['airisk-token:/user_42.jsonc?user_42', 'airisk-token:/user_42.jsonc'];
      const documents = addresses.map((one) => api.workspace.openTextDocument(api.Uri.parse(one)));
      return (await Promise.all(documents)).map((one) => one.getText());
    });
    for (const text of opened) assert.match(text, /^\/\/ There is no token to show\./);
  });

  it('copy the token, and clear the clipboard when asked', async () => {
    await runCommand(window.page, 'AIRisk: Copy Access Token');
    await confirm('Copy');
    const message = 'The access token for user_42';
    assert.match(await notifications(window.page).waitFor(message), inHistory);
    const token = await clipboard();
    assert.equal((await ask(token)).status, 200);
    await screenshotThemes(window, 'token-copied');
    await notifications(window.page).click(message, 'Clear Clipboard');
    await clipboardIs(/^$/);
    await notifications(window.page).waitFor('Clipboard cleared.');
    await clearNotifications(window);
  });

  it('leave alone what was copied after the token', async () => {
    await runCommand(window.page, 'AIRisk: Copy Access Token');
    await confirm('Copy');
    const message = 'The access token for user_42';
    await notifications(window.page).waitFor(message);
    await window.page.evaluate(() => navigator.clipboard.writeText('something else'));
    await notifications(window.page).click(message, 'Clear Clipboard');
    await runCommand(window.page, 'AIRisk: Show Accounts');
    await quickInput(window.page).cancel();
    assert.equal(await clipboard(), 'something else');
  });

  it('ask for the account where there are several, and take it as an argument', async () => {
    await signInForTests(window, '');
    await runCommand(window.page, 'AIRisk: Copy Access Token');
    await quickInput(window.page).pick('Application');
    await confirm('Copy');
    await notifications(window.page).waitFor('The access token for Application');
    const token = await clipboard();
    assert.equal((await ask(token, '/api/Users/ListUsers')).status, 200);
    await copyToken('user_42');
    assert.equal((await ask(await clipboard())).status, 200);
    // No more than three toasts are shown at a time.
    await clearNotifications(window);
    await evaluateInHost(window, (api) =>
      api.commands.executeCommand('airisk.copyAccessToken', { userid: 42 }),
    );
    await notifications(window.page).waitFor('The value of userid is not valid');
    await clearNotifications(window);
  });

  it('copy a request that a shell can run as it is', async () => {
    const picker = quickInput(window.page);
    const where = (): Promise<void> => picker.waitForPlaceholder('Select where to paste it');
    await runCommand(window.page, 'AIRisk: Copy Request As…');
    await picker.pick('Ada Lovelace');
    await picker.pick('/api/GetConversations');
    await where();
    await screenshotThemes(window, 'copy-request');
    await picker.type('written out');
    await picker.pick('bash');
    await confirm('Copy');
    const copied = /The request with the access token for .+ is on the clipboard/;
    assert.match(await notifications(window.page).waitFor(copied), inHistory);
    const line = await clipboard();
    assert.match(line, /^curl --header 'Authorization: Bearer [\w.-]+' 'http:\S+\/api\/GetConversations'$/);
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', `${line} --silent`]);
    assert.ok(Array.isArray(JSON.parse(stdout)));
    await runCommand(window.page, 'AIRisk: Copy Request As…');
    await picker.pick('Application');
    await where();
    await picker.type('Asks airisk-token');
    await picker.pick('PowerShell');
    await clipboardIs(/^Invoke-RestMethod .*ListUsers'.*airisk-token --generic/);
    await clearNotifications(window);
  });

  it('show what a token says, without its signature', async () => {
    await copyToken('user_42');
    const [head = '', body = '', signature = ''] = (await clipboard()).split('.');
    await clearNotifications(window);
    await runCommand(window.page, 'AIRisk: Show Token Details');
    await quickInput(window.page).pick('Ada Lovelace');
    await confirm('Show');
    await window.page.locator('.tab', { hasText: 'Ada Lovelace.jsonc' }).waitFor();
    await until(async () => (await document())?.text.includes('"userid": "user_42"') === true);
    const shown = await document();
    assert.match(shown?.text ?? '', /Expires: .*202\d.*left\)/);
    assert.equal(shown?.languageId, 'jsonc');
    for (const secret of [head, body, signature]) {
      assert.ok(secret.length > 10);
      assert.ok(!shown?.text.includes(secret) && !shown?.uri.includes(secret));
    }
    await screenshotThemes(window, 'token-details');
    await window.page.locator('.monaco-editor').first().click();
    await window.page.keyboard.type('x');
    assert.equal((await document())?.text, shown?.text);
    // What an open document shows to every extension leads to no other account's, and is nothing that a command takes
    // for a call of our own.
    const other = await evaluateInHost(
      window,
      async (api, address) => (await api.workspace.openTextDocument(api.Uri.parse(address))).getText(),
      (shown?.uri ?? '').replaceAll('user_42', ''),
    );
    assert.doesNotMatch(other, /Access token for Application/);
    const [ticket] = decodeURIComponent(decodeURIComponent(shown?.uri.split('?')[1] ?? '')).split(' ');
    const copying = evaluateInHost(
      window,
      (api, argument) => api.commands.executeCommand('airisk.copyAccessToken', argument),
      { userid: 'user_42', ticket },
    );
    await confirm('Cancel');
    await copying;
  });

  it('show the next token when it is renewed, and an opaque one too', async () => {
    await stage.emulator.client.setOptions({ opaqueTokens: true });
    await evaluateInHost(window, (api) => api.commands.executeCommand('airisk.renew', { userid: 'user_42' }));
    await window.page.locator('.view-line', { hasText: 'opaque' }).waitFor();
    await screenshotThemes(window, 'token-details-opaque');
    await evaluateInHost(window, (api) =>
      api.commands.executeCommand('airisk.signOut', { userid: 'user_42' }),
    );
    await window.page.locator('.view-line', { hasText: 'There is no token to show' }).waitFor();
  });

  it('name the tab as the user is named', async () => {
    const userid = '../jörg/東 京%2F?#';
    const { client } = stage.emulator;
    const { users } = await client.options();
    await client.setOptions({
      users: [...users, { id: userid, name: '../Jörg/東 京%2F?#' }],
      opaqueTokens: false,
    });
    await signInForTests(window, userid);
    const showing = evaluateInHost(
      window,
      (api, argument) => api.commands.executeCommand('airisk.showTokenDetails', argument),
      { userid },
    );
    await confirm('Show');
    await showing;
    await window.page.locator('.tab', { hasText: '.._Jörg_東 京%2F?#.jsonc' }).waitFor();
    const shown = await document();
    assert.ok(shown?.text.includes(JSON.stringify(userid)), shown?.text);
    await evaluateInHost(
      window,
      async (api, argument) => {
        await api.commands.executeCommand('workbench.action.closeActiveEditor');
        await api.commands.executeCommand('airisk.signOut', argument);
      },
      { userid },
    );
    await clearNotifications(window);
  });

  it('offer to renew a token that has expired', async () => {
    await stage.emulator.client.setOptions({ tokenLifetimeSeconds: 1 });
    await changeSettings(window, { renewal: 'off' });
    await signInForTests(window, 'user_7');
    await window.page.locator('.statusbar-item', { hasText: 'Application' }).waitFor();
    await stage.emulator.client.setOptions({ tokenLifetimeSeconds: 3600 });
    const message = 'The AIRisk token for Grace Hopper (user_7)';
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await evaluateInHost(window, (api) =>
      api.commands.executeCommand('airisk.copyAccessToken', { userid: 'user_7' }),
    );
    await notifications(window.page).waitFor(message);
    await notifications(window.page).click(message, 'Renew');
    await notifications(window.page).waitFor('Renewed the AIRisk token for Grace Hopper (user_7).');
    const began = Date.now();
    await copyToken('user_7');
    assert.equal((await ask(await clipboard())).status, 200);
    // The next test loads the window again, and VS Code keeps a state some 100 ms after it was set.
    await until(async () => (await keptUntil(window.page)) >= began + 60_000);
  });

  it('clear the clipboard by themselves after a minute, also where the window was loaded again', async function () {
    await reloadWindow(window);
    assert.notEqual(await clipboard(), '');
    await clipboardIs(/^$/);
  });
});
