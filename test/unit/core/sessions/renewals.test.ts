import assert from 'node:assert/strict';
import { AiriskError } from '../../../../src/core/errors.ts';
import type { Session } from '../../../../src/core/sessions/session.ts';
import { fakeClock } from '../../support/fakeClock.ts';
import { desktopSecrets } from '../../support/secretStorage.ts';
import { deployment, hour, minute, newToken, openWindow, second, type Window } from '../../support/window.ts';

const offline = () => Promise.reject(new AiriskError('unreachable'));
const never = <T>(): Promise<T> => new Promise(() => undefined);

describe('whoever asks for a token', () => {
  const clock = fakeClock();
  let host = desktopSecrets();
  let window: Window;
  let before: Session;

  const find = (): Promise<Session | undefined> => window.sessions.find(deployment, 'user_1');

  /** What `find` gives within so many ms. */
  async function findWithin(ms: number): Promise<Session | undefined | 'waits'> {
    let found: Session | undefined | 'waits' = 'waits';
    void find().then((session) => (found = session));
    await clock.tickAsync(ms);
    return found;
  }

  beforeEach(async () => {
    host = desktopSecrets();
    window = openWindow(host);
    before = await window.signIn('user_1', newToken(hour));
    window.told.length = 0;
  });

  describe('while it still lives, but not for long', () => {
    beforeEach(() => clock.tickAsync(55 * minute));

    it('gets another one, told as a change; the record keeps its key', async () => {
      const keys = [...host.stored.keys()];
      const session = await find();
      assert.notEqual(session?.accessToken, before.accessToken);
      assert.deepEqual(await openWindow(host).sessions.find(deployment, 'user_1'), session);
      assert.deepEqual(window.told, ['changed user_1 (renewal)']);
      assert.deepEqual([...host.stored.keys()], keys, 'the lease is released');
      assert.equal(clock.countTimers(), 0);
    });

    it('shares the one renewal with everybody else', async () => {
      await window.signIn('user_2', newToken(minute));
      await clock.tickAsync(40 * second);
      const lists = [1, 2, 3].map(() => window.sessions.list(deployment));
      const found = await Promise.all([...lists, find().then((one) => [one]), find().then((one) => [one])]);
      assert.equal(new Set(found.map(([first]) => first?.accessToken)).size, 1);
      assert.deepEqual(window.requests, ['user_1', 'user_2']);
    });

    it('makes the window look again when a renewal begins and ends, and not when somebody joins it', async () => {
      window.answer = never;
      void find();
      await clock.tickAsync(0);
      assert.equal(window.activities, 1);
      for (let tick = 0; tick < 5; tick += 1) window.sessions.tick();
      void find();
      await clock.tickAsync(0);
      assert.equal(window.activities, 1);
    });

    it('gets the old one where the renewal fails', async () => {
      window.answer = offline;
      assert.deepEqual(await find(), before);
      assert.deepEqual([window.told, window.failures.length], [[], 1]);
      assert.equal(host.stored.size, 1, 'the lease is released');
    });

    it('gets the old one after ten seconds where the renewal hangs, and every time', async () => {
      window.answer = never;
      assert.equal(await findWithin(10 * second - 1), 'waits');
      for (let i = 0; i < 5; i++) assert.deepEqual(await findWithin(10 * second), before);
      assert.deepEqual(window.requests, ['user_1']);
      await clock.tickAsync(10 * second);
      assert.equal(clock.countTimers(), 1, 'the lease is held for as long');
    });

    it('gets the other one later where the renewal takes long', async () => {
      const token = newToken();
      window.answer = () => new Promise((resolve) => setTimeout(() => resolve(token), 20 * second));
      assert.deepEqual(await findWithin(10 * second), before);
      await clock.tickAsync(10 * second);
      assert.deepEqual(window.told, ['changed user_1 (renewal)']);
      assert.equal((await find())?.accessToken, token.accessToken);
    });

    for (const [what, answer] of [
      ['works', () => Promise.resolve(newToken())],
      ['fails', offline],
      ['hangs', never],
    ] as const) {
      it(`gets none where it is signed out while a renewal ${what}`, async () => {
        window.answer = async () => {
          await window.sessions.signOut(deployment, 'user_1');
          return answer();
        };
        assert.equal(await findWithin(10 * second), undefined);
        assert.deepEqual(window.told, ['removed user_1 (signOut)']);
        assert.deepEqual(await window.sessions.listStored(deployment), []);
      });
    }

    it('gets the token of a sign-in that came while a renewal failed', async () => {
      let signedIn: Session | undefined;
      window.answer = async () => {
        signedIn = await window.signIn('user_1');
        return offline();
      };
      assert.deepEqual(await find(), signedIn);
    });

    it('gets the token of a sign-in that came while a renewal worked', async () => {
      let signedIn: Session | undefined;
      window.answer = async () => {
        signedIn = await window.signIn('user_1');
        return newToken();
      };
      assert.deepEqual(await find(), signedIn);
      assert.deepEqual(window.told, ['changed user_1 (signIn)']);
    });
  });

  describe('after it has expired', () => {
    beforeEach(() => clock.tickAsync(hour));

    it('gets another one, told as a change', async () => {
      assert.notEqual((await find())?.accessToken, before.accessToken);
      assert.deepEqual(window.told, ['changed user_1 (renewal)']);
    });

    it('gets another one, told as a change where a computer that slept over it has just woken up', async () => {
      window.sessions.tick();
      assert.ok(await find());
      assert.deepEqual(window.told, ['changed user_1 (renewal)']);
    });

    it('is told as removed once its renewal has failed', async () => {
      window.answer = offline;
      window.sessions.tick();
      assert.equal(await find(), undefined);
      window.sessions.tick();
      assert.deepEqual(window.told, ['removed user_1 (expiry)']);
    });

    it('gets none where the renewal fails or hangs, and the record stays', async () => {
      window.answer = offline;
      assert.equal(await find(), undefined);
      await clock.tickAsync(minute);
      window.answer = never;
      assert.equal(await findWithin(10 * second), undefined);
      assert.deepEqual([await window.sessions.listStored(deployment), window.told], [[before], []]);
    });

    it('gets one as soon as the network is back', async () => {
      window.answer = offline;
      assert.equal(await find(), undefined);
      window.answer = () => Promise.resolve(newToken());
      await clock.tickAsync(29 * second);
      assert.equal(await find(), undefined);
      await clock.tickAsync(second);
      assert.ok(await find());
    });
  });

  it('gets no token that has died while the renewal was under way', async () => {
    await clock.tickAsync(hour - 5 * second);
    window.answer = never;
    assert.equal(await findWithin(10 * second), undefined);
  });

  describe('to be renewed at once', () => {
    it('hears whether that worked', async () => {
      const { sessions } = window;
      assert.equal(await sessions.renew(deployment, 'user_1'), true);
      window.answer = offline;
      assert.equal(await sessions.renew(deployment, 'user_1'), false);
      assert.equal(await sessions.renew(deployment, 'nobody'), false);
      assert.deepEqual(window.requests, ['user_1', 'user_1']);
      assert.deepEqual(window.told, ['changed user_1 (renewal)']);
    });

    it('says why it did not work, until it does', async () => {
      const { sessions } = window;
      const session = { deployment, userid: 'user_1' };
      assert.equal(sessions.failureOf(session), undefined);
      const error = new AiriskError('invalid_client');
      window.answer = () => Promise.reject(error);
      await sessions.renew(deployment, 'user_1');
      assert.equal(sessions.failureOf(session)?.error, error);
      window.answer = () => Promise.resolve(newToken());
      await sessions.renew(deployment, 'user_1');
      assert.equal(sessions.failureOf(session), undefined);
    });

    it('is not kept waiting by an earlier failure', async () => {
      window.answer = () => Promise.reject(new AiriskError('not_silent'));
      await window.sessions.renew(deployment, 'user_1');
      assert.deepEqual(
        window.sessions.unrenewable().map(({ stored }) => stored),
        [before],
      );
      window.answer = () => Promise.resolve(newToken());
      assert.equal(await window.sessions.renew(deployment, 'user_1'), true);
    });
  });
});
