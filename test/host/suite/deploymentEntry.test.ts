import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { watchSettings } from '../../../src/vscode/settings.ts';
import { entryNames, openEntry } from '../../../src/vscode/setUp/deploymentEntry.ts';

const airisk = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('airisk');
const setting = (name: string): unknown => airisk().inspect<unknown>(name)?.globalValue;
const set = async (name: string, value: unknown): Promise<void> =>
  airisk().update(name, value, vscode.ConfigurationTarget.Global);

const a = { baseUrl: 'https://a.example/', clientId: 'one', production: true, userid: 'old-user' };
const b = { baseUrl: 'https://b.example', clientId: 'one' };
const z = { baseUrl: 'https://a.example', clientId: 'two' };

describe('a deployment in the settings', () => {
  const subscriptions: vscode.Disposable[] = [];
  const settings = watchSettings(
    subscriptions,
    (text) => text,
    () => undefined,
  );
  const open = (name: string) => openEntry(settings, new Map(), name);

  beforeEach(() => set('deployments', { a, b, z }));
  after(async () => {
    vscode.Disposable.from(...subscriptions).dispose();
    await set('deployments', undefined);
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('is replaced all at once, without what was said of its old host', async () => {
    const seen: unknown[] = [];
    const watch = vscode.workspace.onDidChangeConfiguration(() => seen.push(setting('deployments')));
    const by = { baseUrl: 'https://new.example', clientId: 'two' };
    await open('a').replace({ ...by, redirectUri: '' });
    watch.dispose();
    assert.deepEqual(seen, [{ a: by, b, z }]);
    assert.deepEqual(settings.problems(), []);
  });

  it('keeps who is offered and the mark when only its client ID is replaced', async () => {
    const by = { baseUrl: 'https://a.example', clientId: 'three', redirectUri: 'https://localhost/callback' };
    await open('a').replace(by);
    assert.deepEqual(setting('deployments'), { a: { ...a, ...by }, b, z });
  });

  it('loses nothing of its own when it is replaced at its origin and was not valid', async () => {
    const invalid = { ...a, redirectUri: 5 };
    await set('deployments', { a: invalid, b, z });
    assert.deepEqual(
      settings.problems().map(({ name }) => name),
      ['a'],
    );
    const by = { baseUrl: 'https://a.example', clientId: 'three', redirectUri: 'https://localhost/callback' };
    await open('a').replace(by);
    assert.deepEqual(setting('deployments'), { a: { ...a, ...by }, b, z });
  });

  it('is marked in the setting beside its address when it is the default one, and leaves nothing when unmarked', async () => {
    const saved = setting('baseUrl');
    await set('baseUrl', 'https://own.example');
    try {
      const inUse = (): unknown => settings.deployments().find(({ name }) => name === 'default')?.production;
      await open('default').write({ production: true });
      assert.deepEqual([setting('production'), inUse()], [true, true]);
      assert.equal(settings.shown()?.name, 'default');
      assert.equal(open('default').read().production, true);
      await open('default').write({ production: false });
      assert.deepEqual([setting('production'), inUse()], [undefined, false]);
    } finally {
      await set('baseUrl', saved);
    }
  });

  it('is what the settings say when it was begun, left, and then written by hand', async () => {
    const drafts = new Map();
    const entry = openEntry(settings, drafts, 'c');
    await openEntry(settings, drafts, 'A').write({ baseUrl: 'https://abandoned.example' });
    await entry.write({ baseUrl: 'https://abandoned.example' });
    assert.equal(entry.read().baseUrl, 'https://abandoned.example');
    const byHand = { baseUrl: 'https://c.example', clientId: 'three' };
    await set('deployments', { a, c: byHand });
    assert.deepEqual(
      entryNames(settings, drafts).filter((name) => name !== 'default'),
      ['a', 'c'],
    );
    assert.equal(entry.read().baseUrl, byHand.baseUrl);
    await entry.write({ production: true });
    assert.deepEqual(setting('deployments'), { a, c: { ...byHand, production: true } });
  });

  it('loses nothing that is entered step by step for one that holds nothing yet', async () => {
    await set('deployments', { a, c: {} });
    await open('c').write({ baseUrl: b.baseUrl });
    await open('c').write({ clientId: b.clientId });
    assert.deepEqual(setting('deployments'), { a, c: b });
  });

  for (const notMap of [[a, b], 'https://a.example']) {
    it(`is not written over a whole that is no map: ${Array.isArray(notMap) ? 'a list' : 'a text'}`, async () => {
      await set('deployments', notMap);
      const refused = { code: 'invalid_setting', subject: 'airisk.deployments' };
      await assert.rejects(open('c').write({ baseUrl: b.baseUrl, clientId: 'three' }), refused);
      await assert.rejects(open('c').replace({ ...b, redirectUri: '' }), refused);
      assert.deepEqual(setting('deployments'), notMap);
    });
  }
});
