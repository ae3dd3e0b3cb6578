import assert from 'node:assert/strict';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { callRpc, type RpcEndpoint, waitForRpc } from '../../harness/rpc.ts';
import { until } from '../../harness/until.ts';

const {
  AIRISK_SECOND_FOLDER: secondFolder,
  AIRISK_PHASE: phase,
  AIRISK_RPC_FOLDER: rpcFolder = '',
} = process.env;

const accountLabels = async (): Promise<string[]> =>
  (await vscode.authentication.getAccounts('airisk')).map(({ label }) => label);

const signIn = (userid: string): Thenable<unknown> =>
  vscode.commands.executeCommand('airisk.signIn', { userid });

if (secondFolder !== undefined && phase === undefined) {
  describe('two windows of the desktop', () => {
    let second: RpcEndpoint;

    before(async function () {
      this.timeout(90_000);
      await vscode.commands.executeCommand('airisk.signInForTests', { clientSecret: 's3cr3t-of-abc123' });
      await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(secondFolder), {
        forceNewWindow: true,
      });
      second = await waitForRpc(join(rpcFolder, `${basename(secondFolder)}.json`));
      await callRpc(
        second,
        "(api) => api.extensions.getExtension('airisk.airisk-authentication').activate()",
        {},
      );
    });
    after(() => vscode.commands.executeCommand('airisk.signOutAll'));

    const labelsThere = async (): Promise<string> =>
      JSON.stringify(await callRpc(second, "(api) => api.authentication.getAccounts('airisk')", {}));

    it('get a sign-in back through the operating system, whichever of them was used last', async () => {
      assert.equal(vscode.window.state.focused, false, 'the second window is in front');
      await signIn('user_42');
      assert.match((await accountLabels()).join(), /user_42/);
    });

    it('share sessions at once', async () => {
      await signIn('user_7');
      await until(async () => (await labelsThere()).includes('user_7'));
      await callRpc(
        second,
        "(api) => api.commands.executeCommand('airisk.signOut', { userid: 'user_7' })",
        {},
      );
      await until(async () => !(await accountLabels()).some((label) => label.includes('user_7')));
    });
  });
}

if (phase !== undefined) {
  describe('a session on the desktop', () => {
    if (phase === 'before a restart') {
      it('before a restart is stored', async () => {
        await vscode.commands.executeCommand('airisk.signInForTests', { clientSecret: 's3cr3t-of-abc123' });
        await signIn('user_1001');
        assert.match((await accountLabels()).join(), /user_1001/);
      });
    } else {
      it('after a restart is there, from the keyring', async () => {
        assert.match((await accountLabels()).join(), /user_1001/);
      });
    }
  });
}
