import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Consumer } from '../../e2e/fixtures/consumer.ts';
import { createAdminClient } from '../../emulator/adminClient.ts';
import { giveAccess, signIn } from '../../guide/whole/src/testing.ts';

const emulator = createAdminClient(process.env['AIRISK_EMULATOR'] ?? '');
const ada = ['userid:user_42'];

describe('the test kit, for an extension under test', () => {
  let extension: vscode.Extension<Consumer>;

  const ask = async (
    options: vscode.AuthenticationGetSessionOptions,
  ): Promise<vscode.AuthenticationSession | null> => {
    const answer = await extension.exports.getSession(ada, options);
    if ('session' in answer) return answer.session;
    throw new Error(answer.error.message);
  };

  before(async () => {
    await emulator.reset();
    const found = vscode.extensions.getExtension<Consumer>('airisk-test.consumer-one');
    assert.ok(found);
    extension = found;
    await extension.activate();
    await signIn('user_42');
  });
  after(() => vscode.commands.executeCommand('airisk.signOut', { userid: 'user_42' }));

  it('meets a VS Code that refuses the question for consent', async () => {
    await assert.rejects(
      ask({ createIfNone: true }),
      /refused to show dialog in tests.*'Consumer One' wants to sign in using AIRisk/,
    );
    assert.equal(await ask({ silent: true }), null);
  });

  it('gives access without a person, through what the Accounts menu would offer', async () => {
    await giveAccess(extension.id, ask);
    const session = await ask({ silent: true });
    assert.ok(session);
    const answer = await fetch(`${process.env['AIRISK_EMULATOR']}/api/GetConversations`, {
      headers: { authorization: `Bearer ${session.accessToken}` },
    });
    assert.equal(answer.status, 200);
  });
});
