import assert from 'node:assert/strict';
import {
  createSession,
  renewedSession,
  type Session,
  sessionKey,
  storedText,
} from '../../../../src/core/sessions/session.ts';
import { type StoredChange, SessionStore } from '../../../../src/core/sessions/store.ts';
import { fakeClock } from '../../support/fakeClock.ts';
import { desktopSecrets, hanging } from '../../support/secretStorage.ts';
import { deployment, newToken, otherDeployment, userids } from '../../support/window.ts';

const keyOf = (userid: string): string => sessionKey(deployment, userid);

function newSession(userid: string): Session {
  return createSession(deployment, userid, newToken(), Date.now());
}

describe('SessionStore', () => {
  const clock = fakeClock();
  let host = desktopSecrets();
  let secrets = host.openWindow();
  let store: SessionStore;
  let told: string[];

  /** A window opened on what is stored. */
  function open(): void {
    secrets = host.openWindow();
    store = new SessionStore(secrets, () => assert.fail('no record is damaged'));
    told = [];
    store.onDidChange((change) => told.push(line(change)));
  }

  beforeEach(() => {
    host = desktopSecrets();
    open();
  });

  it('keeps one record for each user, and gives it back in a window opened later', async () => {
    const sessions = ['user_1', 'user_2', ''].map(newSession);
    for (const session of sessions) await store.put(session);
    assert.deepEqual([...host.stored.keys()], ['user_1', 'user_2', ''].map(keyOf));
    open();
    for (const session of sessions) {
      assert.deepEqual(await store.get(deployment, session.userid), session);
    }
    assert.deepEqual(await store.list(deployment), sessions);
    assert.equal(await store.get(deployment, 'user_3'), undefined);
  });

  it('replaces the record of the same user', async () => {
    const [first, second] = [newSession('user_1'), newSession('user_1')];
    await store.put(first);
    await store.put(second);
    assert.equal(host.stored.size, 1);
    assert.deepEqual(await store.list(deployment), [second]);
  });

  it("keeps deployments apart, and other extensions' and kinds' keys out", async () => {
    const session = newSession('user_1');
    await store.put(session);
    await store.put(createSession(otherDeployment, 'user_1', newToken(), Date.now()));
    host.stored.set(`client:v1:${deployment.key}`, 'secret');
    host.stored.set(`lease:v1:${keyOf('user_1')}`, '{}');
    open();
    assert.deepEqual(await store.list(deployment), [session]);
    assert.equal((await store.list(otherDeployment)).length, 1);
  });

  it('asks the host once for each record, however often it is read', async () => {
    await store.put(newSession('user_1'));
    await store.put(newSession('user_2'));
    open();
    for (let i = 0; i < 10; i++) {
      await store.list(deployment);
      await store.get(deployment, 'user_1');
      await store.get(deployment, 'nobody');
    }
    const reads = ['user_1', 'user_2', 'nobody'].map((userid) => `get ${keyOf(userid)}`);
    assert.deepEqual(secrets.calls, ['keys', ...reads]);
  });

  it('tells what came, what was replaced and what went, with before and after', async () => {
    const first = newSession('user_1');
    const second = renewedSession(first, newToken(), Date.now());
    const changes: StoredChange[] = [];
    store.onDidChange((change) => changes.push(change));
    await store.put(first);
    await store.replace(first, second);
    assert.deepEqual(await store.delete(deployment, 'user_1'), second);
    const key = keyOf('user_1');
    assert.deepEqual(changes, [
      { key, reason: 'signIn', before: undefined, after: first },
      { key, reason: 'renewal', before: first, after: second },
      { key, reason: 'signOut', before: second, after: undefined },
    ]);
  });

  it('tells of nothing for writes that change nothing, nor after a listener has left', async () => {
    const session = newSession('user_1');
    await store.put(session);
    await store.put(session);
    await store.delete(deployment, 'nobody');
    assert.deepEqual(told, ['signIn user_1: + ']);
    const leaving = store.onDidChange(() => assert.fail('told after it left'));
    leaving.dispose();
    store.dispose();
    await store.delete(deployment, 'user_1');
    assert.deepEqual(told, ['signIn user_1: + '], 'a disposed store tells nothing');
    const calls = secrets.calls.length;
    await host.openWindow().store(keyOf('user_1'), storedText(session));
    await clock.tickAsync(0);
    assert.equal(secrets.calls.length, calls, 'and reads nothing that other windows write');
  });

  it('finds what is signed in after it has listed', async () => {
    assert.deepEqual(await store.list(deployment), []);
    await store.put(newSession('user_1'));
    assert.deepEqual(userids(await store.list(deployment)), ['user_1']);
    await store.delete(deployment, 'user_1');
    assert.deepEqual(await store.list(deployment), []);
  });

  it('reads one record while another hangs, and while keys() hangs', async () => {
    await store.put(newSession('user_1'));
    await store.put(newSession('user_2'));
    open();
    secrets.before = hanging((verb, key) => verb === 'keys' || key === keyOf('user_1'));
    let listed = false;
    void store.list(deployment).then(() => (listed = true));
    void store.get(deployment, 'user_1');
    assert.equal((await store.get(deployment, 'user_2'))?.userid, 'user_2');
    await store.put(newSession('user_3'));
    assert.equal((await store.get(deployment, 'user_3'))?.userid, 'user_3');
    await clock.tickAsync(60_000);
    assert.equal(listed, false);
  });

  it('does one thing after the other with each record', async () => {
    let running = 0;
    let most = 0;
    secrets.before = async () => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running--;
    };
    const [first, second] = [newSession('user_1'), newSession('user_1')];
    await Promise.all([
      store.put(first),
      store.replace(first, second),
      store.delete(deployment, 'user_1'),
      store.put(second),
    ]);
    assert.equal(most, 1);
    assert.deepEqual(await store.list(deployment), [second]);
  });

  describe('replace', () => {
    const [before, after] = [newSession('user_1'), newSession('user_1')];

    it('puts one session in the place of another', async () => {
      await store.put(before);
      const renewed = renewedSession(before, newToken(), Date.now());
      assert.deepEqual(await store.replace(before, renewed), renewed);
      assert.deepEqual(await store.get(deployment, 'user_1'), renewed);
    });

    it('does not bring back what was signed out, here or in another window', async () => {
      await store.put(before);
      await store.delete(deployment, 'user_1');
      assert.equal(await store.replace(before, after), undefined);

      await store.put(before);
      await host.openWindow().delete(keyOf('user_1'));
      assert.equal(await store.replace(before, after), undefined);
      assert.deepEqual([...host.stored], []);
      assert.deepEqual(told.at(-1), 'elsewhere user_1: - ');
    });

    it('does not bring back what was signed out here while another window renewed it', async () => {
      await store.put(before);
      await store.delete(deployment, 'user_1');
      await host
        .openWindow()
        .store(keyOf('user_1'), storedText(renewedSession(before, newToken(), Date.now())));
      await clock.tickAsync(0);
      assert.equal(await store.get(deployment, 'user_1'), undefined);
      assert.deepEqual([...host.stored], []);
      assert.deepEqual(told, ['signIn user_1: + ', 'signOut user_1: - ']);

      await store.delete(deployment, 'user_1');
      await host
        .openWindow()
        .store(keyOf('user_1'), storedText(renewedSession(before, newToken(), Date.now())));
      await clock.tickAsync(0);
      assert.equal(await store.get(deployment, 'user_1'), undefined, 'signed out twice');

      await host.openWindow().store(keyOf('user_1'), storedText(after));
      await clock.tickAsync(0);
      assert.deepEqual(await store.get(deployment, 'user_1'), after, 'the next sign-in counts');
    });

    it('leaves a session alone that came from another sign-in', async () => {
      const other = newSession('user_1');
      await store.put(before);
      await host.openWindow().store(keyOf('user_1'), storedText(other));
      assert.deepEqual(await store.replace(before, after), other);
      assert.deepEqual(await store.get(deployment, 'user_1'), other);
    });
  });
});

function line({ key, reason, before, after }: StoredChange): string {
  const sign = before && after ? '~' : after ? '+' : '-';
  return `${reason} ${decodeURIComponent(key.split(':').at(-1) ?? '')}: ${sign} `;
}
