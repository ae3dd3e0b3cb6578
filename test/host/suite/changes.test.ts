import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { type ChangeParts, followChanges } from '../../../src/vscode/changes.ts';
import { watchSettings } from '../../../src/vscode/settings.ts';
import { restoreSettings } from '../settings.ts';

describe('callers', () => {
  const configuration = () => vscode.workspace.getConfiguration('airisk');
  const clientId = configuration().inspect('clientId')?.globalValue;
  const subscriptions: vscode.Disposable[] = [];
  const choices = new vscode.EventEmitter<void>();
  const told: (string | undefined)[] = [];
  let chosen: string | undefined;
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
    const settings = watchSettings(
      subscriptions,
      (text) => text,
      () => chosen,
    );
    const parts: Partial<Record<keyof ChangeParts, unknown>> = {
      sessions: {
        onDidChange: () => new vscode.Disposable(() => undefined),
        forgetFailures: () => undefined,
        configure: async () => undefined,
      },
      names: { learn: async () => undefined },
      settings,
      secrets: { onDidChange: () => new vscode.Disposable(() => undefined) },
      choice: { onDidChoose: choices.event },
      provider: { notifySwitch: async () => void told.push(settings.inUse()?.name) },
      exported: { refreshDeployments: () => undefined },
      heartbeat: { refresh: () => refreshed() },
      log: { warn: () => undefined },
    };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what follows the settings is there
    subscriptions.push(choices, followChanges(parts as unknown as ChangeParts));
  });

  after(async () => {
    vscode.Disposable.from(...subscriptions).dispose();
    for (const [name, value] of Object.entries({ deployments: undefined, clientId }))
      await configuration().update(name, value, vscode.ConfigurationTarget.Global);
    await restoreSettings();
  });

  it('are notified whenever the settings or a choice change the deployment in use, and only then', async () => {
    const test = { baseUrl: 'https://test.aicrisk.com', clientId: 'abc123' };
    const other = { ...test, clientId: 'x' };
    await set('deployments', { test });
    await set('deployments', { test, other });
    assert.deepEqual(told.splice(0), ['test']);
    // The one called default comes before the others when none was chosen.
    await set('baseUrl', 'https://demo.aicrisk.com');
    await set('clientId', 'abc123');
    assert.deepEqual(told.splice(0), [undefined, 'default']);
    chosen = 'test';
    choices.fire();
    choices.fire();
    assert.deepEqual(told.splice(0), ['test']);
    await set('deployments', { Test: test, other });
    assert.deepEqual(told.splice(0), [], 'only the case of its name has changed');
    await set('deployments', { staging: test, other });
    assert.deepEqual(told.splice(0), ['default']);
  });
});
