import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { createAdminClient } from '../../emulator/adminClient.ts';

const origin = process.env['AIRISK_EMULATOR'] ?? '';
const emulator = createAdminClient(origin);

const accountLabels = async (): Promise<string[]> =>
  (await vscode.authentication.getAccounts('airisk')).map(({ label }) => label);

describe('signing in', () => {
  before(() => vscode.commands.executeCommand('airisk.signInForTests', { clientSecret: 's3cr3t-of-abc123' }));
  beforeEach(() => emulator.reset());
  afterEach(() => vscode.commands.executeCommand('airisk.signOut', { userid: 'user_42' }));

  it('goes through the browser, the URI handler and the token endpoint', async () => {
    await vscode.commands.executeCommand('airisk.signIn', { userid: 'user_42' });
    assert.deepEqual(await accountLabels(), [`user_42 (abc123 @ ${origin})`]);
    const requests = await emulator.requests();
    assert.deepEqual(
      requests.map(({ method, path, status }) => `${method} ${path} ${status}`),
      ['GET /api/oauth2 302', 'GET /api/oauth2 302', 'POST /api/oauth2/Token 200'],
    );
    const [rehearsal, authorization] = requests;
    assert.notEqual(rehearsal?.query['state'], authorization?.query['state']);
  });
});
