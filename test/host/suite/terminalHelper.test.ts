import assert from 'node:assert/strict';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { succeeds } from '../../harness/until.ts';

const Ended = z.object({ status: z.number(), stdout: z.string() });

describe('airisk-token in a terminal of this system', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'airisk-terminal-'));
    await vscode.commands.executeCommand('airisk.signInForTests', {
      clientSecret: 's3cr3t-of-abc123',
      userid: 'user_42',
    });
  });
  after(async () => {
    for (const terminal of vscode.window.terminals) terminal.dispose();
    await vscode.commands.executeCommand('airisk.signOutAll');
    await rm(folder, { recursive: true, force: true });
  });

  it('is found by its name, reaches its window, and gives no token to a person who does not want it', async () => {
    const [script, result] = [join(folder, 'run.cjs'), join(folder, 'result.json')];
    // One line that every shell reads in the same way; the program itself is started by the shell of the system.
    const source = `const { status, stdout } = require('node:child_process').spawnSync('airisk-token --header', {
      shell: true,
      encoding: 'utf8',
    });
    require('node:fs').writeFileSync(${JSON.stringify(result)}, JSON.stringify({ status, stdout }));`;
    await writeFile(script, source);
    await vscode.commands.executeCommand('airisk.openTerminal');
    const terminal = vscode.window.terminals.at(-1) ?? assert.fail('no terminal');
    terminal.sendText(`node "${script}"`);
    // The question's first row, which is the one in use, is Deny; before the question comes there is nothing to accept.
    let text = '';
    while (!(text = await readFile(result, 'utf8').catch(() => '')).endsWith('}')) {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      await delay(100);
    }
    assert.deepEqual(Ended.parse(JSON.parse(text)), { status: 4, stdout: '' });
  });

  it('has nowhere to ask any more when the last person has signed out', async () => {
    const options = vscode.window.terminals.at(-1)?.creationOptions;
    assert.ok(options && 'env' in options);
    const descriptor = options.env?.['AIRISK_TERMINAL'] ?? assert.fail('not a terminal of the profile');
    await access(descriptor);
    await vscode.commands.executeCommand('airisk.signOutAll');
    while (await succeeds(access(descriptor))) await delay(20);
  });
});
