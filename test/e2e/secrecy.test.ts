import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { type Emulator, startEmulator } from '../emulator/emulator.ts';
import type { FaultInput } from '../emulator/faultSchema.ts';
import { freePort } from '../harness/ports.ts';
import { outputPath } from '../harness/paths.ts';
import { type Stage, stageOf } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { evaluateInHost, openWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { dialog } from '../harness/workbench/dialog.ts';
import { notifications } from '../harness/workbench/notifications.ts';
import { quickInput } from '../harness/workbench/quickInput.ts';
import { changeSettings, clearNotifications, signInForTests, startSignIn } from './support/host.ts';
import { breakKeyring } from './support/keyring.ts';
import { getSessionAs } from './support/session.ts';
import { accountsOf, deliverTo, holdRedirect, nextAddresses, register, signedInAs } from './support/tabs.ts';
import { filesIn, findSecrets, keptBy, noteShown, shownBy, type Written } from './support/written.ts';

const clientSecret = 'marked-client-secret-5b1f';
const wrongSecret = 'marked-wrong-secret-77d0';
const strangersSecret = 'marked-strangers-secret-c93e';
const byHand = 'https://localhost/callback';

// The head of every token of the emulator, and the shape of every one of its codes, plain and escaped.
const tokenShape = /eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9\./;
const sign = '(?:[\\w+/]|%2[BF])';
const codeShape = new RegExp(`${sign}{8}(?:\\+|%2B)${sign}{8}(?:/|%2F)${sign}{6}(?:==|%3D%3D)`);

const failures: readonly (readonly [FaultInput, RegExp])[] = [
  [{ endpoint: 'authorize', kind: '502' }, /a server problem/],
  [{ endpoint: 'authorize', kind: 'errorRedirect', times: 0 }, /rejected the sign-in:/],
  [{ endpoint: 'authorize', kind: 'wrongCode', times: 0 }, /rejected the code/],
  [{ endpoint: 'authorize', kind: 'wrongState', times: 0 }, /did not return in time/],
  [{ endpoint: 'authorize', kind: 'quotes' }, /rejected the sign-in request: Cannot process •••/],
  [{ endpoint: 'token', kind: 'quotes' }, /rejected the token request: Cannot process ••• •••/],
  [{ endpoint: 'token', kind: 'drop', processed: true }, /cannot be reached/],
  [{ endpoint: 'token', kind: 'wrongContentType' }, /Something other than AIRisk responded/],
  [{ endpoint: 'token', kind: 'hugeBody' }, /is longer than any of AIRisk/],
  [{ endpoint: 'token', kind: 'missingExpiration' }, /Something other than AIRisk responded/],
  [{ endpoint: 'token', kind: 'pastExpiration' }, /is already expired/],
];

describe('what is written while every flow runs with marked secrets', function () {
  this.bail(true);

  let stage: Stage;
  let window: WorkbenchWindow;
  /** Each secret that was in play, and what it is. */
  const secrets = new Map([
    [clientSecret, 'the client secret'],
    [wrongSecret, 'the wrong client secret'],
    [strangersSecret, "another deployment's client secret"],
  ]);
  const documents: Written[] = [];

  const noteRequests = async ({ client }: Emulator = stage.emulator): Promise<void> => {
    for (const { query, body } of await client.requests()) {
      if (query['state'] !== undefined) secrets.set(query['state'], 'a state');
      if (body['code'] !== undefined) secrets.set(body['code'], 'a code');
    }
  };
  const markClient = async (): Promise<void> => {
    await noteRequests();
    await stage.emulator.client.reset();
    const { clients } = await stage.emulator.client.options();
    const marked = clients.map((client) => ({ ...client, client_secret: clientSecret }));
    await stage.emulator.client.setOptions({ clients: marked });
  };
  const run = (command: string, argument?: unknown): Promise<unknown> =>
    evaluateInHost(
      window,
      (api, call) => {
        void api.commands.executeCommand(call.command, ...(call.argument === null ? [] : [call.argument]));
      },
      { command, argument: argument ?? null },
    );
  // Not the toast: VS Code shows none after two in a short time.
  const signedIn = (userid: string): Promise<void> =>
    until(async () => (await accountsOf(window)).includes(userid));
  /** The redirect that a sign-in gets, which its tab does not follow. */
  const held = async (signIn: () => Promise<void>): Promise<string> => {
    const tab = window.page.waitForEvent('popup');
    const [address] = await Promise.all([holdRedirect(window.context), signIn()]);
    await (await tab).close();
    await window.page.bringToFront();
    return address;
  };
  const consoleOf = async ({ rpcFile }: WorkbenchWindow): Promise<Written> => {
    const log = await outputPath('logs', `e2e-${basename(rpcFile, '.json')}.log`);
    return { where: "the page's console", text: await readFile(log, 'utf8') };
  };
  const waitFor = (text: string | RegExp): Promise<string> => notifications(window.page).waitFor(text);

  before(async function () {
    stage = stageOf(this);
    await stage.emulator.client.reset();
    window = await openWindow(stage);
    await noteShown(window.page);
    await window.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await markClient();
  });
  after(async () => {
    await changeSettings(window, { signInTimeoutMinutes: undefined });
    await window.context.close();
    await stage.emulator.client.reset();
  });

  it('runs a client secret that is typed, sign-ins, a consumer and a renewal', async () => {
    await run('airisk.setClientSecret');
    const input = quickInput(window.page);
    await input.waitForMessage('Client secret');
    await input.type(clientSecret);
    await input.accept();
    await waitFor('Client secret stored.');
    for (const userid of ['', 'user_42']) {
      await startSignIn(window, userid);
      await waitFor(userid === '' ? 'Signed in to AIRisk as Application' : signedInAs(userid));
    }
    const answer = getSessionAs(window, 'one', ['userid:user_42'], { createIfNone: true });
    await dialog(window.page).click('Allow');
    await quickInput(window.page).pick(/user_42/);
    secrets.set((await answer)?.accessToken ?? assert.fail('no session'), 'a token');
    await run('airisk.renew', { userid: 'user_42' });
    await waitFor('Renewed the AIRisk token for');
    const renewed = await getSessionAs(window, 'one', ['userid:user_42'], { silent: true });
    secrets.set(renewed?.accessToken ?? assert.fail('no session'), 'a renewed token');
    await run('airisk.showAccounts');
    await quickInput(window.page).labels();
    await quickInput(window.page).cancel();
  });

  it('runs codes that come back to a port, by hand, and through another window', async () => {
    await markClient();
    const loopback = `http://127.0.0.1:${await freePort()}/callback`;
    const { clients } = await stage.emulator.client.options();
    const own = clients.find(({ client_id }) => client_id === 'abc123')?.redirect_uri ?? '';
    await register(stage.emulator, own, loopback, byHand);
    await changeSettings(window, { redirectUri: loopback });
    await startSignIn(window, 'user_1001');
    await signedIn('user_1001');

    await changeSettings(window, { redirectUri: byHand });
    const address = await held(() => startSignIn(window, 'user_88'));
    const input = quickInput(window.page);
    await input.type(address.replace(/state=[^&]+/, 'state=another'));
    await input.accept();
    await input.waitForMessage('This address is from another sign-in');
    await input.type(address);
    await input.accept();
    await signedIn('user_88');

    await changeSettings(window, { redirectUri: undefined });
    const two = await openWindow(stage, { context: window.context });
    await noteShown(two.page);
    await nextAddresses(two, 150);
    await window.page.bringToFront();
    const delivery = await deliverTo(two, await held(() => startSignIn(window, 'user_7')));
    await window.page.bringToFront();
    await signedIn('user_7');
    await until(async () => (await stage.server.logs()).includes('Handed a redirect to another window'));
    await delivery.close();
    documents.push({ ...(await shownBy(two.page)), where: 'what the other window showed' });
    documents.push(await consoleOf(two));
    await two.page.close();
  });

  it('runs a renewal that fails, a token that was revoked, and an undo', async () => {
    await markClient();
    await stage.emulator.client.setOptions({ tokenLifetimeSeconds: 5 });
    await signInForTests(window, 'user_42', clientSecret);
    await stage.emulator.client.inject({ endpoint: 'token', kind: '500', times: 0 });
    await until(async () => {
      await getSessionAs(window, 'one', ['userid:user_42'], { silent: true });
      return (await stage.server.logs()).includes('A token was not renewed');
    });
    await markClient();
    await signInForTests(window, '', clientSecret);
    await stage.emulator.client.revoke();
    await run('airisk.signOut', { userid: 'user_1001' });
    await startSignIn(window, 'user_1001');
    await signedIn('user_1001');
    await clearNotifications(window);
    await run('airisk.signOut', { userid: 'user_1001' });
    await waitFor(/Signed out of/);
    await notifications(window.page).click(/Signed out of/, 'Undo');
    await waitFor(/Undid the sign-out of/);
    await signedIn('user_1001');
  });

  it('runs a set-up, and another deployment', async () => {
    await markClient();
    const input = quickInput(window.page);
    const step = (number: number): Promise<void> => input.waitForStep(number, 5);
    await run('airisk.setUp', { deployment: 'default' });
    for (const [index, text] of [stage.emulator.origin, 'abc123', wrongSecret].entries()) {
      await step(index + 1);
      await input.type(text);
      await input.accept();
    }
    await step(4);
    await input.pick('Receive it in this editor');
    await input.waitForMessage('AIRisk rejected the client secret.');
    await input.type(clientSecret);
    await input.accept();
    await step(5);
    await input.cancel();

    const { clients, redirectMatch } = await stage.emulator.client.options();
    const stranger = await startEmulator({ host: '127.0.0.2', clients, redirectMatch });
    try {
      await changeSettings(window, { baseUrl: stranger.origin });
      await assert.rejects(signInForTests(window, 'user_42', strangersSecret), /rejected|invalid_client/);
      await noteRequests(stranger);
    } finally {
      await changeSettings(window, { baseUrl: stage.emulator.origin });
      await stranger.close();
    }
  });

  it('copies tokens, shows one, and removes the client secret', async () => {
    await signInForTests(window, 'user_42', clientSecret);
    await clearNotifications(window);
    const confirmed = async (button: string, command: string): Promise<void> => {
      const running = run(command, { userid: 'user_42' });
      await dialog(window.page).click(button);
      await running;
    };
    await confirmed('Copy', 'airisk.copyAccessToken');
    await waitFor('is on the clipboard');
    await run('airisk.copyAsCurl', { userid: 'user_42' });
    await quickInput(window.page).pick('/api/GetConversations');
    await quickInput(window.page).waitForPlaceholder('Select where to paste it');
    await quickInput(window.page).type('written out');
    await quickInput(window.page).pick('bash');
    await dialog(window.page).click('Copy');
    await waitFor('The request with the access token');
    await evaluateInHost(window, (api) => api.env.clipboard.writeText(''));
    await confirmed('Show', 'airisk.showTokenDetails');
    const details = (): Promise<string | undefined> =>
      evaluateInHost(window, (api) => api.window.activeTextEditor?.document.getText());
    await until(async () => (await details())?.includes('user_42') === true);
    documents.push({ where: 'the details of a token', text: (await details()) ?? '' });
    await run('airisk.removeClientSecret');
    await waitFor(/Client secret for .* removed/);
    await signInForTests(window, undefined, clientSecret);
  });

  it('diagnoses', async () => {
    await run('airisk.diagnose');
    const open = (): Promise<string[]> =>
      evaluateInHost(window, (api) => api.workspace.textDocuments.map((document) => document.getText()));
    await until(async () => (await open()).some((text) => text.includes('# AIRisk diagnosis')));
    const texts = await open();
    documents.push({ where: 'an open document', text: texts.join('\n') });
    if (await quickInput(window.page).widget.isVisible()) await quickInput(window.page).cancel();
  });

  it('runs sign-ins that fail in every way', async () => {
    await run('airisk.signOutAll');
    await waitFor(/Signed out of/);
    for (const [fault, message] of failures) {
      await markClient();
      await clearNotifications(window);
      const waitsInVain = fault.kind === 'wrongState';
      await changeSettings(window, { signInTimeoutMinutes: waitsInVain ? 0.05 : undefined });
      await stage.emulator.client.inject(fault);
      await startSignIn(window, 'user_7');
      await waitFor(message);
    }
    await markClient();
    await clearNotifications(window);
    await breakKeyring(window, { store: 'fails' });
    await startSignIn(window, 'user_7');
    await waitFor('secret storage is not working');
    await clearNotifications(window);
    await run('airisk.setClientSecret');
    const input = quickInput(window.page);
    await input.waitForMessage('Client secret');
    await input.type(clientSecret);
    await input.accept();
    await input.waitForMessage('secret storage is not working');
    await input.cancel();
    await breakKeyring(window);
    await noteRequests();
    await stage.emulator.client.inject({ endpoint: 'users', kind: 'quotes', times: 0 });
    await signInForTests(window, '', clientSecret);
    await run('airisk.signInAsUser');
    await until(async () => (await input.labels()).includes('Load users again'));
    await input.cancel();
    await markClient();
    await clearNotifications(window);
    await signInForTests(window, undefined, wrongSecret);
    await startSignIn(window, 'user_7');
    await waitFor('rejected the client secret');
    await noteRequests();
  });

  it('finds none of them in any file, log, message, or in the page', async () => {
    const kinds = new Set(secrets.values());
    for (const kind of ['a state', 'a code', 'a token', 'a renewed token']) assert.ok(kinds.has(kind), kind);
    const root = dirname(stage.server.userDataDir);
    const written: Written[] = [
      ...(await filesIn(root)),
      ...documents,
      await consoleOf(window),
      await shownBy(window.page),
      ...(await keptBy(window.page)),
    ];
    // Else the search would have looked in the wrong places.
    const places = (text: string | RegExp): Written[] =>
      written.filter((one) => (typeof text === 'string' ? one.text.includes(text) : text.test(one.text)));
    assert.ok(
      places(/Signing in to http:\/\/127\.0\.0\.2:\d+ as \S/).some(({ where }) => where.endsWith('.log')),
    );
    assert.ok(places('rejected the sign-in:').some(({ where }) => where === 'what the window showed'));
    assert.ok(places(stage.emulator.origin).some(({ where }) => where.endsWith('settings.json')));
    assert.ok(places('airisk').some(({ where }) => where === 'IndexedDB'));
    // Else the search would find nothing wherever it looked.
    for (const write of [String, encodeURIComponent]) {
      const text = [...secrets.keys()].map((secret) => write(secret)).join(' ');
      const found = findSecrets([{ where: 'here', text }], secrets, [tokenShape, codeShape]);
      assert.equal(found.length, secrets.size + 2, found.join());
    }
    assert.deepEqual(findSecrets(written, secrets, [tokenShape, codeShape]), []);
  });
});
