import assert from 'node:assert/strict';
import { mock } from 'node:test';
import * as vscode from 'vscode';
import { AiriskError } from '../../../src/core/errors.ts';
import { type AccountsParts, pickSession } from '../../../src/vscode/commands/accountPicker.ts';
import { AiriskAuthenticationProvider, type ProviderParts } from '../../../src/vscode/provider.ts';
import { named } from '../support/atWork.ts';

describe('the button of a message that signs in', () => {
  const test = named('test', 'def456');
  const first = named('default', 'abc123');
  let inUse = first;
  const run: unknown[] = [];
  /** What is clicked, once the window uses a different deployment. */
  const click = async (_message: string, ...buttons: (string | vscode.MessageItem)[]): Promise<unknown> => {
    inUse = { ...test, name: 'third' };
    return buttons.find((one) =>
      ['Try Again', 'Sign In'].includes(typeof one === 'string' ? one : one.title),
    );
  };
  const clicked = async (): Promise<unknown> => {
    await new Promise(setImmediate);
    return run.splice(0);
  };
  const log = vscode.window.createOutputChannel('AIRisk test of messages', { log: true });
  const parts = {
    sessions: {
      onDidChange: () => new vscode.Disposable(() => undefined),
      listStored: async () => [],
    },
    settings: {
      inUse: () => inUse,
      named: () => test,
      describe: (one: unknown) => one,
    },
    state: { chosenUserid: () => undefined },
    ensureSetUp: async (wanted = first) => wanted,
    chooseUser: async () => Promise.reject(new AiriskError('sign_in_timeout', { subject: 'question' })),
    now: Date.now,
    log,
  };

  before(() => {
    mock.method(vscode.window, 'showErrorMessage', click);
    mock.method(vscode.window, 'showInformationMessage', click);
    mock.method(vscode.commands, 'executeCommand', async (...command: unknown[]) => void run.push(command));
  });
  beforeEach(() => (inUse = first));
  after(() => {
    mock.restoreAll();
    log.dispose();
  });

  it('signs in to the deployment that a caller asked for, or that was in use then', async () => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a call takes until it fails is there
    const provider = new AiriskAuthenticationProvider(parts as unknown as ProviderParts);
    await assert.rejects(provider.createSession(['deployment:test', 'user']));
    assert.deepEqual(await clicked(), [['airisk.signIn', { deploymentKey: test.key, userid: undefined }]]);
    inUse = first;
    await assert.rejects(provider.createSession([]));
    assert.deepEqual(await clicked(), [['airisk.signIn', { deploymentKey: first.key, userid: undefined }]]);
    provider.dispose();
  });

  it('signs in to the deployment where nobody was signed in', async () => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is looked at is there
    const accounts = parts as unknown as AccountsParts;
    await pickSession(accounts, 'Sign out', { deployment: first });
    assert.deepEqual(await clicked(), [['airisk.signIn', { deploymentKey: first.key, userid: undefined }]]);
  });
});
