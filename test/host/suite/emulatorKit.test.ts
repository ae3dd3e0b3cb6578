import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { connectToEmulator } from '../../emulator/kit/index.ts';
import { restoreSettings } from '../settings.ts';
import { allowAccess, grantAccess, signIn, signOut } from '../../emulator/kit/vscode.ts';

const emulator = connectToEmulator(process.env['AIRISK_EMULATOR'] ?? '');
const me = 'airisk-test.conversations';
// Somebody whose account no other suite gives access to.
const katherine = ['userid:user_1001'];

const silently = (): Thenable<vscode.AuthenticationSession | undefined> =>
  vscode.authentication.getSession('airisk', katherine, { silent: true });
const status = async (session: vscode.AuthenticationSession | undefined): Promise<number> => {
  const headers = { authorization: `Bearer ${session?.accessToken}` };
  return (await fetch(`${emulator.origin}/api/GetConversations`, { headers })).status;
};

describe('the test kit, for an extension under test', function () {
  // Each step stands on the one before.
  this.bail(true);

  before(() => emulator.reset());
  after(async () => {
    await signOut('user_1001');
    await restoreSettings();
  });

  it('signs in, and gives access in one call', async () => {
    await signIn(emulator.origin, 'user_1001');
    assert.equal(await silently(), undefined);
    await assert.rejects(
      async () => vscode.authentication.getSession('airisk', katherine, { createIfNone: true }),
      /refused to show dialog in tests.*'Conversations' wants to sign in using AIRisk/,
    );
    const session = await grantAccess(me, katherine);
    assert.equal(await status(session), 200);
    assert.equal((await silently())?.accessToken, session.accessToken);
  });

  it('answers the questions that VS Code does not show', async () => {
    const dead = await silently();
    await emulator.revoke();
    assert.equal(await status(dead), 401);
    const allowing = allowAccess(me);
    try {
      const again = await vscode.authentication.getSession('airisk', katherine, { forceNewSession: true });
      assert.equal(await status(again), 200);
      const session = await vscode.authentication.getSession('airisk', katherine, { createIfNone: true });
      assert.equal(session.accessToken, again.accessToken);
    } finally {
      allowing.dispose();
    }
    await assert.rejects(
      async () => vscode.authentication.getSession('airisk', katherine, { forceNewSession: true }),
      /refused to show dialog/,
    );
  });

  it('says what it cannot answer: no session, another account, or a token that only the browser brings', async () => {
    const allowing = allowAccess(me);
    const force = async (): Promise<unknown> =>
      vscode.authentication.getSession('airisk', katherine, { forceNewSession: true });
    try {
      await assert.rejects(
        async () => vscode.authentication.getSession('airisk', ['userid:nobody'], { createIfNone: true }),
        /There is no live AIRisk session of anybody for \[userid:nobody\]: call signIn first/,
      );
      const account = { id: 'somebody', label: 'Somebody Else' };
      await assert.rejects(
        async () => vscode.authentication.getSession('airisk', katherine, { createIfNone: true, account }),
        /There is no live AIRisk session of Somebody Else/,
      );
      await emulator.requireLogin(true);
      await assert.rejects(force(), /no different token for .*: the emulator is offline or wants a login/);
      await emulator.requireLogin(false);
      await emulator.setOffline(true);
      await assert.rejects(force(), /no different token/);
    } finally {
      allowing.dispose();
      await emulator.setOffline(false);
    }
  });

  it('is offline and slow when it is told', async () => {
    await emulator.setOffline(true);
    await assert.rejects(status(await silently()));
    await emulator.setDelay(200);
    const asked = Date.now();
    assert.equal(await status(await silently()), 200);
    assert.ok(Date.now() - asked >= 190);
    await emulator.setDelay(0);
    assert.ok((await emulator.requests()).every(({ status: code }) => code !== 500));
  });
});
