import assert from 'node:assert/strict';
import { sessionKey, storedText } from '../../../../src/core/sessions/session.ts';
import { fakeClock } from '../../support/fakeClock.ts';
import { desktopSecrets, failing, hanging, type SecretWindow } from '../../support/secretStorage.ts';
import {
  deployment,
  hour,
  minute,
  newToken,
  openWindow,
  second,
  userids,
  type Window,
} from '../../support/window.ts';

const locked = /the keyring is locked/;
const unlocked: SecretWindow['before'] = () => undefined;

describe('SecretStorage that fails', () => {
  const clock = fakeClock();
  let host = desktopSecrets();
  let window: Window;

  beforeEach(async () => {
    host = desktopSecrets();
    await openWindow(host).signIn('user_1');
    window = openWindow(host);
  });

  it('fails a read, which is not remembered', async () => {
    window.secrets.before = failing('get');
    await assert.rejects(window.sessions.find(deployment, 'user_1'), locked);
    await assert.rejects(window.sessions.list(deployment), locked);
    window.secrets.before = unlocked;
    assert.equal((await window.sessions.find(deployment, 'user_1'))?.userid, 'user_1');
    assert.deepEqual(userids(await window.sessions.list(deployment)), ['user_1']);
  });

  it('fails a list, which is not remembered', async () => {
    window.secrets.before = failing('keys');
    await assert.rejects(window.sessions.list(deployment), locked);
    window.secrets.before = unlocked;
    assert.deepEqual(userids(await window.sessions.list(deployment)), ['user_1']);
  });

  it('fails one record, and hides none of the others', async () => {
    await openWindow(host).signIn('user_2');
    window.secrets.before = (verb, key) =>
      verb === 'get' && key.endsWith(':user_1') ? Promise.reject(new Error('damaged')) : undefined;
    assert.deepEqual(userids(await window.sessions.list(deployment)), ['user_2']);
    window.secrets.before = unlocked;
    assert.deepEqual(userids(await window.sessions.list(deployment)), ['user_1', 'user_2']);
  });

  it('fails a sign-in, and leaves the old session', async () => {
    const before = await window.sessions.find(deployment, 'user_1');
    window.secrets.before = failing('store');
    await assert.rejects(window.signIn('user_1'), locked);
    assert.deepEqual(await window.sessions.find(deployment, 'user_1'), before);
    assert.deepEqual(window.told, []);
    window.secrets.before = unlocked;
    await window.signIn('user_1');
    assert.deepEqual(window.told, ['changed user_1 (signIn)']);
  });

  it('fails a write, and nobody who reads meanwhile', async () => {
    const before = await window.sessions.find(deployment, 'user_1');
    window.secrets.before = async (verb, key) => {
      await new Promise((resolve) => setTimeout(resolve, second));
      await failing('store')(verb, key);
    };
    const signIn = window.signIn('user_1');
    await clock.tickAsync(second / 2);
    const reading = window.sessions.find(deployment, 'user_1');
    await Promise.all([assert.rejects(signIn, locked), clock.tickAsync(2 * second)]);
    assert.deepEqual(await reading, before);
  });

  it('fails a sign-out, and leaves the session', async () => {
    const before = await window.sessions.find(deployment, 'user_1');
    window.secrets.before = failing('delete');
    await assert.rejects(window.sessions.signOut(deployment, 'user_1'), locked);
    assert.deepEqual(await window.sessions.find(deployment, 'user_1'), before);
    assert.deepEqual(window.told, []);
  });

  it('lets a session be signed out that cannot be read', async () => {
    window.secrets.before = failing('get');
    assert.equal(await window.sessions.signOut(deployment, 'user_1'), undefined);
    assert.equal(host.stored.size, 0);
  });

  it('never takes a session away when it fails after an event', async () => {
    const before = await window.sessions.find(deployment, 'user_1');
    assert.ok(before);
    window.secrets.before = failing('get', 'keys');
    await openWindow(host).secrets.store(sessionKey(deployment, 'user_1'), storedText(before));
    await clock.tickAsync(second);
    assert.deepEqual(window.told, []);
    window.secrets.before = unlocked;
    assert.deepEqual(await window.sessions.find(deployment, 'user_1'), before);
  });

  describe('after an event from another window', () => {
    let other: Window;

    beforeEach(async () => {
      other = openWindow(host);
      // As the status bar does.
      await window.sessions.listStored(deployment);
    });

    /** Does something in the other window whose event this one cannot follow. */
    async function unseen(act: () => Promise<unknown>): Promise<void> {
      window.secrets.before = failing('get');
      await act();
      await clock.tickAsync(second);
      assert.deepEqual(window.told, []);
      window.secrets.before = unlocked;
    }
    const reads: [string, () => Promise<unknown>][] = [
      ['whoever asks for it', () => window.sessions.find(deployment, 'user_1')],
      ['a list', () => window.sessions.listStored(deployment)],
    ];
    for (const [what, read] of reads) {
      it(`tells of a sign-out as soon as it is read again, once, by ${what}`, async () => {
        await unseen(() => other.sessions.signOut(deployment, 'user_1'));
        await read();
        await read();
        assert.deepEqual(window.told, ['removed user_1 (elsewhere)']);
      });

      it(`tells of another token as soon as it is read again, once, by ${what}`, async () => {
        await unseen(() => other.signIn('user_1'));
        await read();
        await read();
        assert.deepEqual(window.told, ['changed user_1 (elsewhere)']);
      });
    }

    it('tells of a first sign-in as soon as somebody asks for it', async () => {
      await unseen(() => other.signIn('user_2'));
      assert.ok(await window.sessions.find(deployment, 'user_2'));
      assert.deepEqual(window.told, ['added user_2 (elsewhere)']);
    });
  });

  for (const verb of ['get', 'store', 'delete'] as const) {
    it(`never takes a session away when ${verb} fails during a renewal`, async () => {
      const before = await window.sessions.find(deployment, 'user_1');
      await clock.tickAsync(55 * minute);
      window.secrets.before = failing(verb);
      const found = await window.sessions.find(deployment, 'user_1');
      if (verb !== 'delete') assert.deepEqual(found, before);
      assert.equal(window.failures.length, verb === 'delete' ? 0 : 1, 'a lease left behind ends by itself');
      assert.ok(window.told.every((line) => line.startsWith('changed')));
      window.secrets.before = unlocked;
      await clock.tickAsync(10 * minute);
      const later = await window.sessions.find(deployment, 'user_1');
      assert.ok(later, 'expired meanwhile, and renewed when asked for');
      assert.notEqual(later.accessToken, before?.accessToken);
    });
  }

  it('leaves the old token to whoever asks where nothing can be read or written any more', async () => {
    const before = await window.sessions.find(deployment, 'user_1');
    await clock.tickAsync(55 * minute);
    window.secrets.before = (verb, key) =>
      key.startsWith('session:') ? failing('get', 'store')(verb, key) : undefined;
    assert.deepEqual(await window.sessions.find(deployment, 'user_1'), before);
  });

  it('leaves the sign-in for another user alone', async () => {
    window.secrets.before = (verb, key) => (key.endsWith('user_2') ? failing('store')(verb, key) : undefined);
    const [failed, signedIn] = await Promise.allSettled([window.signIn('user_2'), window.signIn('user_3')]);
    assert.deepEqual([failed.status, signedIn.status], ['rejected', 'fulfilled']);
    assert.deepEqual(userids(await window.sessions.list(deployment)), ['user_1', 'user_3']);
  });
});

describe('SecretStorage that hangs', () => {
  const clock = fakeClock();
  let window: Window;

  beforeEach(async () => {
    window = openWindow(desktopSecrets());
    await window.signIn('user_1', newToken(hour));
    await window.signIn('user_2', newToken(hour));
    await window.sessions.list(deployment);
  });

  it('lets no renewal ask for anything before it is known who renews', async () => {
    await clock.tickAsync(55 * minute);
    window.secrets.before = hanging((_verb, key) => key.startsWith('lease:'));
    void window.sessions.find(deployment, 'user_1');
    await clock.tickAsync(second);
    assert.deepEqual(window.requests, []);
  });

  it('holds up only the user whose record it hangs on', async () => {
    window.secrets.before = hanging((_verb, key) => key.endsWith('user_1'));
    void window.signIn('user_1');
    assert.equal((await window.sessions.find(deployment, 'user_2'))?.userid, 'user_2');
    await window.signIn('user_2');
    await window.sessions.signOut(deployment, 'user_2');
    assert.deepEqual(window.told.slice(2), ['changed user_2 (signIn)', 'removed user_2 (signOut)']);
  });

  it('lets nobody wait for a lease to be given back', async () => {
    await clock.tickAsync(55 * minute);
    window.secrets.before = hanging((verb) => verb === 'delete');
    assert.ok(await window.sessions.find(deployment, 'user_1'));
    assert.equal(window.told.at(-1), 'changed user_1 (renewal)');
  });

  it('does not keep a token from whoever asks while it could be renewed', async () => {
    await clock.tickAsync(55 * minute);
    window.secrets.before = hanging(() => true);
    let found: unknown = 'still waiting';
    void window.sessions.find(deployment, 'user_1').then((session) => (found = session?.userid));
    await clock.tickAsync(9 * second);
    assert.equal(found, 'still waiting');
    await clock.tickAsync(second);
    assert.equal(found, 'user_1');
  });
});
