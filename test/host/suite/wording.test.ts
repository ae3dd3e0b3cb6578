import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { deploymentOf } from '../../../src/core/oauth/deployment.ts';
import { nameAmong, nameOf, who, type Who, whoAndWhere } from '../../../src/vscode/wording.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const deployment = deploymentOf('https://demo.aicrisk.com', '6d1c5a2e-0b7f-4e0a-9c64-5a1f0b2c3d4e', sha256);
const guids = ['0f8e5d7c-9b1a-4c3d-8e2f-111122223333', '0f8e5d7c-9b1a-4c3d-8e2f-111122224444'] as const;

function person(userid: string, name?: string): Who {
  return { deployment, userid, name };
}

describe('people in words', () => {
  for (const [what, one, shown, sentence] of [
    ['a GUID', person(guids[0], 'Ada Lovelace'), 'Ada Lovelace', 'Ada Lovelace (0f8e5d7c…3333)'],
    ['a short id', person('user_42', 'Ada Lovelace'), 'Ada Lovelace', 'Ada Lovelace (user_42)'],
    ['a GUID and no name', person(guids[0]), '0f8e5d7c…3333', '0f8e5d7c…3333'],
    ['a short id and no name', person('user_42', ''), 'user_42', 'user_42'],
    ['no id', person('', 'Whatever was stored'), 'Application', 'Application'],
    ['a name from right to left', person('u', 'עדה'), '\u2068עדה\u2069', '\u2068עדה\u2069 (u)'],
    ['an icon for a name', person('u', '$(alert) Ada'), '$ (alert) Ada', '$ (alert) Ada (u)'],
    ['a link for a name', person('u', '[a](command:b)'), '[a] (command:b)', '[a] (command:b) (u)'],
    ['a long name', person('u', 'A'.repeat(200)), `${'A'.repeat(59)}…`, `${'A'.repeat(59)}… (u)`],
  ] as const) {
    it(`who has ${what} is ${sentence}`, () => {
      assert.equal(nameOf(one), shown);
      assert.equal(who(one), sentence);
    });
  }

  it('are said to be where they are when that is to be seen', () => {
    const rest = { redirectUri: '', userid: '', tokenRequestFormat: 'form' } as const;
    const ada = person('user_42', 'Ada Lovelace');
    const shown = (production: boolean) => ({
      shown: (at = deployment) => ({ ...at, ...rest, name: 'test', production }),
    });
    assert.equal(whoAndWhere(ada, shown(false)), 'Ada Lovelace (user_42) at test');
    assert.equal(whoAndWhere(ada, shown(true)), 'Ada Lovelace (user_42) at test (production)');
    assert.equal(whoAndWhere(ada, { shown: () => undefined }), 'Ada Lovelace (user_42)');
  });

  it('are told apart where two have one name, and only there', () => {
    const [first, second, grace] = [
      person(guids[0], 'Ada Lovelace'),
      person(guids[1], 'Ada Lovelace'),
      person('user_7', 'Grace Hopper'),
    ];
    assert.equal(nameAmong([first, grace], first), 'Ada Lovelace');
    const all = [first, second, grace];
    assert.deepEqual(
      all.map((one) => nameAmong(all, one)),
      ['Ada Lovelace (0f8e5d7c…3333)', 'Ada Lovelace (0f8e5d7c…4444)', 'Grace Hopper'],
    );
    // Ids that differ in the middle alone are shown in full.
    const alike = [person(`${'a'.repeat(20)}1bbbb`, 'Ada'), person(`${'a'.repeat(20)}2bbbb`, 'Ada')];
    assert.deepEqual(
      alike.map((one) => nameAmong(alike, one)),
      alike.map(({ userid }) => `Ada (${userid})`),
    );
    const named = [person('', undefined), person('u', 'Application')];
    assert.deepEqual(
      named.map((one) => nameAmong(named, one)),
      ['Application', 'Application (u)'],
    );
  });

  it('have a name in the status bar that leaves room for the time', () => {
    const coder = '👩🏽\u200d💻';
    const long = person('u', `${'A'.repeat(19)}${coder}${coder}`);
    assert.equal(nameAmong([long], long), `${'A'.repeat(19)}…`);
  });
});
