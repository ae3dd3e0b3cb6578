import * as assert from 'node:assert/strict';
import { type Emulator, startEmulator } from 'airisk-emulator';
import { allowAccess, expire, signIn, signOut } from 'airisk-emulator/vscode';
import type { Disposable } from 'vscode';
import { callAirisk } from './airisk.js';

describe('calls to AIRisk', () => {
  let emulator: Emulator;
  let allowing: Disposable;
  before(async () => {
    emulator = await startEmulator();
    await signIn(emulator.origin, 'user_42');
    allowing = allowAccess('airisk-test.conversations'); // the ID of your extension
  });
  after(async () => {
    allowing.dispose();
    await signOut('user_42');
    await emulator.close();
  });

  it('are silent in the background', async () => {
    assert.equal(await callAirisk('/api/GetConversations', { silent: true }), undefined);
  });

  it('have an answer once the user has allowed it', async () => {
    const response = await callAirisk('/api/GetConversations', { createIfNone: true });
    assert.equal(response?.status, 200);
  });

  it('go on when a token is revoked', async () => {
    await emulator.revoke();
    const response = await callAirisk('/api/GetConversations', { silent: true });
    assert.equal(response?.status, 200);
  });

  it('stop when only the user can sign in again', async () => {
    await expire(emulator, 'user_42');
    assert.equal(await callAirisk('/api/GetConversations', { silent: true }), undefined);
  });
});
