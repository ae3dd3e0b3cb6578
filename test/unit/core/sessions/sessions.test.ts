import assert from 'node:assert/strict';
import { fakeClock } from '../../support/fakeClock.ts';
import { desktopSecrets, failing } from '../../support/secretStorage.ts';
import {
  deployment,
  minute,
  newToken,
  openWindow,
  otherDeployment,
  userids,
  type Window,
} from '../../support/window.ts';

describe('Sessions', () => {
  const clock = fakeClock();
  let host = desktopSecrets();
  let window: Window;

  beforeEach(() => {
    host = desktopSecrets();
    window = openWindow(host);
  });

  it('gives what was signed in, users before the application, and tells of each once', async () => {
    const { sessions, signIn, told } = window;
    const session = await signIn('');
    await signIn('user_1');
    await signIn('user_2');
    assert.deepEqual(await sessions.find(deployment, ''), session);
    assert.equal((await sessions.find(deployment, 'user_2'))?.userid, 'user_2');
    assert.equal(await sessions.find(deployment, 'user_3'), undefined);
    assert.deepEqual(userids(await sessions.list(deployment)), ['user_1', 'user_2', '']);
    assert.deepEqual(userids(await sessions.listUsable(deployment)), ['user_1', 'user_2', '']);
    const users = ['the application', 'user_1', 'user_2'];
    assert.deepEqual(
      told,
      users.map((user) => `added ${user} (signIn)`),
    );
  });

  it('tells of a second sign-in as a change, and of a sign-out once', async () => {
    const { sessions, signIn, told } = window;
    await signIn('user_1');
    const second = await signIn('user_1');
    assert.deepEqual(await sessions.signOut(deployment, 'user_1'), second);
    assert.equal(await sessions.signOut(deployment, 'user_1'), undefined);
    assert.equal(await sessions.find(deployment, 'user_1'), undefined);
    assert.deepEqual(told, ['added user_1 (signIn)', 'changed user_1 (signIn)', 'removed user_1 (signOut)']);
  });

  it('tells nothing of what it finds stored, and nothing more once it is disposed', async () => {
    await window.signIn('user_1');
    const { sessions, told, signIn } = openWindow(host);
    assert.deepEqual(userids(await sessions.list(deployment)), ['user_1']);
    assert.deepEqual(told, []);
    sessions.dispose();
    await signIn('user_2');
    assert.deepEqual(told, []);
  });

  it('stops telling a listener that has left', async () => {
    window.sessions.onDidChange(() => assert.fail('told after it left')).dispose();
    await window.signIn('user_1');
  });

  it('puts back what was signed out, with the same token', async () => {
    const { sessions, signIn, told } = window;
    const session = await signIn('user_1');
    await sessions.signOut(deployment, 'user_1');
    await sessions.restore(session);
    const restored = await sessions.find(deployment, 'user_1');
    assert.deepEqual(restored, { ...session, signIn: restored?.signIn });
    assert.deepEqual(told.slice(1), ['removed user_1 (signOut)', 'added user_1 (signIn)']);
  });

  describe('of several deployments', () => {
    const third = { ...deployment, key: 'c'.repeat(32) };

    beforeEach(async () => {
      await window.signIn('user_1');
      await window.sessions.configure([otherDeployment]);
      await window.sessions.add(otherDeployment, 'user_2', newToken());
      window.told.length = 0;
    });

    it('are told while their deployment is configured, and kept while it is not', async () => {
      const { sessions, told } = window;
      await sessions.configure([deployment]);
      assert.deepEqual(told, ['removed user_2 (settings)', 'added user_1 (settings)']);
      assert.deepEqual(userids(await sessions.list(deployment)), ['user_1']);
      assert.deepEqual(userids(await sessions.list(otherDeployment)), ['user_2']);
      await sessions.configure([deployment, otherDeployment]);
      assert.deepEqual(told.slice(2), ['added user_2 (settings)']);
      assert.equal(host.stored.size, 2);
    });

    it('are renewed and expire together', async () => {
      const { sessions, told, requests } = window;
      await sessions.configure([deployment, otherDeployment]);
      await sessions.find(deployment, 'user_1');
      told.length = 0;
      await clock.tickAsync(55 * minute);
      sessions.tick();
      await clock.tickAsync(0);
      assert.deepEqual(requests.toSorted(), ['user_1', 'user_2']);
      window.answer = () => Promise.reject(new Error('offline'));
      await clock.tickAsync(65 * minute);
      sessions.tick();
      await clock.tickAsync(0);
      sessions.tick();
      const ended = told.filter((line) => line.endsWith('(expiry)')).toSorted();
      assert.deepEqual(ended, ['removed user_1 (expiry)', 'removed user_2 (expiry)']);
    });

    it('tell nothing when nothing changes, or of a deployment that is not configured', async () => {
      const { sessions, store, told } = window;
      await sessions.configure([{ ...otherDeployment }]);
      await sessions.add(deployment, 'user_3', newToken());
      await store.delete(deployment, 'user_1');
      assert.deepEqual(told, []);
    });

    it('are neither told nor renewed when no deployment is configured', async () => {
      const { sessions, told, requests } = window;
      await sessions.configure([]);
      assert.deepEqual(told, ['removed user_2 (settings)']);
      await clock.tickAsync(55 * minute);
      assert.deepEqual([sessions.tick(), sessions.unrenewable(), requests], [undefined, [], []]);
      assert.equal(host.stored.size, 2);
    });

    it('are told rightly when the settings change again before the first change is done', async () => {
      const { sessions, told } = window;
      await Promise.all([sessions.configure([third]), sessions.configure([deployment])]);
      assert.deepEqual(told, ['removed user_2 (settings)', 'added user_1 (settings)']);
      await Promise.all([
        sessions.configure([otherDeployment]),
        sessions.configure([third]),
        sessions.configure([]),
      ]);
      assert.deepEqual(told.slice(2), ['removed user_1 (settings)']);
    });

    it('are told once when they come while they are read, or the settings go there and back', async () => {
      const { sessions, secrets, told } = openWindow(host);
      let answer = (): void => undefined;
      const answered = new Promise<void>((resolve) => (answer = resolve));
      secrets.before = (verb) => (verb === 'keys' ? answered : undefined);
      const switched = [otherDeployment, deployment, otherDeployment].map((one) => sessions.configure([one]));
      await sessions.add(otherDeployment, 'user_4', newToken());
      answer();
      await Promise.all(switched);
      assert.deepEqual(told, ['added user_4 (signIn)', 'added user_2 (settings)']);
    });

    it('are told as gone although storage fails', async () => {
      const { sessions, secrets, told } = openWindow(host);
      await sessions.find(deployment, 'user_1');
      secrets.before = failing('keys');
      await assert.rejects(sessions.configure([otherDeployment]), /locked/);
      assert.deepEqual(told, ['removed user_1 (settings)']);
      secrets.before = () => undefined;
      await sessions.list(otherDeployment);
      assert.deepEqual(told.slice(1), ['added user_2 (settings)']);
      await sessions.configure([otherDeployment]);
      await sessions.signOut(otherDeployment, 'user_2');
      assert.deepEqual(told.slice(2), ['removed user_2 (signOut)']);
    });

    it('answer a question from before their deployment went', async () => {
      const { sessions } = openWindow(host);
      const finding = sessions.find(deployment, 'user_1');
      await sessions.configure([]);
      assert.equal((await finding)?.userid, 'user_1');
    });

    it('never answer for one another, though the userid is the same', async () => {
      const { sessions } = window;
      const other = await sessions.add(otherDeployment, 'user_1', newToken());
      assert.deepEqual(await sessions.find(otherDeployment, 'user_1'), other);
      assert.notDeepEqual(await sessions.find(deployment, 'user_1'), other);
      await sessions.signOut(otherDeployment, 'user_1');
      assert.ok(await sessions.find(deployment, 'user_1'));
    });

    it('keep their tokens in use when a sign-in at another deployment ends', async () => {
      const { sessions, requests } = window;
      await sessions.add(deployment, 'user_2', newToken());
      await clock.tickAsync(55 * minute);
      sessions.tick();
      await clock.tickAsync(0);
      assert.deepEqual(requests, ['user_2']);
    });
  });
});
