import assert from 'node:assert/strict';
import { fakeClock } from '../../support/fakeClock.ts';
import {
  browserHostedSecrets,
  desktopSecrets,
  failing,
  hanging,
  type SecretWindow,
  unsteady,
} from '../../support/secretStorage.ts';

/** Notes the events that a window gets. */
function heard(window: SecretWindow): string[] {
  const keys: string[] = [];
  window.onDidChange((key) => keys.push(key));
  return keys;
}

describe('the SecretStorage double', () => {
  const clock = fakeClock();

  it('shares one storage between desktop windows and tells every one, the writer too', async () => {
    const host = desktopSecrets();
    const [one, two] = [host.openWindow(), host.openWindow()];
    const [heardByOne, heardByTwo] = [heard(one), heard(two)];
    await one.store('a', '1');
    await two.store('a', '2');
    await two.delete('b');
    assert.deepEqual([await one.keys(), await one.get('a')], [['a'], '2']);
    assert.deepEqual([heardByOne, heardByTwo], [Array.of('a', 'a', 'b'), Array.of('a', 'a', 'b')]);
  });

  it('tells late, doubled and out of order where it is unsteady', async () => {
    const host = desktopSecrets(unsteady(1, 20));
    const [one, two] = [host.openWindow(), host.openWindow()];
    const heardByTwo = heard(two);
    const keys = Array.from({ length: 20 }, (_, i) => `key ${i}`);
    const writes = Promise.all(keys.map((key) => one.store(key, 'x')));
    await clock.runAllAsync();
    await writes;
    assert.deepEqual(new Set(heardByTwo), new Set(keys));
    assert.ok(heardByTwo.length > keys.length, 'some came twice');
    assert.notDeepEqual([...new Set(heardByTwo)], keys);
  });

  it('gives each window of a browser-hosted VS Code a copy, and puts the whole copy back', async () => {
    const host = browserHostedSecrets();
    host.stored.set('before', '0');
    const [one, two] = [host.openWindow(), host.openWindow()];
    const [heardByOne, heardByTwo] = [heard(one), heard(two)];
    await one.store('a', '1');
    assert.deepEqual([...host.stored.keys()], ['before', 'a']);
    assert.equal(await two.get('a'), undefined);
    await two.store('b', '2');
    assert.deepEqual([...host.stored.keys()], ['before', 'b'], 'what the first had stored is gone');
    assert.deepEqual(await one.keys(), ['before', 'a'], 'but the first still sees it');
    assert.deepEqual([heardByOne, heardByTwo], [['a'], ['b']]);
    assert.deepEqual(await host.openWindow().keys(), ['before', 'b'], 'after a reload');
  });

  it('fails, hangs and notes the calls, as it is told to', async () => {
    const window = desktopSecrets().openWindow();
    window.before = failing('get', 'keys');
    await assert.rejects(window.get('a'), /locked/);
    await assert.rejects(window.keys(), /locked/);
    window.before = hanging((verb, key) => verb === 'get' && key === 'a');
    await window.store('b', '1');
    assert.equal(await Promise.race([window.get('a'), window.get('b')]), '1');
    assert.deepEqual(window.calls, ['get a', 'keys', 'store b', 'get a', 'get b']);
  });
});
