import assert from 'node:assert/strict';
import { type Entry, newEntry } from '../../../../src/core/sessions/entry.ts';
import { Leases } from '../../../../src/core/sessions/leases.ts';
import { promptWindowMs } from '../../../../src/core/sessions/renewalPolicy.ts';
import { RenewalPrompts } from '../../../../src/core/sessions/renewalPrompts.ts';
import { createSession, type Session } from '../../../../src/core/sessions/session.ts';
import { Ticker } from '../../../../src/core/ticker.ts';
import { fakeClock } from '../../support/fakeClock.ts';
import { desktopSecrets, failing, type SecretHost, unsteady } from '../../support/secretStorage.ts';
import { day, deployment, hour, minute, newToken, second } from '../../support/window.ts';

const warningMs = 5 * minute;

/** A session whose token has just come and lives for so long. */
function living(lifetime: number, userid = 'user_1'): Session {
  return createSession(deployment, userid, newToken(lifetime), Date.now());
}

/** A window that asks about sessions as the display does, and the messages that are open in it. */
function openPrompts(host: SecretHost) {
  const secrets = host.openWindow();
  const asked: string[] = [];
  const open = new Map<string, () => void>();
  const entries = new Map<string, Entry>();
  const entryOf = (session: Session): Entry => {
    const entry = entries.get(session.userid) ?? newEntry(deployment, session.userid);
    entries.set(session.userid, entry);
    entry.told = session;
    return entry;
  };
  const prompts = new RenewalPrompts({
    leases: new Leases(secrets, Date.now),
    ask: ({ userid }) => {
      asked.push(userid);
      return new Promise((resolve) => open.set(userid, resolve));
    },
    onClosed: () => ticker.wake(),
  });
  const window = {
    secrets,
    /** Whom the user was asked about, in order. */
    asked,
    sessions: Array.of<Session>(),
    answer: (userid: string) => open.get(userid)?.(),
    wake: () => ticker.wake(),
  };
  const ticker = new Ticker({ now: Date.now, setTimeout, clearTimeout }, (now) => {
    const usable = window.sessions.filter(({ expiration }) => expiration > now);
    const next = prompts.offer(usable.map(entryOf), warningMs, now);
    const waits = [next ?? Infinity, ...usable.map(({ expiration }) => expiration - now)];
    return Math.min(...waits, minute);
  });
  return window;
}

describe('promptWindowMs', () => {
  const table: [lifetime: number, window: number][] = [
    [60 * day, 5 * minute],
    [10 * minute, 5 * minute],
    [5 * minute, 2.5 * minute],
    [20 * second, 10 * second],
  ];
  for (const [lifetime, window] of table) {
    it(`is ${window / second} s of ${lifetime / second} s`, () => {
      assert.equal(promptWindowMs(living(lifetime), warningMs), window);
    });
  }
});

describe('the question whether to renew', () => {
  const clock = fakeClock();
  let host = desktopSecrets();
  let window: ReturnType<typeof openPrompts>;

  /** Shows what a window has from now on. */
  async function have(...sessions: readonly Session[]): Promise<void> {
    window.sessions = [...sessions];
    window.wake();
    await clock.tickAsync(second);
  }

  beforeEach(() => {
    host = desktopSecrets();
    window = openPrompts(host);
  });

  it('comes at the warning time, once for a token, and again for the next one', async () => {
    await have(living(hour));
    await clock.tickAsync(55 * minute - 2 * second);
    assert.deepEqual(window.asked, []);
    await clock.tickAsync(2 * second);
    assert.deepEqual(window.asked, ['user_1']);
    window.answer('user_1');
    await clock.tickAsync(4 * minute);
    assert.deepEqual(window.asked, ['user_1']);
    await have(living(hour));
    await clock.tickAsync(hour - 2 * second);
    assert.deepEqual(window.asked, ['user_1', 'user_1']);
  });

  it('leaves whoever renews a short-lived token alone for half of its lifetime', async () => {
    for (let times = 1; times <= 5; times++) {
      await have(living(4 * minute));
      await clock.tickAsync(2 * minute - 2 * second);
      assert.equal(window.asked.length, times - 1);
      await clock.tickAsync(2 * second);
      assert.equal(window.asked.length, times);
      window.answer('user_1');
    }
  });

  it('is one at a time, that of the token first that expires first', async () => {
    await have(living(hour + minute, 'user_2'), living(hour, 'user_1'), living(hour + 1, ''));
    await clock.tickAsync(59 * minute);
    assert.deepEqual(window.asked, ['user_1']);
    window.answer('user_1');
    await clock.tickAsync(second);
    assert.deepEqual(window.asked, ['user_1', '']);
    window.answer('');
    await clock.tickAsync(second);
    assert.deepEqual(window.asked, ['user_1', '', 'user_2']);
  });

  it('holds up no other one when nobody answers and its token has expired', async () => {
    await have(living(hour, 'user_1'), living(hour + 3 * minute, 'user_2'));
    await clock.tickAsync(hour - 2 * second);
    assert.deepEqual(window.asked, ['user_1']);
    await clock.tickAsync(2 * second);
    assert.deepEqual(window.asked, ['user_1', 'user_2']);
    window.answer('user_1');
    await clock.tickAsync(minute);
    assert.deepEqual(window.asked, ['user_1', 'user_2'], 'the answer is to the first one');
  });

  it('holds up no other one when nobody answers and its token has been replaced', async () => {
    const other = living(hour, 'user_2');
    await have(living(hour), other);
    await clock.tickAsync(56 * minute);
    await have(living(hour), other);
    assert.deepEqual(window.asked, ['user_1', 'user_2']);
  });

  it('does not come for a token that has been replaced meanwhile', async () => {
    await have(living(hour));
    await clock.tickAsync(55 * minute - second + 1);
    await have(living(hour));
    await clock.tickAsync(minute);
    assert.deepEqual(window.asked, []);
  });

  it('leaves nothing behind in SecretStorage when its token has expired', async () => {
    await have(living(hour));
    await clock.tickAsync(56 * minute);
    assert.equal(host.stored.size, 1);
    window.answer('user_1');
    await clock.tickAsync(4 * minute);
    assert.equal(host.stored.size, 0);
  });

  for (const verb of ['get', 'store'] as const) {
    it(`comes although SecretStorage fails (${verb})`, async () => {
      window.secrets.before = failing(verb);
      await have(living(minute));
      await clock.tickAsync(minute / 2);
      assert.deepEqual(window.asked, ['user_1']);
    });
  }
});

describe('the question of several windows whether to renew', () => {
  const clock = fakeClock();

  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    it(`comes in one of them, for each token (${seed})`, async () => {
      const host = desktopSecrets(unsteady(seed, 100));
      const windows = [openPrompts(host), openPrompts(host), openPrompts(host)];
      const sessions = [living(hour, 'user_1'), living(2 * hour, 'user_2')];
      for (const window of windows) {
        window.sessions = sessions;
        window.wake();
      }
      await clock.tickAsync(hour - second);
      assert.deepEqual(
        windows.flatMap(({ asked }) => asked),
        ['user_1'],
      );
      await clock.tickAsync(hour);
      assert.deepEqual(windows.flatMap(({ asked }) => asked).toSorted(), ['user_1', 'user_2']);
    });
  }

  it('does not come again in one that is opened later', async () => {
    const host = desktopSecrets();
    const [one, session] = [openPrompts(host), living(hour)];
    // The lease is taken later than its end was counted.
    one.secrets.before = () => new Promise((resolve) => setTimeout(resolve, second / 4));
    one.sessions = [session];
    one.wake();
    await clock.tickAsync(56 * minute);
    one.answer('user_1');
    const two = openPrompts(host);
    two.sessions = [session];
    two.wake();
    await clock.tickAsync(3 * minute);
    assert.deepEqual([one.asked, two.asked], [['user_1'], []]);
  });
});
