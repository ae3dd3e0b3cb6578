// What INTEGRATION.md shows as a test, run as authors run it.
import '../../guide/whole/src/airisk.test.ts';
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { connectToEmulator } from '../../emulator/kit/index.ts';
import { allowAccess, signIn, signOut } from '../../emulator/kit/vscode.ts';
import { activate as activateFirst } from '../../guide/first/src/extension.ts';
import { forgetAccount } from '../../guide/whole/src/airisk.ts';
import { Conversations } from '../../guide/whole/src/conversations.ts';
import { restoreSettings } from '../settings.ts';

const emulator = connectToEmulator(process.env['AIRISK_EMULATOR'] ?? '');
const titles = ['Quarterly risk review', 'Supplier assessment'];

describe('the code of the guide', () => {
  let allowing: vscode.Disposable;

  const calls = async (): Promise<string[]> =>
    (await emulator.requests())
      .filter(({ path }) => path === '/api/GetConversations')
      .map(({ authorization, status }) => `${authorization} ${status}`);

  before(async () => {
    // The test above had an emulator and an account of its own.
    forgetAccount();
    await restoreSettings();
  });
  beforeEach(async () => {
    await emulator.reset();
    await signIn(emulator.origin, 'user_42');
    allowing = allowAccess('airisk-test.conversations');
  });
  afterEach(async () => {
    allowing.dispose();
    await signOut('user_42');
    await restoreSettings();
  });

  it('makes the first call', async () => {
    const subscriptions: vscode.Disposable[] = [];
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the example uses no more of it
    activateFirst({ subscriptions } as unknown as vscode.ExtensionContext);
    try {
      await vscode.commands.executeCommand('hello-airisk.list');
    } finally {
      vscode.Disposable.from(...subscriptions).dispose();
    }
    assert.deepEqual(await calls(), ['user 200']);
  });

  it('answers an agent that calls the tool, with a sentence when nobody is signed in', async () => {
    const invoke = async (): Promise<string> => {
      const options = { input: {}, toolInvocationToken: undefined };
      const { content } = await vscode.lm.invokeTool('conversations_list', options);
      return JSON.stringify(content);
    };
    await vscode.authentication.getSession('airisk', ['user'], { createIfNone: true });
    for (const title of titles) assert.ok((await invoke()).includes(title), title);
    await signOut('user_42');
    assert.match(await invoke(), /ask the user to sign in/);
  });

  it('fills the view without asking, and again when somebody signs in or out', async () => {
    await vscode.authentication.getSession('airisk', ['user'], { createIfNone: true });
    const view = new Conversations();
    const refreshed = (): Promise<unknown> =>
      new Promise((resolve) => {
        const listening = view.onDidChangeTreeData(() => {
          listening.dispose();
          resolve(undefined);
        });
      });
    try {
      assert.deepEqual(await view.getChildren(), titles);
      assert.equal(view.getTreeItem('Quarterly risk review').label, 'Quarterly risk review');
      const signedOut = refreshed();
      await signOut('user_42');
      await signedOut;
      assert.deepEqual(await view.getChildren(), []);
      const signedIn = refreshed();
      await signIn(emulator.origin, 'user_42');
      await signedIn;
      assert.deepEqual(await view.getChildren(), titles);
    } finally {
      view.dispose();
    }
  });
});
