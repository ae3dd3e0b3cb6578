import assert from 'node:assert/strict';
import { mock } from 'node:test';
import * as vscode from 'vscode';
import { AiriskError } from '../../../src/core/errors.ts';
import { chooseUser, type ChooseUserParts } from '../../../src/vscode/signIn/chooseUser.ts';
import { pickUser } from '../../../src/vscode/signIn/userPicker.ts';
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

describe('the row of the user whom a typed text means', () => {
  afterEach(() => mock.restoreAll());

  const name = 'Zoë Müller-Çelik';
  for (const [what, text] of [
    ['the ID with what nobody sees', '\u200Buser_42'],
    ['the name, decomposed', name.normalize('NFD')],
  ] as const) {
    it(`is shown, marked and taken for ${what}`, async () => {
      const accepted = new vscode.EventEmitter<void>();
      const typed = new vscode.EventEmitter<string>();
      const picker: Partial<vscode.QuickPick<vscode.QuickPickItem>> = {
        value: '',
        activeItems: [],
        onDidAccept: accepted.event,
        onDidChangeValue: typed.event,
        onDidChangeActive: () => new vscode.Disposable(() => undefined),
      };
      mock.method(vscode.window, 'createQuickPick', () => picker);
      const questions = {
        ask: async (_input: unknown, listen: (answer: (value: unknown) => void) => void) =>
          new Promise((resolve) => {
            listen(resolve);
          }),
      };
      const users = [
        { userid: 'user_7', name: 'Ada' },
        { userid: 'user_42', name },
      ];
      const choices = { load: async () => ({ users, leftOut: 0 }), recent: [], sessions: [], now: 0 };
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the picker takes is there
      const picked = pickUser(...([questions, choices] as unknown as Parameters<typeof pickUser>));
      await until(async () => picker.busy === false);
      Object.assign(picker, { value: text });
      typed.fire(text);
      const [row] = picker.activeItems ?? [];
      assert.deepEqual([row?.label, row?.alwaysShow], [name, true]);
      accepted.fire();
      assert.deepEqual(await picked, { userid: 'user_42', name });
    });
  }
});
