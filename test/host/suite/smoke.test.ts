import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('the extension in a real VS Code', () => {
  it('is installed from its package and becomes active', async () => {
    const extension = vscode.extensions.getExtension('airisk.airisk-authentication');
    assert.ok(extension, 'the extension is not installed');
    await extension.activate();
    assert.equal(extension.isActive, true);
    const commands = await vscode.commands.getCommands(true);
    assert.ok(commands.includes('airisk.showLog'));
  });

  it('has the emulator as its deployment', async () => {
    const origin = process.env['AIRISK_EMULATOR'];
    assert.equal(vscode.workspace.getConfiguration('airisk').get('baseUrl'), origin);
    const answer = await fetch(`${origin}/api/Users/ListUsers`);
    assert.equal(answer.status, 401);
  });

  it('has two other extensions that may ask for sessions', () => {
    for (const name of ['one', 'two']) {
      assert.ok(
        vscode.extensions.getExtension(`airisk-test.consumer-${name}`),
        `consumer ${name} is missing`,
      );
    }
  });
});
