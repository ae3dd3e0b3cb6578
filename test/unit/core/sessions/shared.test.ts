import assert from 'node:assert/strict';
import { fakeClock } from '../../support/fakeClock.ts';
import { desktopSecrets, type SecretTiming, unsteady } from '../../support/secretStorage.ts';
import { deployment, openWindow, userids, type Window } from '../../support/window.ts';

const timings: [name: string, timing: () => SecretTiming][] = [
  ['at once', () => ({})],
  ['with delays, events late, doubled and out of order', () => unsteady(42, 30)],
];

for (const [name, timing] of timings) {
  describe(`two windows that share secrets, ${name}`, () => {
    const clock = fakeClock();
    let windows: readonly [Window, Window];

    /** Does a thing, and lets everything happen that comes of it. */
    async function after<T>(action: () => Promise<T>): Promise<T> {
      const running = action();
      await clock.runAllAsync();
      return running;
    }

    /** What both windows were told since the last time. */
    function told(): [string[], string[]] {
      return [windows[0].told.splice(0), windows[1].told.splice(0)];
    }

    beforeEach(() => {
      const host = desktopSecrets(timing());
      windows = [openWindow(host), openWindow(host)];
    });

    it('tell of a sign-in, a renewal and a sign-out once each', async () => {
      const [one, two] = windows;
      await after(() => one.signIn('user_1'));
      assert.deepEqual(told(), [['added user_1 (signIn)'], ['added user_1 (elsewhere)']]);
      assert.equal(await after(() => two.sessions.renew(deployment, 'user_1')), true);
      assert.deepEqual(told(), [['changed user_1 (elsewhere)'], ['changed user_1 (renewal)']]);
      assert.deepEqual(
        await after(() => one.sessions.find(deployment, 'user_1')),
        await two.sessions.find(deployment, 'user_1'),
      );
      await after(() => one.sessions.signOut(deployment, 'user_1'));
      assert.deepEqual(told(), [['removed user_1 (signOut)'], ['removed user_1 (elsewhere)']]);
      assert.equal(await after(() => two.sessions.find(deployment, 'user_1')), undefined);
    });

    it('agree where both sign in as one user at once', async () => {
      const [one, two] = windows;
      await after(() => Promise.all([one.signIn('user_1'), two.signIn('user_1')]));
      const [ofOne, ofTwo] = await after(() =>
        Promise.all([one.sessions.list(deployment), two.sessions.list(deployment)]),
      );
      assert.equal(ofOne.length, 1);
      assert.deepEqual(ofOne, ofTwo);
    });

    it('lose none of 100 users, 50 signed in at once in each', async () => {
      const users = [...Array(100).keys()].map((i) => `user_${i}`);
      await after(() => Promise.all(users.map((userid, i) => windows[i % 2 ? 1 : 0].signIn(userid))));
      for (const [i, window] of windows.entries()) {
        const listed = await after(() => window.sessions.list(deployment));
        assert.deepEqual(userids(listed).toSorted(), users.toSorted());
        const own = (userid: string): boolean => users.indexOf(userid) % 2 === i;
        assert.deepEqual(
          window.told.toSorted(),
          users.map((userid) => `added ${userid} (${own(userid) ? 'signIn' : 'elsewhere'})`).toSorted(),
        );
      }
      const reopened = openWindow({ stored: new Map(), openWindow: () => windows[0].secrets });
      assert.equal((await after(() => reopened.sessions.list(deployment))).length, 100);
    });
  });
}
