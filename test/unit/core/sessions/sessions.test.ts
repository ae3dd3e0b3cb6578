import assert from 'node:assert/strict';
import type { Token } from '../../../../src/core/oauth/tokenRequest.ts';
import { fakeClock } from '../../support/fakeClock.ts';
import { desktopSecrets, failing } from '../../support/secretStorage.ts';
import {
  deployment,
  hour,
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
    assert.deepEqual(await sessions.find(''), session);
    assert.equal((await sessions.find('user_2'))?.userid, 'user_2');
    assert.equal(await sessions.find('user_3'), undefined);
    assert.deepEqual(userids(await sessions.list()), ['user_1', 'user_2', '']);
    assert.deepEqual(userids(await sessions.listUsable()), ['user_1', 'user_2', '']);
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
    assert.deepEqual(await sessions.signOut('user_1'), second);
    assert.equal(await sessions.signOut('user_1'), undefined);
    assert.equal(await sessions.find('user_1'), undefined);
    assert.deepEqual(told, ['added user_1 (signIn)', 'changed user_1 (signIn)', 'removed user_1 (signOut)']);
  });

  it('tells nothing of what it finds stored, and nothing more once it is disposed', async () => {
    await window.signIn('user_1');
    const { sessions, told, signIn } = openWindow(host);
    assert.deepEqual(userids(await sessions.list()), ['user_1']);
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
    await sessions.signOut('user_1');
    await sessions.restore(deployment, session);
    assert.deepEqual(await sessions.find('user_1'), session);
    assert.deepEqual(told.slice(1), ['removed user_1 (signOut)', 'added user_1 (signIn)']);
  });

  describe('a sign-in', () => {
    /** A token request that a test answers. */
    function request(): {
      ask: () => Promise<Token>;
      asked: () => number;
      answer: (token: Token) => void;
      refuse: (error: Error) => void;
    } {
      let [asked, answer, refuse] = [
        0,
        (_token: Token): void => undefined,
        (_error: Error): void => undefined,
      ];
      const token = new Promise<Token>((resolve, reject) => {
        [answer, refuse] = [resolve, reject];
      });
      return { ask: () => (asked++, token), asked: () => asked, answer, refuse };
    }

    it('is joined by a second one for the same user, and by that one only', async () => {
      const { sessions, told } = window;
      const [first, second, other] = [request(), request(), request()];
      const one = sessions.signIn(deployment, 'user_1', first.ask);
      const two = sessions.signIn(deployment, 'user_1', second.ask);
      const three = sessions.signIn(deployment, 'user_2', other.ask);
      other.answer(newToken());
      assert.equal((await three).userid, 'user_2');
      first.answer(newToken());
      assert.deepEqual(await one, await two);
      assert.deepEqual([first.asked(), second.asked(), other.asked()], [1, 0, 1]);
      assert.deepEqual(told, ['added user_2 (signIn)', 'added user_1 (signIn)']);
    });

    it('that fails fails for all who joined, and nobody else; the next one asks anew', async () => {
      const { sessions, told, signIn } = window;
      const [first, other] = [request(), request()];
      const running = [1, 2].map(() => sessions.signIn(deployment, 'user_1', first.ask));
      const three = sessions.signIn(deployment, 'user_2', other.ask);
      first.refuse(new Error('refused'));
      for (const each of running) await assert.rejects(each, /refused/);
      other.answer(newToken());
      await three;
      await signIn('user_1');
      assert.deepEqual(told, ['added user_2 (signIn)', 'added user_1 (signIn)']);
    });

    it('that fails leaves the session of before', async () => {
      const session = await window.signIn('user_1');
      const refused = () => Promise.reject(new Error('refused'));
      await assert.rejects(window.sessions.signIn(deployment, 'user_1', refused), /refused/);
      assert.deepEqual(await window.sessions.find('user_1'), session);
    });

    it('for one deployment is not joined by one for another', async () => {
      const [first, second] = [request(), request()];
      void window.sessions.signIn(deployment, 'user_1', first.ask);
      const two = window.sessions.signIn(otherDeployment, 'user_1', second.ask);
      second.answer(newToken());
      assert.equal((await two).clientId, otherDeployment.clientId);
    });
  });

  describe('switched to another deployment', () => {
    beforeEach(async () => {
      await window.signIn('user_1');
      await window.sessions.use(otherDeployment);
      await window.signIn('user_2');
      window.told.length = 0;
    });

    it("give and tell that one's sessions only", async () => {
      const { sessions, told } = window;
      assert.deepEqual(sessions.deployment, otherDeployment);
      assert.equal(await sessions.find('user_1'), undefined);
      assert.deepEqual(userids(await sessions.list()), ['user_2']);
      await sessions.use(deployment);
      assert.deepEqual(told, ['removed user_2 (settings)', 'added user_1 (settings)']);
      assert.deepEqual(userids(await sessions.list()), ['user_1']);
      assert.equal(await sessions.find('user_2'), undefined);
    });

    it('tell nothing where it is the same one, or of changes to the one before', async () => {
      const { sessions, store, told } = window;
      await sessions.use({ ...otherDeployment });
      await sessions.signIn(deployment, 'user_3', () => Promise.resolve(newToken()));
      await store.delete(deployment, 'user_1');
      assert.deepEqual(told, []);
    });

    it('give nothing and sign nobody out where it is none', async () => {
      const { sessions, told } = window;
      await sessions.use(undefined);
      assert.deepEqual(told, ['removed user_2 (settings)']);
      assert.deepEqual([await sessions.find('user_2'), await sessions.list()], [undefined, []]);
      assert.deepEqual(
        [await sessions.signOut('user_2'), await sessions.renew('user_2')],
        [undefined, false],
      );
      assert.deepEqual([sessions.tick(), sessions.unrenewable()], [undefined, []]);
      assert.equal(sessions.isRenewing('user_2'), false);
      assert.equal(host.stored.size, 2);
    });

    it('tell rightly where the settings change again before the first change is done', async () => {
      const third = { ...deployment, key: 'c'.repeat(32) };
      const { sessions, told } = window;
      await Promise.all([sessions.use(third), sessions.use(deployment)]);
      assert.deepEqual(told, ['removed user_2 (settings)', 'added user_1 (settings)']);
      await Promise.all([sessions.use(otherDeployment), sessions.use(third), sessions.use(undefined)]);
      assert.deepEqual(told.slice(2), ['removed user_1 (settings)']);
    });

    it('tell each once that comes while they are read, or where the settings go there and back', async () => {
      const { sessions, secrets, signIn, told } = openWindow(host);
      let answer = (): void => undefined;
      const answered = new Promise<void>((resolve) => (answer = resolve));
      secrets.before = (verb) => (verb === 'keys' ? answered : undefined);
      const switched = [otherDeployment, deployment, otherDeployment].map((one) => sessions.use(one));
      await signIn('user_4');
      answer();
      await Promise.all(switched);
      assert.deepEqual(told, ['added user_4 (signIn)', 'added user_2 (settings)']);
    });

    it('tell what went although storage fails', async () => {
      const { sessions, secrets, told } = openWindow(host);
      await sessions.find('user_1');
      secrets.before = failing('keys');
      await assert.rejects(sessions.use(otherDeployment), /locked/);
      assert.deepEqual(told, ['removed user_1 (settings)']);
      secrets.before = () => undefined;
      assert.deepEqual(userids(await sessions.list()), ['user_2']);
    });

    it('answer a question from before the switch for the deployment of before', async () => {
      const { sessions } = openWindow(host);
      const finding = sessions.find('user_1');
      await sessions.use(undefined);
      assert.equal((await finding)?.userid, 'user_1');
    });

    it("leave the use of this deployment's token alone when a sign-in at another ends", async () => {
      const { sessions, requests } = window;
      await sessions.signIn(deployment, 'user_2', () => Promise.resolve(newToken()));
      await clock.tickAsync(55 * minute);
      sessions.tick();
      await clock.tickAsync(0);
      assert.deepEqual(requests, ['user_2']);
    });
  });

  it("answer nobody with another deployment's token, though the userid is the same", async () => {
    const own = await window.signIn('user_1', newToken(hour));
    await window.sessions.use(otherDeployment);
    const other = await window.signIn('user_1', newToken(hour));
    assert.deepEqual(await window.sessions.find('user_1'), other);
    await window.sessions.use(deployment);
    assert.deepEqual(await window.sessions.list(), [own]);
  });
});
