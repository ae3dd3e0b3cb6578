import assert from 'node:assert/strict';
import { NewTokens } from '../../../src/vscode/newTokens.ts';

const ada = ['userid:user_42'];

describe('whether a caller of createSession gets a new token', () => {
  let now: number;
  let newTokens: NewTokens;
  beforeEach(() => {
    now = 1_000_000;
    newTokens = new NewTokens(() => now);
  });

  it('is no for the one that has just come, when the caller asked before it came', () => {
    newTokens.missed(ada);
    newTokens.missed(ada);
    newTokens.signedIn(ada);
    now += 3_000;
    assert.equal(newTokens.isMeant(ada, 1_000_000), true);
    assert.equal(newTokens.isMeant(ada, 1_000_000), false, 'each call counts once');
  });

  it('is yes when the caller asked after it came, for different scopes, or long ago', () => {
    now += 1;
    newTokens.missed(ada);
    assert.equal(newTokens.isMeant(ada, 1_000_000), false);
    assert.equal(newTokens.isMeant(['user'], 1_000_001), false);
    now += 10_000;
    assert.equal(newTokens.isMeant(ada, 1_000_001), false);
  });

  it('is no for whoever asks again and again, until a minute has passed', () => {
    const asked = Array.from({ length: 8 }, () => newTokens.mayRenew('a'));
    assert.deepEqual(asked, [true, true, true, true, true, false, false, false]);
    assert.equal(newTokens.mayRenew('b'), true);
    now += 60_000;
    assert.equal(newTokens.mayRenew('a'), true);
  });
});
