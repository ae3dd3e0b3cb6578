import assert from 'node:assert/strict';
import { roughMatches, unlistedUserid } from '../../../../src/vscode/signIn/userSearch.ts';

const users = [
  { userid: 'user_42', name: 'Ada Lovelace' },
  { userid: 'user_7', name: 'Grace Hopper' },
];

describe('a userid that was typed', () => {
  const cases: [typed: string, userid: string | undefined][] = [
    ['nobody', 'nobody'],
    ['  nobody ', 'nobody'],
    ['user_42', undefined],
    ['USER_4', undefined],
    ['lovel', undefined],
    ['user_421', 'user_421'],
    ['', undefined],
    ['a\u0007b', undefined],
  ];
  for (const [typed, userid] of cases) {
    it(`is ${userid} for ${JSON.stringify(typed)}`, () => assert.equal(unlistedUserid(users, typed), userid));
  }
  it('is anything where no list is to be had', () => assert.equal(unlistedUserid([], 'user_42'), 'user_42'));
});

describe('users that match roughly', () => {
  it('have the letters in this order', () => {
    assert.deepEqual(roughMatches(users, 'gH'), users.slice(1));
    assert.deepEqual(roughMatches(users, 'ue7'), users.slice(1));
    assert.deepEqual(roughMatches(users, 'xyz'), []);
  });
});
