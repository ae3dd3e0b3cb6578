import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { AiriskAuthenticationApi } from '../../../src/api.ts';
import { connectToEmulator } from '../../emulator/kit/index.ts';
import { restoreSettings } from '../settings.ts';
import { expire, grantAccess, signIn, signOut } from '../../emulator/kit/vscode.ts';

const emulator = connectToEmulator(process.env['AIRISK_EMULATOR'] ?? '');
const me = 'airisk-test.conversations';

const getSession = (
  scopes: readonly string[],
  options = {},
): Thenable<vscode.AuthenticationSession | undefined> =>
  vscode.authentication.getSession('airisk', scopes, { silent: true, ...options });

describe('what other extensions get', function () {
  // Each step stands on the one before.
  this.bail(true);

  let airisk: AiriskAuthenticationApi;
  const signedIn = async (): Promise<string[]> =>
    (await airisk.sessions()).map(({ userid, state }) => `${userid} ${state}`).toSorted();
  const renewals = async (): Promise<number> =>
    (await emulator.requests()).filter(({ path }) => path === '/api/oauth2/Token').length;

  before(async () => {
    await emulator.reset();
    const extension = vscode.extensions.getExtension<AiriskAuthenticationApi>('airisk.airisk-authentication');
    assert.ok(extension);
    airisk = await extension.activate();
    await vscode.commands.executeCommand('airisk.signOutAll');
  });
  after(async () => {
    await vscode.commands.executeCommand('airisk.signOutAll');
    await restoreSettings();
  });

  it('is a user where they ask for any, and never the application', async () => {
    await signIn(emulator.origin, '');
    await grantAccess(me, ['generic']);
    assert.equal(await getSession(['user']), undefined);
    await signIn(emulator.origin, 'user_42');
    const granted = await grantAccess(me, ['user']);
    assert.match(granted.account.label, /^Ada Lovelace \(user_42, /);
    assert.deepEqual(granted.scopes, ['user']);
    await signOut('');
  });

  it('is an error with a name that is the same in every language', async () => {
    for (const scopes of [['openid'], ['user '], ['userid: user_42'], ['user', 'generic']])
      await assert.rejects(async () => getSession(scopes), { name: 'AiriskInvalidScopes' });
  });

  it('says how long the token lives, and where it may be sent', async () => {
    const session = await getSession(['user']);
    const expiresAfter: unknown = Reflect.get(session ?? {}, 'expiresAfter');
    assert.ok(Number.isInteger(expiresAfter) && Number(expiresAfter) > 3_500_000, String(expiresAfter));
    const server: unknown = Reflect.get(session ?? {}, 'authorizationServer');
    assert.ok(server instanceof Object && 'scheme' in server && 'authority' in server);
    assert.equal(`${String(server.scheme)}://${String(server.authority)}`, emulator.origin);
  });

  it('is a different token when AIRisk rejects one, once for all who report it', async () => {
    const rejected = await getSession(['user']);
    assert.ok(rejected);
    await emulator.revoke();
    const before = await renewals();
    const { account, accessToken } = rejected;
    const reports = [airisk.reportRejected(account, accessToken), airisk.reportRejected(account)];
    assert.deepEqual(await Promise.all(reports), [true, true]);
    assert.equal(await airisk.reportRejected(account, accessToken), true);
    assert.equal((await renewals()) - before, 1);
    const fresh = await getSession(['user'], { account });
    assert.ok(fresh && fresh.accessToken !== accessToken);
    assert.equal(await airisk.reportRejected(account, fresh.accessToken), false, 'not again so soon');
    assert.equal((await renewals()) - before, 1);
  });

  it('refuses a report that is none, and knows no stranger', async () => {
    const stranger = { id: 'x', label: 'x' };
    assert.equal(await airisk.reportRejected(stranger), false);
    // @ts-expect-error -- what JavaScript lets through
    await assert.rejects(airisk.reportRejected('user_42'), /takes the account of a session/);
  });

  it('says who can be signed in again without asking, and brings all of them back by one silent call', async () => {
    assert.deepEqual(await signedIn(), ['user_42 live']);
    const setRenewal = (value?: string): Thenable<void> =>
      vscode.workspace.getConfiguration('airisk').update('renewal', value, vscode.ConfigurationTarget.Global);
    // As after a night: nobody has tried to renew what has expired.
    await setRenewal('off');
    await emulator.setTokenLifetime(4);
    for (const userid of ['user_42', 'user_7']) await signIn(emulator.origin, userid);
    while ((await signedIn()).some((one) => one.endsWith(' live'))) await pause(50);
    assert.deepEqual(await signedIn(), ['user_42 expired', 'user_7 expired']);
    await emulator.setOffline(true);
    await setRenewal();
    while ((await signedIn()).some((one) => one.endsWith(' expired'))) await pause(50);
    assert.deepEqual(await signedIn(), ['user_42 renewable', 'user_7 renewable']);
    // The window may have tried by itself while AIRisk is away, and pauses then until its settings change.
    await setRenewal('off');
    await emulator.setTokenLifetime(3600);
    await emulator.setOffline(false);
    await setRenewal();
    assert.ok(await getSession(['user']));
    assert.deepEqual(await signedIn(), ['user_42 live', 'user_7 live']);
    await signOut('user_7');
  });

  it('says that somebody has to sign in again when AIRisk rejects a token and wants to see the user', async () => {
    await signIn(emulator.origin, 'user_7');
    const known = (await airisk.sessions()).find(({ userid }) => userid === 'user_7');
    assert.ok(known);
    await emulator.revoke();
    await emulator.requireLogin(true);
    assert.equal(await airisk.reportRejected(known.account), false);
    assert.deepEqual(await signedIn(), ['user_42 live', 'user_7 expired']);
    await signOut('user_7');
    await emulator.requireLogin(false);
    await signIn(emulator.origin, 'user_42');
  });

  it('says who has to sign in again', async () => {
    await expire(emulator, 'user_42');
    assert.equal(await getSession(['user']), undefined);
    assert.deepEqual(await signedIn(), ['user_42 expired']);
    await emulator.requireLogin(false);
    await emulator.setTokenLifetime(3600);
    await signIn(emulator.origin, 'user_42');
  });

  it('is told of a second sign-in of the same user as a change, once', async () => {
    const events: string[] = [];
    const listening = airisk.onDidChangeSessions(({ reason, added, changed, removed }) =>
      events.push(`${reason} +${added.length} ~${changed.length} -${removed.length}`),
    );
    await signIn(emulator.origin, 'user_42');
    listening.dispose();
    assert.deepEqual(events, ['signIn +0 ~1 -0']);
  });

  it('is who was signed in by a command', async () => {
    const answer: unknown = await vscode.commands.executeCommand('airisk.signIn', { userid: 'user_7' });
    const known = (await airisk.sessions()).find(({ userid }) => userid === 'user_7');
    assert.deepEqual(answer, { userid: 'user_7', account: known?.account });
  });

  it('is nothing for a different account than VS Code remembers, on 1.105 and unless they name it', async () => {
    const ada = (await airisk.sessions()).find(({ userid }) => userid === 'user_42');
    assert.ok(ada);
    // Both are allowed, and this one is remembered.
    await grantAccess(me, ['userid:user_7']);
    const unnamed = await getSession(['userid:user_42']);
    const isOldest = vscode.version.startsWith('1.105.');
    assert.equal(unnamed?.account.label, isOldest ? undefined : ada.account.label);
    const named = await getSession(['userid:user_42'], { account: ada.account });
    assert.equal(named?.account.label, ada.account.label);
  });

  it('is a sentence for wrong arguments of the sign-in for tests', async () => {
    for (const [argument, named] of [
      [undefined, 'its argument'],
      [{}, 'clientSecret'],
      [{ clientSecret: 1 }, 'clientSecret'],
      [{ clientSecret: 's', userid: 7 }, 'userid'],
    ] as const)
      await assert.rejects(
        async () => vscode.commands.executeCommand('airisk.signInForTests', argument),
        ({ message }: Error) =>
          message.includes(
            `airisk.signInForTests takes { clientSecret: string, userid?: string, deployment?: string }, and ${named} is`,
          ),
      );
  });
});
