import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { type ChangeParts, followChanges } from '../../../src/vscode/changes.ts';
import { deploymentOf } from '../../../src/core/oauth/deployment.ts';
import type { SessionsChange } from '../../../src/core/sessions/entries.ts';
import { createSession } from '../../../src/core/sessions/session.ts';
import type { ChosenDeployment } from '../../../src/vscode/deploymentChoice.ts';
import { type SettingsReader, watchSettings } from '../../../src/vscode/settings.ts';
import { restoreSettings } from '../settings.ts';

describe('what follows changes', () => {
  const configuration = () => vscode.workspace.getConfiguration('airisk');
  const clientId = configuration().inspect('clientId')?.globalValue;
  const subscriptions: vscode.Disposable[] = [];
  const choices = new vscode.EventEmitter<void>();
  const told: (string | undefined)[] = [];
  const acts: string[] = [];
  const act =
    (name: string) =>
    (...args: readonly unknown[]): Promise<void> => {
      const about = args.map((one) => (one instanceof Object && 'userid' in one ? one.userid : '')).join();
      acts.push([name, about].filter(Boolean).join(' '));
      return Promise.resolve();
    };
  let changeSessions: (change: SessionsChange) => void = () => undefined;
  let changeSecret: (key: string) => void = () => undefined;
  const warned: string[] = [];
  let chosen: ChosenDeployment | undefined;
  let follow: () => vscode.Disposable;
  let settings: SettingsReader;
  let refreshed: () => void = () => undefined;

  /** Changes a setting, and waits until the window has followed. */
  const set = async (name: string, value: unknown): Promise<void> => {
    const followed = new Promise<void>((resolve) => (refreshed = resolve));
    await configuration().update(name, value, vscode.ConfigurationTarget.Global);
    await followed;
  };

  before(async () => {
    for (const name of ['baseUrl', 'clientId'])
      await configuration().update(name, undefined, vscode.ConfigurationTarget.Global);
    settings = watchSettings(
      subscriptions,
      (text) => text,
      () => chosen,
    );
    const parts: Partial<Record<keyof ChangeParts, unknown>> = {
      sessions: {
        onDidChange: (listener: typeof changeSessions) => {
          changeSessions = listener;
          return new vscode.Disposable(() => undefined);
        },
        forgetFailures: act('forget failures'),
        configure: act('configure'),
      },
      names: { learn: ({ name }: { name: string }) => act(`learn names of ${name}`)() },
      recentUsers: { add: act('add') },
      settings,
      secrets: {
        onDidChange: (listener: typeof changeSecret) => {
          changeSecret = listener;
          return new vscode.Disposable(() => undefined);
        },
      },
      choice: {
        onDidChoose: choices.event,
        follow: async ({ name, key }: ChosenDeployment) => void (chosen = { name, key }),
      },
      provider: { notifySwitch: async () => void told.push(settings.inUse()?.name) },
      exported: { refreshDeployments: act('refresh deployments') },
      heartbeat: {
        refresh: () => {
          void act('refresh')();
          refreshed();
        },
      },
      log: { warn: (text: string) => void warned.push(text) },
    };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what follows the settings is there
    follow = () => followChanges(parts as unknown as ChangeParts);
    subscriptions.push(choices, follow());
  });

  after(async () => {
    vscode.Disposable.from(...subscriptions).dispose();
    for (const [name, value] of Object.entries({
      deployments: undefined,
      expiryWarningMinutes: undefined,
      clientId,
    }))
      await configuration().update(name, value, vscode.ConfigurationTarget.Global);
    await restoreSettings();
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('notifies callers whenever the settings or a choice change the deployment in use, and only then', async () => {
    const test = { baseUrl: 'https://test.aicrisk.com', clientId: 'abc123' };
    const other = { ...test, clientId: 'x' };
    await set('deployments', { test });
    await set('deployments', { test, other });
    assert.deepEqual(told.splice(0), ['test']);
    await set('baseUrl', 'https://demo.aicrisk.com');
    await set('clientId', 'abc123');
    assert.deepEqual(told.splice(0), [], 'what comes first moves no window that is at work');
    const [first] = settings.deployments();
    assert.ok(first);
    chosen = first;
    choices.fire();
    choices.fire();
    assert.deepEqual(told.splice(0), ['default']);
  });

  it('keeps to the chosen deployment under a new name, and says when it has left the settings', async () => {
    const test = { baseUrl: 'https://test.aicrisk.com', clientId: 'abc123' };
    const other = { ...test, clientId: 'x' };
    await set('deployments', { test });
    chosen = settings.named('test');
    choices.fire();
    [told.length, warned.length] = [0, 0];
    await set('deployments', { other, Test: test });
    await set('deployments', { other, staging: test });
    assert.deepEqual([told, warned, chosen.name], [[], [], 'staging']);
    await set('deployments', { other });
    await set('expiryWarningMinutes', 9);
    assert.deepEqual(
      [told.splice(0), warned.splice(0)],
      [['default'], ['The deployment "staging" is no longer in the settings. This window now uses default.']],
    );
    await set('deployments', { other, staging: test });
    assert.deepEqual([told.splice(0), warned.splice(0)], [['staging'], []]);
    for (const name of ['baseUrl', 'clientId']) await set(name, undefined);
    warned.length = 0;
    await set('deployments', { live: { ...other, production: true } });
    assert.deepEqual(
      [told.splice(0), warned.splice(0)],
      [[undefined], ['The deployment "staging" is no longer in the settings. Select one for this window.']],
    );
    chosen = undefined;
    await set('baseUrl', 'https://demo.aicrisk.com');
    await set('clientId', 'abc123');
  });

  it('says which deployment is left out, at the start and at new settings, and each time once', async () => {
    const whys = (): string[] => warned.splice(0).map((text) => text.split('. ')[0] ?? '');
    warned.length = 0;
    await set('deployments', { live: {} });
    await set('expiryWarningMinutes', 8);
    assert.deepEqual(whys(), ['The deployment "live" in airisk.deployments is not used']);
    follow().dispose();
    assert.deepEqual(whys(), ['The deployment "live" in airisk.deployments is not used']);
  });

  it('remembers whoever signs in, and learns names then, and only then', async () => {
    await set('deployments', { test: { baseUrl: 'https://test.aicrisk.com', clientId: 'abc123' } });
    const deployment = deploymentOf('https://test.aicrisk.com', 'abc123', (text) => text);
    const token = { accessToken: 'token', expiration: Date.now() + 3_600_000, clockSkew: 0 };
    const [a, b] = ['a', 'b'].map((userid) => createSession(deployment, userid, token, Date.now()));
    assert.ok(a && b);
    acts.length = 0;
    const reasons = ['renewal', 'signOut', 'expiry', 'elsewhere', 'settings', 'name'] as const;
    for (const reason of reasons) changeSessions({ added: [a], changed: [b], removed: [], reason });
    assert.deepEqual(acts.splice(0), []);
    changeSessions({ added: [a], changed: [b], removed: [], reason: 'signIn' });
    assert.deepEqual(acts.splice(0), [
      'add a',
      'add b',
      ...settings.deployments().map(({ name }) => `learn names of ${name}`),
    ]);
  });

  it('tries again what has failed when a client secret comes or goes, and at new settings', async () => {
    acts.length = 0;
    changeSecret('session:v1:a:b');
    assert.deepEqual(acts.splice(0), []);
    changeSecret('client:v1:a');
    assert.deepEqual(acts.splice(0), ['forget failures', 'refresh']);
    await set('expiryWarningMinutes', 7);
    assert.deepEqual(acts.splice(0), ['refresh deployments', 'forget failures', 'configure', 'refresh']);
    choices.fire();
    assert.deepEqual(acts.splice(0), ['refresh deployments', 'refresh']);
  });
});
