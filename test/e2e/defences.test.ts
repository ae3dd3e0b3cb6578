import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Emulator, startEmulator } from '../emulator/emulator.ts';
import { type Stage, stageOf, windowFolder } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { evaluateInHost, openWindow, reloadWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { notifications } from '../harness/workbench/notifications.ts';
import { quickInput } from '../harness/workbench/quickInput.ts';
import { screenshot } from '../harness/workbench/screenshot.ts';
import {
  changeSettings,
  clearNotifications,
  signInForTests,
  startCommand,
  startSignIn,
} from './support/host.ts';
import { getSessionAs, pickUser } from './support/session.ts';
import { holdRedirect, openUris, signedInAs } from './support/tabs.ts';
import { filesIn } from './support/written.ts';

describe('an attacker', function () {
  let stage: Stage;
  let window: WorkbenchWindow;
  /** An AIRisk that nobody has chosen. */
  let stranger: Emulator;

  before(async function () {
    stage = stageOf(this);
    await stage.emulator.client.reset();
    const { clients, redirectMatch } = await stage.emulator.client.options();
    stranger = await startEmulator({ host: '127.0.0.2', clients, redirectMatch });
    window = await openWindow(stage);
  });
  beforeEach(() => stage.emulator.client.reset());
  afterEach(async () => {
    await changeSettings(window, { baseUrl: stage.emulator.origin, clientId: 'abc123' });
    await evaluateInHost(window, (api) => api.commands.executeCommand('airisk.signOutAll'));
    await clearNotifications(window);
  });
  after(async () => {
    await window.context.close();
    await stranger.close();
  });

  const accounts = (): Promise<readonly unknown[]> =>
    evaluateInHost(window, (api) => api.authentication.getAccounts('airisk'));
  const links = () => window.page.locator('.notification-list-item-message a');

  it('starts nothing with a callback that nobody waits for', async () => {
    await signInForTests(window);
    const ignored = async (): Promise<number> =>
      (await stage.server.logs()).split('Ignored a redirect nobody waits for').length - 1;
    const before = await ignored();
    const queries = ['code=stolen&state=guessed', 'code=stolen', 'error=access_denied&state=guessed'];
    const others = ['code=a&code=b&state=guessed', 'state=&code=a'];
    await openUris(window, '/callback', [...queries, ...others]);
    await until(async () => (await ignored()) >= before + queries.length);
    assert.deepEqual(await stage.emulator.client.requests(), []);
    assert.deepEqual(await accounts(), []);
    assert.deepEqual(await notifications(window.page).texts(), []);
    const relayed = (await filesIn(stage.server.userDataDir)).filter(({ where }) =>
      where.includes('/redirects/'),
    );
    assert.deepEqual(relayed, []);
  });

  it('gets no code by naming itself in a callback', async () => {
    await signInForTests(window);
    const held = holdRedirect(window.context);
    await startSignIn(window, 'user_42');
    const callback = new URL(await held);
    for (const [name, value] of Object.entries({
      iss: stranger.origin,
      origin: stranger.origin,
      baseUrl: stranger.origin,
      redirect_uri: `${stranger.origin}/callback`,
      token_endpoint: `${stranger.origin}/api/oauth2/Token`,
      client_id: 'reporting-tool',
    })) {
      callback.searchParams.set(name, value);
    }
    const tab = await window.context.newPage();
    await tab.goto(callback.href);
    await notifications(window.page).waitFor(signedInAs('user_42'));
    await tab.close();
    assert.deepEqual(await stranger.client.requests(), []);
    const [token, ...others] = (await stage.emulator.client.requests()).filter(
      ({ method }) => method === 'POST',
    );
    assert.deepEqual(others, []);
    assert.equal(token?.body['client_id'], 'abc123');
    assert.ok(!JSON.stringify(token).includes(stranger.origin));
  });

  it('gets no link into a message with the words of an error', async () => {
    // What VS Code makes of such words in a message as it is.
    await evaluateInHost(window, (api) => void api.window.showInformationMessage('[here](command:noop)'));
    await links().waitFor();
    await clearNotifications(window);
    await signInForTests(window);
    await stage.emulator.client.inject({
      endpoint: 'authorize',
      kind: 'errorRedirect',
      times: 0,
      errorDescription:
        'Go [here](command:workbench.action.closeWindow)\u202e or \u0007[there](https://evil.example)\n<b>',
    });
    await startSignIn(window, 'user_42');
    const message = await notifications(window.page).waitFor('rejected the sign-in:');
    await screenshot(window.page, 'defence-error-text');
    assert.equal(await links().count(), 0);
    assert.ok(
      message.includes('[here] (command:workbench.action.closeWindow) or [there] (https://evil.example) <b>'),
      message,
    );
  });

  it('gets no link into a message or an account with a userid', async () => {
    const id = '[me](command:workbench.action.closeWindow)';
    await stage.emulator.client.setOptions({ users: [{ id, name: 'Mallory' }] });
    await signInForTests(window);
    await startSignIn(window, id);
    await notifications(window.page).waitFor('userid is not valid');
    assert.equal(await links().count(), 0);
    assert.deepEqual(await stage.emulator.client.requests(), []);
    assert.deepEqual(await accounts(), []);
  });

  it('gets no secret by redirecting the token request', async () => {
    await signInForTests(window);
    await stage.emulator.client.inject({ endpoint: 'token', kind: 'redirect', origin: stranger.origin });
    await startSignIn(window, 'user_42');
    const message = await notifications(window.page).waitFor('AIRisk has moved to');
    await screenshot(window.page, 'defence-moved');
    await notifications(window.page).click(message, `Use ${stranger.origin}`);
    const baseUrl = (): Promise<unknown> =>
      evaluateInHost(window, (api) => api.workspace.getConfiguration('airisk').get<unknown>('baseUrl'));
    await until(async () => (await baseUrl()) === stranger.origin);
    assert.deepEqual(await stranger.client.requests(), []);
  });

  it('gets nothing by another airisk.baseUrl before the user has set it up', async () => {
    for (const userid of ['', 'user_42']) await signInForTests(window, userid);
    assert.equal((await accounts()).length, 2);
    await changeSettings(window, { baseUrl: stranger.origin });
    assert.deepEqual(await accounts(), []);
    assert.equal(await getSessionAs(window, 'one', ['userid:user_42'], { silent: true }), null);
    await startCommand(window, 'airisk.renew', { userid: 'user_42' });
    const input = quickInput(window.page);
    await input.waitForMessage(`sent only to ${stranger.origin}`);
    assert.equal(await input.value(), '');
    // With a secret at hand it would offer to keep that one.
    assert.equal(await input.placeholder(), '');
    await screenshot(window.page, 'defence-other-origin');
    await input.cancel();
    assert.deepEqual(await stranger.client.requests(), []);
    await changeSettings(window, { baseUrl: stage.emulator.origin });
    assert.equal((await accounts()).length, 2);
  });

  it('gets no token by becoming the deployment while the list of users is open', async () => {
    await signInForTests(window, '');
    await changeSettings(window, { baseUrl: stranger.origin });
    await signInForTests(window, '');
    await changeSettings(window, { baseUrl: stage.emulator.origin });
    for (const { client } of [stage.emulator, stranger]) await client.clearRequests();
    await stage.emulator.client.inject({ endpoint: 'users', kind: '500' });
    await startCommand(window, 'airisk.signInAsUser');
    const input = quickInput(window.page);
    await input.widget.getByText('AIRisk has a server problem').waitFor();
    await changeSettings(window, { baseUrl: stranger.origin });
    // The list stays that of the deployment for which it was opened, and a sign-in there ends with a word.
    await input.pick('Load users again');
    await pickUser(window, 'Ada Lovelace');
    await notifications(window.page).waitFor('The AIRisk settings have changed in the meantime.');
    const lists = async ({ client }: Emulator): Promise<string[]> =>
      (await client.requests())
        .filter(({ path }) => path.includes('ListUsers'))
        .map(({ authorization }) => authorization);
    assert.deepEqual(await lists(stage.emulator), ['generic', 'generic']);
    assert.deepEqual(await stranger.client.requests(), []);
  });

  it('changes no setting of AIRisk by those of a folder', async () => {
    const folder = windowFolder(stage, basename(window.rpcFile, '.json'));
    await mkdir(join(folder, '.vscode'));
    const settings = {
      'airisk.baseUrl': stranger.origin,
      'airisk.redirectUri': `${stranger.origin}/callback`,
      'airisk.clientId': 'reporting-tool',
      'editor.tabSize': 3,
    };
    await writeFile(join(folder, '.vscode', 'settings.json'), JSON.stringify(settings));
    await reloadWindow(window);
    const tabSize = (): Promise<unknown> =>
      evaluateInHost(
        window,
        (api) => api.workspace.getConfiguration('editor').inspect('tabSize')?.workspaceValue,
      );
    // The settings of the folder are in force.
    await until(async () => (await tabSize()) === 3);
    await signInForTests(window, 'user_42');
    assert.equal((await accounts()).length, 1);
    assert.deepEqual(await stranger.client.requests(), []);
    await rm(join(folder, '.vscode'), { recursive: true });
  });

  it('changes no setting of AIRisk by those of a remote machine', async () => {
    const folder = join(stage.server.userDataDir, 'Machine');
    const tabSizeIs = async (size: number): Promise<void> => {
      const read = (): Promise<number | undefined> =>
        evaluateInHost(window, (api) => api.workspace.getConfiguration('editor').get<number>('tabSize'));
      await until(async () => (await read()) === size);
    };
    await mkdir(folder, { recursive: true });
    const settings = { 'airisk.baseUrl': stranger.origin, 'editor.tabSize': 7 };
    await writeFile(join(folder, 'settings.json'), JSON.stringify(settings));
    try {
      await reloadWindow(window);
      await tabSizeIs(7);
      await signInForTests(window, 'user_42');
      assert.equal((await accounts()).length, 1);
      assert.deepEqual(await stranger.client.requests(), []);
    } finally {
      await writeFile(join(folder, 'settings.json'), '{}');
      await tabSizeIs(4);
    }
  });
});
