import assert from 'node:assert/strict';
import { Leases } from '../../../../src/core/sessions/leases.ts';
import { fakeClock } from '../../support/fakeClock.ts';
import { desktopSecrets, failing } from '../../support/secretStorage.ts';
import { hour, minute } from '../../support/window.ts';

const key = 'lease:v1:renewal';

describe('a lease', () => {
  const clock = fakeClock();
  let host = desktopSecrets();
  let one: Leases;
  let two: Leases;

  const open = (): Leases => new Leases(host.openWindow(), Date.now);
  const take = async (leases: Leases, name = 'renewal'): Promise<number> => {
    const held = await leases.heldFor(name, minute);
    if (held === 0) await leases.take(name, minute);
    return held;
  };

  beforeEach(() => {
    host = desktopSecrets();
    [one, two] = [open(), open()];
  });

  it('is held by one window at a time, which may take it again', async () => {
    assert.equal(await take(one), 0);
    assert.equal(await take(two), minute);
    await clock.tickAsync(20_000);
    assert.equal(await take(two), minute - 20_000);
    assert.equal(await take(one), 0);
    assert.equal(await take(two), minute);
    assert.equal(await take(two, 'another'), 0);
  });

  it('is free once it is released, by its holder only', async () => {
    await take(one);
    await two.release('renewal');
    assert.equal(await take(two), minute);
    await one.release('renewal');
    assert.equal(host.stored.size, 0);
    assert.equal(await take(two), 0);
  });

  it('runs out', async () => {
    await take(one);
    await clock.tickAsync(minute - 1);
    assert.equal(await take(two), 1);
    await clock.tickAsync(1);
    assert.equal(await take(two), 0);
    await one.release('renewal');
    assert.equal(await take(one), minute, 'the window that lost it does not release it');
  });

  it('ends with nobody knowing when its holder went: a stored one is taken over in time', async () => {
    await take(one);
    two = open();
    await clock.tickAsync(minute);
    assert.equal(await take(two), 0);
  });

  it('of longer than anybody takes one was left before the clock was set back, and is taken over', async () => {
    await take(one);
    clock.setSystemTime(Date.now() - hour);
    assert.equal(await take(two), 0);
    assert.equal(await take(one), minute);
  });

  it('may go to both of two that ask in the same instant; the last one to take it has it', async () => {
    assert.deepEqual(await Promise.all([take(one), take(two)]), [0, 0]);
    assert.deepEqual([await take(one), await take(two)], [minute, 0]);
  });

  const garbage = ['', 'no JSON', '{}', '[]', 'null', '{"owner":"x"}', '{"owner":"x","until":"soon"}'];
  for (const text of [...garbage, '{"owner":"x","until":1e999}', '{"owner":1,"until":1e15}']) {
    it(`is free where the record is ${text || 'empty'}`, async () => {
      host.stored.set(key, text);
      assert.equal(await take(one), 0);
      assert.equal(await take(two), minute);
    });
  }

  it('cannot be taken where storage fails', async () => {
    for (const verb of ['get', 'store'] as const) {
      const secrets = host.openWindow();
      secrets.before = failing(verb);
      await assert.rejects(take(new Leases(secrets, Date.now)), /locked/);
    }
    assert.equal(await take(one), 0);
  });
});
