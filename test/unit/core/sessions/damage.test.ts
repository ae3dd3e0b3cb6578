import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createSession, sessionKey, storedText } from '../../../../src/core/sessions/session.ts';
import { runs } from '../../support/propertyRuns.ts';
import { desktopSecrets } from '../../support/secretStorage.ts';
import { deployment, newToken, openWindow, userids } from '../../support/window.ts';

const key = sessionKey(deployment, 'user_1');
const good = createSession(deployment, 'user_1', newToken(), Date.now());

/** A good record with changes; `undefined` leaves a property out. */
function record(changes: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...JSON.parse(storedText(good)), ...changes });
}

const damages: [what: string, text: string][] = [
  ['an empty text', ''],
  ['no JSON', 'token'],
  ['JSON cut off', record({}).slice(0, -1)],
  ['another JSON value', '"text"'],
  ['null', 'null'],
  ['a list', `[${record({})}]`],
  ['an older version', record({ version: 0 })],
  ['a newer version', record({ version: 2 })],
  ['no version', record({ version: undefined })],
  ['no token', record({ accessToken: undefined })],
  ['an empty token', record({ accessToken: '' })],
  ['a token with a line break', record({ accessToken: 'a\nb' })],
  ['an expiration that no date holds', record({ expiration: 8.64e15 + 1 })],
  ['a time of its coming that no date holds', record({ obtained: -1e300 })],
  ['the userid of another key', record({ userid: 'user_2' })],
  ['an expiration in words', record({ expiration: '2025-03-31T13:12:17Z' })],
  ['no expiration', record({ expiration: undefined })],
  ['an expiration of null', record({ expiration: null })],
  ['an endless expiration', record({}).replace(/"expiration":\d+/, '"expiration":1e999')],
  ['a userid with a control character', record({ userid: 'user\n1' })],
  ['a userid that is too long', record({ userid: 'x'.repeat(257) })],
  ['no clock skew', record({ clockSkew: undefined })],
  ['no time of its coming', record({ obtained: undefined })],
];

describe('a stored session that cannot be read', () => {
  for (const [what, text] of damages) {
    it(`is ignored, reported once and left where it is: ${what}`, async () => {
      const host = desktopSecrets();
      host.stored.set(key, text);
      const { sessions, secrets, damaged, told } = openWindow(host);
      assert.equal(await sessions.find(deployment, 'user_1'), undefined);
      assert.deepEqual(await sessions.listStored(deployment), []);
      await secrets.store(key, text);
      assert.equal(await sessions.find(deployment, 'user_1'), undefined);
      assert.deepEqual([damaged, told, host.stored.get(key)], [[key], [], text]);
    });
  }

  for (const change of [{ clientId: 'xyz789' }, { origin: 'https://other.aicrisk.com' }]) {
    it(`is one that names a different ${Object.keys(change).join()} than its key stands for`, async () => {
      const host = desktopSecrets();
      const { sessions, secrets, told } = openWindow(host);
      await sessions.listStored(deployment);
      await secrets.store(key, record(change));
      assert.equal(await sessions.find(deployment, 'user_1'), undefined);
      assert.deepEqual([await sessions.listStored(deployment), told], [[], []]);
    });
  }

  it('keeps nothing from being read that is stored beside it', async () => {
    const host = desktopSecrets();
    await openWindow(host).signIn('user_2');
    host.stored.set(key, '{');
    assert.deepEqual(userids(await openWindow(host).sessions.list(deployment)), ['user_2']);
  });

  it('is replaced by signing in again, in every window', async () => {
    const host = desktopSecrets();
    host.stored.set(key, '{');
    const [one, two] = [openWindow(host), openWindow(host)];
    for (const { sessions } of [one, two]) await sessions.find(deployment, 'user_1');
    const session = await one.signIn('user_1');
    assert.deepEqual(await two.sessions.find(deployment, 'user_1'), session);
    assert.deepEqual([one.told, two.told], [['added user_1 (signIn)'], ['added user_1 (elsewhere)']]);
  });

  it('can be signed out', async () => {
    const host = desktopSecrets();
    host.stored.set(key, '{');
    await openWindow(host).sessions.signOut(deployment, 'user_1');
    assert.equal(host.stored.size, 0);
  });

  it('ends a session that was there before, and is reported again after a good one', async () => {
    const host = desktopSecrets();
    const { signIn, secrets, told, damaged } = openWindow(host);
    for (let i = 0; i < 2; i++) {
      await signIn('user_1');
      await secrets.store(key, '{');
      await new Promise(setImmediate);
    }
    assert.deepEqual(damaged, [key, key]);
    assert.deepEqual(told.slice(0, 2), ['added user_1 (signIn)', 'removed user_1 (elsewhere)']);
  });

  it('is never replaced by a renewal', async () => {
    const host = desktopSecrets();
    const { store, signIn } = openWindow(host);
    const before = await signIn('user_1');
    await openWindow(host).secrets.store(key, record({ version: 2 }));
    assert.equal(await store.replace(before, good), undefined);
    assert.equal(host.stored.get(key), record({ version: 2 }));
  });

  it('of any text or shape breaks nothing and hands nothing out', async () => {
    const shape = fc.record(
      Object.fromEntries(
        Object.entries<unknown>(JSON.parse(storedText(good))).map(([name, value]) => [name, oneOf(value)]),
      ),
      { requiredKeys: [] },
    );
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      shape.map((value) => JSON.stringify(value)),
    );
    await fc.assert(
      fc.asyncProperty(text, async (stored) => {
        const host = desktopSecrets();
        host.stored.set(key, stored);
        const { sessions, damaged } = openWindow(host);
        const found = await sessions.listStored(deployment);
        const isForeign = damaged.length === 0 && found.length === 0;
        const { origin, clientId } = isForeign ? JSON.parse(stored) : deployment;
        assert.equal(isForeign, origin !== deployment.origin || clientId !== deployment.clientId);
        assert.ok(found.length + damaged.length <= 1);
        for (const session of found)
          assert.deepEqual(JSON.parse(storedText(session)).accessToken, JSON.parse(stored).accessToken);
      }),
      runs(2_000),
    );
  });
});

describe('a session of a version that this extension does not know', () => {
  it('under a key of its own is neither read nor reported, and outlives a sign-in and a sign-out', async () => {
    const host = desktopSecrets();
    const newer = key.replace('session:v1:', 'session:v2:');
    host.stored.set(newer, '{"version":2}');
    const { sessions, signIn, secrets, damaged } = openWindow(host);
    await signIn('user_1');
    await secrets.store(newer, '{"version":2,"changed":true}');
    await sessions.list(deployment);
    await sessions.signOut(deployment, 'user_1');
    assert.deepEqual(damaged, []);
    assert.deepEqual([...host.stored], [[newer, '{"version":2,"changed":true}']]);
    assert.equal(secrets.calls.filter((call) => call === `get ${newer}`).length, 0);
  });
});

function oneOf(value: unknown): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 4, arbitrary: fc.constant(value) }, fc.jsonValue());
}
