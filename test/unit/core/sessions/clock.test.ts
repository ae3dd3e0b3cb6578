import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createSession, remainingMs, type Session } from '../../../../src/core/sessions/session.ts';
import { runs } from '../../support/propertyRuns.ts';
import { fakeClock } from '../../support/fakeClock.ts';
import { desktopSecrets } from '../../support/secretStorage.ts';
import { day, deployment, hour, minute, openWindow } from '../../support/window.ts';

/** True time when the token comes. */
const start = Date.UTC(2025, 2, 31, 12);

/** A session on a computer whose clock is so much ahead of the server's, which is right. */
function sessionWhile(ahead: number, lifetime: number): Session {
  const token = { accessToken: 'a', expiration: start + lifetime, clockSkew: -ahead };
  return createSession(deployment, 'user_1', token, start + ahead);
}

const clocks: [name: string, ahead: number][] = [
  ['right', 0],
  ['an hour ahead', hour],
  ['an hour behind', -hour],
  ['ten minutes ahead', 10 * minute],
  ['ten minutes behind', -10 * minute],
  ['two days ahead', 2 * day],
];

const error = fc.integer({ min: -2 * day, max: 2 * day });
const lifetime = fc.integer({ min: 1, max: 60 * day });

for (const [name, ahead] of clocks) {
  describe(`on a computer whose clock is ${name}`, () => {
    const clock = fakeClock();

    it('a token lives as long as the server says', () => {
      const session = sessionWhile(ahead, hour);
      for (const elapsed of [0, 1, 59 * minute, hour, 2 * hour]) {
        assert.equal(remainingMs(session, start + elapsed + ahead), hour - elapsed);
      }
    });

    it('it is handed out, renewed and dropped on time', async () => {
      const now = (): number => Date.now() + ahead;
      const newToken = () => ({
        accessToken: crypto.randomUUID(),
        expiration: Date.now() + hour,
        clockSkew: -ahead,
      });
      const window = openWindow(desktopSecrets(), { now });
      const { accessToken } = await window.signIn('user_1', newToken());
      window.answer = () => Promise.resolve(newToken());
      await clock.tickAsync(54 * minute - 1);
      assert.equal((await window.sessions.find(deployment, 'user_1'))?.accessToken, accessToken);
      await clock.tickAsync(1);
      assert.notEqual((await window.sessions.find(deployment, 'user_1'))?.accessToken, accessToken);
      window.renewsSilently = false;
      await clock.tickAsync(hour - 1);
      assert.equal(window.sessions.tick(), 1);
      assert.ok(await window.sessions.find(deployment, 'user_1'));
      await clock.tickAsync(1);
      window.sessions.tick();
      assert.equal(await window.sessions.find(deployment, 'user_1'), undefined);
      assert.equal(window.told.at(-1), 'removed user_1 (expiry)');
    });

    it('a token that came before the clock was set right never seems to live longer than it does', () => {
      const session = sessionWhile(ahead, 60 * day);
      for (const elapsed of [0, 1, minute, 10 * minute - 1].filter((ms) => ahead <= 0 || ms < ahead)) {
        assert.ok(remainingMs(session, start + elapsed) <= 60 * day - elapsed);
      }
    });
  });
}

describe('a computer whose clock is wrong', () => {
  it('hands out what the server takes and nothing that it refuses, while the clock goes on as it is', async () => {
    const elapsed = fc.integer({ min: 0, max: 60 * day });
    await fc.assert(
      fc.asyncProperty(error, lifetime, elapsed, async (ahead, ms, later) => {
        let now = start + ahead;
        const window = openWindow(desktopSecrets(), { now: () => now });
        const { signIn, sessions } = window;
        window.measureSkew = () => Promise.resolve(-ahead);
        await signIn('user_1', { accessToken: 'a', expiration: start + ms, clockSkew: -ahead });
        now += later;
        const [found, listed, usable] = [
          sessions.find(deployment, 'user_1'),
          sessions.list(deployment),
          sessions.listUsable(deployment),
        ];
        const refused = later >= ms;
        if (refused) {
          // Only a token that was obtained since may be handed out.
          assert.notEqual((await found)?.accessToken, 'a');
          assert.ok((await listed).every(({ accessToken }) => accessToken !== 'a'));
        } else assert.ok(await found);
        assert.equal((await usable).length, refused ? 0 : 1);
      }),
      runs(500),
    );
  });

  it('is wrong about a token by no more than it was ahead, whenever it is set right', () => {
    const elapsed = fc.integer({ min: 0, max: 60 * day });
    fc.assert(
      fc.property(error, lifetime, elapsed, (ahead, ms, later) => {
        const wrongBy = remainingMs(sessionWhile(ahead, ms), start + later) - (ms - later);
        // It cannot be told from a clock that is still ahead once the time has passed that it was ahead by.
        const most = ahead > 0 && later >= ahead ? ahead : 0;
        assert.ok(wrongBy <= most && wrongBy >= Math.min(ahead, 0));
      }),
      runs(5_000),
    );
  });

  it('takes nothing for longer that came while its clock was behind and is set back further', () => {
    for (const setBack of [1, minute, hour]) {
      const session = sessionWhile(-hour, 60 * day);
      assert.equal(remainingMs(session, session.obtained - setBack), 60 * day + setBack);
    }
  });

  it('takes a clock that jumps over the expiry for what it is, in both directions', async () => {
    let now = start;
    const { signIn, sessions } = openWindow(desktopSecrets(), { now: () => now });
    const session = await signIn('user_1', { accessToken: 'a', expiration: start + hour, clockSkew: 0 });
    now = start + 2 * hour;
    assert.deepEqual(await sessions.listUsable(deployment), []);
    now = start + minute;
    assert.deepEqual(await sessions.listUsable(deployment), [session]);
  });
});
