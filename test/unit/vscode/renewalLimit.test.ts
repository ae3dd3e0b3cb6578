import assert from 'node:assert/strict';
import { RenewalLimit } from '../../../src/vscode/renewalLimit.ts';

describe('renewals that extensions ask for', () => {
  it('are five in a minute for each account', () => {
    let now = 1_000_000;
    const limit = new RenewalLimit(() => now);
    const asked = Array.from({ length: 8 }, () => limit.mayRenew('a'));
    assert.deepEqual(asked, [true, true, true, true, true, false, false, false]);
    assert.equal(limit.mayRenew('b'), true);
    now += 59_999;
    assert.equal(limit.mayRenew('a'), false);
    now += 1;
    assert.equal(limit.mayRenew('a'), true);
  });
});
