import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { FaultInput } from '../emulator/faultSchema.ts';
import { outputPath } from '../vscode/paths.ts';
import { type Stage, stageOf } from '../vscode/stage.ts';
import { evaluateInHost, openWindow, type WorkbenchWindow } from '../vscode/workbench.ts';
import { dialog } from '../vscode/workbench/dialog.ts';
import { notifications } from '../vscode/workbench/notifications.ts';
import { quickInput } from '../vscode/workbench/quickInput.ts';
import { changeSettings, clearNotifications, signInForTests, startSignIn } from './support/host.ts';
import { getSessionAs } from './support/session.ts';
import { until } from './support/tabs.ts';
import { filesIn, findSecrets, keptBy, noteShown, shownBy, type Written } from './support/written.ts';

const clientSecret = 'marked-client-secret-5b1f';
const wrongSecret = 'marked-wrong-secret-77d0';

// The head of every token of the emulator, and the shape of every one of its codes, plain and escaped.
const tokenShape = /eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9\./;
const sign = '(?:[\\w+/]|%2[BF])';
const codeShape = new RegExp(`${sign}{8}(?:\\+|%2B)${sign}{8}(?:/|%2F)${sign}{6}(?:==|%3D%3D)`);

const failures: readonly (readonly [FaultInput, RegExp])[] = [
  [{ endpoint: 'authorize', kind: '502' }, /a server problem/],
  [{ endpoint: 'authorize', kind: 'errorRedirect', times: 0 }, /rejected the sign-in:/],
  [{ endpoint: 'authorize', kind: 'wrongCode', times: 0 }, /rejected the code/],
  [{ endpoint: 'authorize', kind: 'wrongState', times: 0 }, /did not return in time/],
  [{ endpoint: 'token', kind: 'drop', processed: true }, /cannot be reached/],
  [{ endpoint: 'token', kind: 'wrongContentType' }, /unexpected response/],
  [{ endpoint: 'token', kind: 'hugeBody' }, /unexpected response/],
  [{ endpoint: 'token', kind: 'missingExpiration' }, /unexpected response/],
  [{ endpoint: 'token', kind: 'pastExpiration' }, /is already expired/],
];

describe('what is written while every flow runs with marked secrets', function () {
  this.timeout(120_000);
  this.bail(true);

  let stage: Stage;
  let window: WorkbenchWindow;
  /** Each secret that was in play, and what it is. */
  const secrets = new Map([
    [clientSecret, 'the client secret'],
    [wrongSecret, 'the wrong client secret'],
  ]);
  const documents: Written[] = [];

  const noteRequests = async (): Promise<void> => {
    for (const { query, body } of await stage.emulator.client.requests()) {
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
  const waitFor = (text: string | RegExp): Promise<string> => notifications(window.page).waitFor(text);

  before(async function () {
    stage = stageOf(this);
    await stage.emulator.client.reset();
    window = await openWindow(stage);
    await noteShown(window.page);
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
      await waitFor(`Signed in to AIRisk as ${userid || 'abc123'}`);
    }
    const answer = getSessionAs(window, 'one', ['userid:user_42'], { createIfNone: true });
    await dialog(window.page).click('Allow');
    await quickInput(window.page).pick(/user_42/);
    secrets.set((await answer)?.accessToken ?? assert.fail('no session'), 'a token');
    await run('airisk.renew', { userid: 'user_42' });
    await waitFor('AIRisk token renewed.');
    const renewed = await getSessionAs(window, 'one', ['userid:user_42'], { silent: true });
    secrets.set(renewed?.accessToken ?? assert.fail('no session'), 'a renewed token');
    await run('airisk.showAccounts');
    await quickInput(window.page).labels();
    await quickInput(window.page).cancel();
  });

  it('diagnoses', async () => {
    await run('airisk.diagnose');
    const open = (): Promise<string[]> =>
      evaluateInHost(window, (api) => api.workspace.textDocuments.map((document) => document.getText()));
    await until(async () => (await open()).some((text) => text.includes(stage.emulator.origin)));
    const texts = await open();
    documents.push({ where: 'an open document', text: texts.join('\n') });
    if (await quickInput(window.page).widget.isVisible()) await quickInput(window.page).cancel();
  });

  it('runs sign-ins that fail in every way', async () => {
    await changeSettings(window, { signInTimeoutMinutes: 0.05 });
    await run('airisk.signOutAll');
    await waitFor(/Signed out of/);
    for (const [fault, message] of failures) {
      await markClient();
      await clearNotifications(window);
      await stage.emulator.client.inject(fault);
      await startSignIn(window, 'user_7');
      await waitFor(message);
    }
    await markClient();
    await clearNotifications(window);
    await signInForTests(window, undefined, wrongSecret);
    await startSignIn(window, 'user_7');
    await waitFor('rejected the client ID or client secret');
    await noteRequests();
  });

  it('finds none of them in any file, log, message, or in the page', async () => {
    const kinds = new Set(secrets.values());
    for (const kind of ['a state', 'a code', 'a token', 'a renewed token']) assert.ok(kinds.has(kind), kind);
    const pageLog = await outputPath('logs', `e2e-${basename(window.rpcFile, '.json')}.log`);
    const root = dirname(stage.server.userDataDir);
    const written: Written[] = [
      ...(await filesIn(root)),
      ...documents,
      { where: "the page's console", text: await readFile(pageLog, 'utf8') },
      await shownBy(window.page),
      ...(await keptBy(window.page)),
    ];
    // Else the search would have looked in the wrong places.
    const places = (text: string | RegExp): Written[] =>
      written.filter((one) => (typeof text === 'string' ? one.text.includes(text) : text.test(one.text)));
    assert.ok(places('Signing in to http://127.0.0.2').some(({ where }) => where.endsWith('.log')));
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
