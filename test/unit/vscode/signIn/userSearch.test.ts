import assert from 'node:assert/strict';
import { exactUser, roughMatches } from '../../../../src/vscode/signIn/userSearch.ts';

const users = [
  { userid: 'user_42', name: 'Ada Lovelace' },
  { userid: 'user_7', name: 'Grace Hopper' },
];

describe('the user whom a typed text means', () => {
  const more = [
    ...users,
    { userid: 'user_421', name: 'Ada' },
    { userid: 'user_8', name: 'Grace Hopper' },
    { userid: 'user_1', name: 'Jos\u00e9' },
    { userid: 'user_2', name: '\u0130pek' },
    // A name that is the ID of another.
    { userid: 'user_44', name: 'user_3' },
    { userid: 'user_3', name: '' },
    // Two who look alike.
    { userid: 'user_5', name: 'Zo\u00eb' },
    { userid: 'user_6', name: 'Zoe\u0308' },
    { userid: 'user_11', name: '\u017fam' },
    { userid: 'user_12', name: 'Dan' },
    { userid: 'user_9', name: 'Admin' },
    { userid: 'user_10', name: 'Ad\u200bmin' },
  ];
  const cases: [typed: string, userid: string | undefined][] = [
    ['user_42', 'user_42'],
    ['  user_42 ', 'user_42'],
    ['user_4', undefined],
    ['user_421', 'user_421'],
    ['USER_42', undefined],
    ['ada lovelace', 'user_42'],
    ['Ada', 'user_421'],
    ['lovel', undefined],
    ['Grace Hopper', undefined],
    ['nobody', undefined],
    ['user_42\u200b', 'user_42'],
    ['\u00a0user\u00ad_42', 'user_42'],
    ['Jose\u0301', 'user_1'],
    ['\u0130pek', 'user_2'],
    ['user_3', 'user_3'],
    ['Zo\u00eb', undefined],
    ['Admin', undefined],
    // Alike, and not the same.
    ['sam', undefined],
    ['\uff24an', undefined],
    ['', undefined],
  ];
  for (const [typed, userid] of cases) {
    it(`is ${userid ?? 'nobody'} for "${typed}"`, () => {
      assert.equal(exactUser(more, typed)?.userid, userid);
    });
  }

  it('is nobody whose name is empty', () => {
    assert.equal(exactUser([{ userid: 'user_9', name: '' }], ''), undefined);
  });
});

describe('users that match roughly', () => {
  it('have the letters in this order', () => {
    assert.deepEqual(roughMatches(users, 'gH'), users.slice(1));
    assert.deepEqual(roughMatches(users, 'ue7'), users.slice(1));
    assert.deepEqual(roughMatches(users, 'xyz'), []);
    const rough = { userid: 'a_d_a', name: '' };
    assert.deepEqual(roughMatches([rough, ...users], 'ada'), [users[0], rough], 'the whole text first');
  });
});
