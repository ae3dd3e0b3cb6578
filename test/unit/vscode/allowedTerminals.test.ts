import assert from 'node:assert/strict';
import { createAllowedTerminals } from '../../../src/vscode/terminal/allowedTerminals.ts';
import { desktopSecrets } from '../support/secretStorage.ts';

const week = 7 * 24 * 60 * 60_000;

describe('the terminals that a person has allowed', () => {
  it('are known to every window, and after a reload, for one account', async () => {
    const host = desktopSecrets();
    await createAllowedTerminals(host.openWindow(), () => 0).add('t', 'a');
    const reloaded = createAllowedTerminals(host.openWindow(), () => 1);
    assert.equal(await reloaded.has('t', 'a'), true);
    assert.equal(await reloaded.has('t', 'b'), false);
    assert.equal(await reloaded.has('u', 'a'), false);
    await reloaded.add('t', 'b');
    assert.equal(await reloaded.has('t', 'a'), true);
    assert.equal(await reloaded.has('t', 'b'), true);
  });

  it('are forgotten at once, and nothing else with them', async () => {
    const host = desktopSecrets();
    host.stored.set('session:v1:x:user_42', 'a session');
    const allowed = createAllowedTerminals(host.openWindow(), () => 0);
    await allowed.add('t', 'a');
    await allowed.add('u', 'a');
    await allowed.clear();
    assert.equal(await allowed.has('t', 'a'), false);
    assert.deepEqual([...host.stored.keys()], ['session:v1:x:user_42']);
  });

  it('count for a week, and a damaged record for nothing', async () => {
    const host = desktopSecrets();
    let time = 0;
    const allowed = createAllowedTerminals(host.openWindow(), () => time);
    await allowed.add('t', 'a');
    time = week - 1;
    await allowed.sweep();
    assert.equal(await allowed.has('t', 'a'), true);
    time = week;
    assert.equal(await allowed.has('t', 'a'), false);
    host.stored.set('terminal:v1:u', 'damaged');
    assert.equal(await allowed.has('u', 'a'), false);
    await allowed.sweep();
    assert.deepEqual([...host.stored.keys()], []);
  });
});
