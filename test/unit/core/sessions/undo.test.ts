import assert from 'node:assert/strict';
import { renewedSession } from '../../../../src/core/sessions/session.ts';
import { fakeClock } from '../../support/fakeClock.ts';
import { desktopSecrets, failing } from '../../support/secretStorage.ts';
import { deployment, hour, newToken, openWindow, userids, type Window } from '../../support/window.ts';

describe('the undo of a sign-out', () => {
  const clock = fakeClock();
  let host = desktopSecrets();
  let window: Window;

  beforeEach(() => {
    host = desktopSecrets();
    window = openWindow(host);
  });

  for (const where of ['here', 'in another window'] as const) {
    it(`leaves a session alone that was signed in since ${where}`, async () => {
      const before = await window.signIn('user_1', newToken(hour));
      await window.sessions.signOut(deployment, 'user_1');
      const after = await (where === 'here' ? window : openWindow(host)).signIn('user_1');
      await window.sessions.restore(before);
      assert.deepEqual(await window.sessions.find(deployment, 'user_1'), after);
      assert.deepEqual(await openWindow(host).sessions.find(deployment, 'user_1'), after);
    });
  }

  it('puts back beside what others have signed in since, and waits for a write under way', async () => {
    const before = await window.signIn('user_1');
    await window.sessions.signOut(deployment, 'user_1');
    await window.signIn('user_2');
    const [, after] = await Promise.all([window.signIn('user_1'), window.signIn('user_1')]);
    await window.sessions.signOut(deployment, 'user_1');
    await Promise.all([window.sessions.restore(before), window.sessions.restore(after)]);
    assert.equal((await window.sessions.find(deployment, 'user_1'))?.accessToken, before.accessToken);
    assert.deepEqual(userids(await window.sessions.listStored(deployment)).toSorted(), ['user_1', 'user_2']);
  });

  it('holds in every window that signed the same user out, also after a renewal', async () => {
    const before = await window.signIn('user_1');
    const other = openWindow(host);
    await other.sessions.find(deployment, 'user_1');
    await window.sessions.signOut(deployment, 'user_1');
    await other.sessions.signOut(deployment, 'user_1');
    await other.sessions.restore(before);
    const isEverywhere = async (accessToken: string): Promise<void> => {
      await clock.tickAsync(0);
      for (const { sessions } of [window, other, openWindow(host)])
        assert.equal((await sessions.find(deployment, 'user_1'))?.accessToken, accessToken);
    };
    await isEverywhere(before.accessToken);
    // By a window that has not noticed that the user was signed out meanwhile.
    const renewed = renewedSession(before, newToken(), Date.now());
    await openWindow(host).store.replace(before, renewed);
    await isEverywhere(renewed.accessToken);
  });

  it('overwrites no record that it cannot read', async () => {
    const before = await window.signIn('user_1');
    await window.sessions.signOut(deployment, 'user_1');
    const [key] = window.secrets.calls
      .filter((call) => call.startsWith('delete '))
      .map((call) => call.slice(7));
    host.stored.set(key ?? '', '{"version":2}');
    await window.sessions.restore(before);
    assert.deepEqual([...host.stored.values()], ['{"version":2}']);
  });

  it('tells when storage fails, and puts nothing back then', async () => {
    const before = await window.signIn('user_1');
    await window.sessions.signOut(deployment, 'user_1');
    window.secrets.before = failing('store');
    await assert.rejects(window.sessions.restore(before), /locked/);
    assert.equal(host.stored.size, 0);
  });
});
