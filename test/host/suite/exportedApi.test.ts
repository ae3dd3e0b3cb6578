import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { AiriskAuthenticationApi } from '../../../src/api.ts';
import {
  clientId,
  clientSecret,
  connectToEmulator,
  type Emulator,
  startEmulator,
} from '../../emulator/kit/index.ts';
import { signIn } from '../../emulator/kit/vscode.ts';
import { restoreSettings } from '../settings.ts';

const emulator = connectToEmulator(process.env['AIRISK_EMULATOR'] ?? '');

describe('the deployments that other extensions see', function () {
  // Each step stands on the one before.
  this.bail(true);

  const subscriptions: vscode.Disposable[] = [];
  const sessionEvents: string[] = [];
  let airisk: AiriskAuthenticationApi;
  let testEmulator: Emulator;
  /** What listeners saw at each event. */
  let seen: string[] = [];

  const shown = (): string =>
    airisk
      .deployments()
      .map(({ name, origin, inUse, production }) =>
        [name, origin, inUse && 'in use', production && 'production'].filter(Boolean).join(' '),
      )
      .join(', ');
  const set = async (name: string, value: unknown): Promise<void> =>
    vscode.workspace.getConfiguration('airisk').update(name, value, vscode.ConfigurationTarget.Global);
  /** What there is after the one event that something brings; a second one would be seen at the next call. */
  const shownAfter = async (act: () => Thenable<unknown>): Promise<string> => {
    const event = new Promise<void>((resolve) => {
      const listening = airisk.onDidChangeDeployments(() => {
        listening.dispose();
        resolve();
      });
    });
    await act();
    await event;
    assert.deepEqual(seen.splice(0), [shown()]);
    return shown();
  };
  const entry = (more: object = {}) => ({
    baseUrl: testEmulator.origin,
    clientId,
    redirectUri: 'http://127.0.0.1:38431/callback',
    ...more,
  });
  const names = async (): Promise<string[]> =>
    (await airisk.sessions()).map(({ userid, deployment }) => `${userid} at ${deployment}`).toSorted();

  before(async () => {
    await emulator.reset();
    testEmulator = await startEmulator();
    const extension = vscode.extensions.getExtension<AiriskAuthenticationApi>('airisk.airisk-authentication');
    assert.ok(extension);
    airisk = await extension.activate();
    await signIn(emulator.origin, 'user_42');
    subscriptions.push(
      airisk.onDidChangeDeployments(() => seen.push(shown())),
      airisk.onDidChangeSessions(({ added, changed, removed, reason }) =>
        sessionEvents.push(
          ...Object.entries({ added, changed, removed }).flatMap(([kind, sessions]) =>
            sessions.map(({ userid, deployment }) => `${reason}: ${kind} ${userid} at ${deployment}`),
          ),
        ),
      ),
    );
  });
  after(async () => {
    vscode.Disposable.from(...subscriptions).dispose();
    await vscode.commands.executeCommand('airisk.switchDeployment', { deployment: 'default' });
    await set('production', undefined);
    await set('deployments', { test: entry() });
    await vscode.commands.executeCommand('airisk.signOut', { userid: 'user_7', deployment: 'test' });
    await set('deployments', undefined);
    await vscode.commands.executeCommand('airisk.signOut', { userid: 'user_42' });
    await restoreSettings();
    await testEmulator.close();
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('are those of the settings, in use or not, and cannot be changed', () => {
    assert.equal(shown(), `default ${emulator.origin} in use`);
    const list = airisk.deployments();
    assert.ok(Object.isFrozen(list) && list.every((one) => Object.isFrozen(one)));
  });

  it('are told of once when one comes, changes, is marked, gets a different name or goes', async () => {
    const first = `default ${emulator.origin} in use`;
    const at = testEmulator.origin;
    assert.equal(await shownAfter(() => set('deployments', { test: entry() })), `${first}, test ${at}`);
    const other = entry({ baseUrl: 'https://test.aicrisk.com' });
    assert.equal(
      await shownAfter(() => set('deployments', { test: other })),
      `${first}, test https://test.aicrisk.com`,
    );
    const marked = { test: entry({ production: true }) };
    assert.equal(await shownAfter(() => set('deployments', marked)), `${first}, test ${at} production`);
    assert.equal(await shownAfter(() => set('deployments', { staging: entry() })), `${first}, staging ${at}`);
    assert.equal(await shownAfter(() => set('production', true)), `${first} production, staging ${at}`);
    assert.equal(await shownAfter(() => set('deployments', undefined)), `${first} production`);
    assert.equal(await shownAfter(() => set('production', undefined)), first);
  });

  it('are not told of when nothing of them has changed', async () => {
    await set('expiryWarningMinutes', 6);
    await set('deployments', { 'not valid': {} });
    await set('expiryWarningMinutes', undefined);
    await vscode.commands.executeCommand('airisk.switchDeployment', { deployment: 'default' });
    await shownAfter(() => set('deployments', { test: entry() }));
  });

  it('are told of when this window uses a different one', async () => {
    const use = (deployment: string) => (): Thenable<unknown> =>
      vscode.commands.executeCommand('airisk.switchDeployment', { deployment });
    const [own, other] = [`default ${emulator.origin}`, `test ${testEmulator.origin}`];
    assert.equal(await shownAfter(use('test')), `${own}, ${other} in use`);
    assert.equal(await shownAfter(use('default')), `${own} in use, ${other}`);
  });

  it('are named by each session and each event, also after they have left the settings', async () => {
    const signInAt = (userid: string, deployment: string): Thenable<unknown> =>
      vscode.commands.executeCommand('airisk.signInForTests', { clientSecret, userid, deployment });
    sessionEvents.length = 0;
    await signInAt('user_7', 'test');
    assert.deepEqual(await names(), ['user_42 at default', 'user_7 at test']);
    await shownAfter(() => set('deployments', { staging: entry() }));
    assert.deepEqual(await names(), ['user_42 at default', 'user_7 at staging']);
    await signInAt('user_7', 'staging');
    await shownAfter(() => set('deployments', undefined));
    assert.deepEqual(await names(), ['user_42 at default']);
    const returned = new Promise((resolve) => subscriptions.push(airisk.onDidChangeSessions(resolve)));
    await shownAfter(() => set('deployments', { test: entry() }));
    await returned;
    assert.deepEqual(sessionEvents, [
      'signIn: added user_7 at test',
      'signIn: changed user_7 at staging',
      'settings: removed user_7 at staging',
      'settings: added user_7 at test',
    ]);
  });
});
