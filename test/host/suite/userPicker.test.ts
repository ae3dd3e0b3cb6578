import assert from 'node:assert/strict';
import { mock } from 'node:test';
import * as vscode from 'vscode';
import { AiriskError } from '../../../src/core/errors.ts';
import { chooseUser, type ChooseUserParts } from '../../../src/vscode/signIn/chooseUser.ts';
import { until } from '../../harness/until.ts';
import { named } from '../support/atWork.ts';

const test = named('test', 'def456');

/** Opens the picker of users of a deployment whose client secret is rejected. */
function openPicker() {
  const accepted = new vscode.EventEmitter<void>();
  const picker: Partial<vscode.QuickPick<vscode.QuickPickItem>> = {
    value: '',
    activeItems: [],
    onDidAccept: accepted.event,
    onDidChangeValue: () => new vscode.Disposable(() => undefined),
    onDidChangeActive: () => new vscode.Disposable(() => undefined),
  };
  mock.method(vscode.window, 'createQuickPick', () => picker);
  const log = vscode.window.createOutputChannel('AIRisk test of the user picker', { log: true });
  const parts = {
    sessions: {
      listStored: async () => [],
      find: async () => Promise.reject(new AiriskError('invalid_client')),
    },
    recentUsers: { list: async () => [] },
    questions: {
      ask: async (_input: unknown, listen: (answer: (value: unknown) => void) => void) =>
        new Promise((resolve) => {
          listen(resolve);
        }),
    },
    now: Date.now,
    log,
  };
  const logged = mock.method(log, 'error');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what asking takes until the list fails is there
  const asked = chooseUser(parts as unknown as ChooseUserParts, test);
  const left = assert.rejects(asked, vscode.CancellationError);
  return {
    logged,
    click: async (label: string): Promise<void> => {
      const item = () => picker.items?.find((one) => one.label === label);
      await until(async () => item() !== undefined);
      Object.assign(picker, { selectedItems: [item()] });
      accepted.fire();
      await left;
    },
  };
}

describe('what helps when the users of a deployment cannot be listed', () => {
  afterEach(() => mock.restoreAll());

  it('is done at that deployment, whichever the window uses', async () => {
    const ran: unknown[] = [];
    mock.method(vscode.commands, 'executeCommand', async (...all: unknown[]) => void ran.push(all));
    await openPicker().click('Change Client Secret');
    assert.deepEqual(ran, [['airisk.setClientSecret', { userid: undefined, deploymentKey: test.key }]]);
  });

  it('is said and logged when it fails itself', async () => {
    const said: string[] = [];
    mock.method(vscode.commands, 'executeCommand', () => Promise.reject(new AiriskError('settings_changed')));
    mock.method(vscode.window, 'showErrorMessage', async (message: string) => void said.push(message));
    const { logged, click } = openPicker();
    await click('Change Client Secret');
    await until(async () => said.length > 0);
    assert.match(said.join('\n'), /^The AIRisk settings have changed/);
    // The list that failed, and this.
    assert.equal(logged.mock.callCount(), 2);
  });
});
