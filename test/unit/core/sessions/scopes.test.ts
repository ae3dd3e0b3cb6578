import assert from 'node:assert/strict';
import { isWanted, readScopes, splitScopes, type Wanted } from '../../../../src/core/sessions/scopes.ts';

describe('readScopes', () => {
  const meanings: [scopes: readonly string[] | undefined, wanted: Wanted][] = [
    [undefined, 'any'],
    [[], 'any'],
    [['user'], 'user'],
    [['generic'], { userid: '' }],
    [['userid:user_42'], { userid: 'user_42' }],
    [['userid:generic'], { userid: 'generic' }],
    [['userid:userid:1'], { userid: 'userid:1' }],
    [['userid:a b+c&d=e'], { userid: 'a b+c&d=e' }],
    [['userid:用户_8'], { userid: '用户_8' }],
    [['userid:x'], { userid: 'x' }],
    [[`userid:${'x'.repeat(256)}`], { userid: 'x'.repeat(256) }],
  ];
  for (const [scopes, wanted] of meanings) {
    it(`reads ${JSON.stringify(scopes)?.slice(0, 40)}`, () => assert.deepEqual(readScopes(scopes), wanted));
  }

  const refused: [scopes: readonly string[], subject: string][] = [
    [[''], '""'],
    [['read'], '"read"'],
    [['Generic'], '"Generic"'],
    [['generic '], '"generic "'],
    [['User'], '"User"'],
    [['user '], '"user "'],
    [['user', 'generic'], '"user", "generic"'],
    [['userid: 1'], '"userid: 1"'],
    [['userid:1\u00a0'], '"userid:1 "'],
    [['userid:\u30001'], '"userid: 1"'],
    [['userid:1\u200b'], '"userid:1 "'],
    [['userid:1 '], '"userid:1 "'],
    [['userid: '], '"userid: "'],
    [['userid:'], '"userid:"'],
    [['userid'], '"userid"'],
    [['USERID:1'], '"USERID:1"'],
    [[' userid:1'], '" userid:1"'],
    [['user:1'], '"user:1"'],
    [['generic', 'generic'], '"generic", "generic"'],
    [['generic', 'userid:1'], '"generic", "userid:1"'],
    [['userid:1', 'userid:2'], '"userid:1", "userid:2"'],
    [['userid:1', ''], '"userid:1", ""'],
    [['userid:1', 'openid'], '"userid:1", "openid"'],
    [['userid:a\nb'], String.raw`"userid:a\nb"`],
    [['userid:\ud800'], String.raw`"userid:\ud800"`],
    [['[a](command:b)\u202e'], '"[a] (command:b) "'],
  ];
  for (const [scopes, subject] of refused) {
    it(`refuses ${JSON.stringify(scopes)}`, () => {
      assert.throws(() => readScopes(scopes), { name: 'AiriskError', code: 'invalid_scopes', subject });
    });
  }

  it('refuses a userid that is too long, and does not repeat it whole', () => {
    assert.throws(
      () => readScopes([`userid:${'x'.repeat(257)}`]),
      ({ code, subject }: { code: string; subject: string }) =>
        code === 'invalid_scopes' && subject.length === 200,
    );
  });
});

describe('isWanted', () => {
  const cases: [wanted: Wanted, ...userids: string[]][] = [
    ['any', '', '1', '2'],
    ['user', '1', '2'],
    [{ userid: '1' }, '1'],
    [{ userid: '' }, ''],
  ];
  for (const [wanted, ...expected] of cases) {
    it(`takes ${JSON.stringify(expected)} for ${JSON.stringify(wanted)}`, () =>
      assert.deepEqual(
        ['', '1', '2'].filter((userid) => isWanted(wanted, userid)),
        expected,
      ));
  }
});

describe('splitScopes', () => {
  const parts: [scopes: readonly string[] | undefined, deployment: string | undefined, others: string[]][] = [
    [undefined, undefined, []],
    [['user'], undefined, ['user']],
    [['deployment:test'], 'test', []],
    [['deployment:test', 'user'], 'test', ['user']],
    [['userid:user_42', 'deployment:test'], 'test', ['userid:user_42']],
    [['userid:deployment:test'], undefined, ['userid:deployment:test']],
  ];
  for (const [scopes, deployment, others] of parts) {
    it(`takes the deployment out of ${JSON.stringify(scopes)}`, () =>
      assert.deepEqual(splitScopes(scopes), { deployment, others }));
  }

  for (const scopes of [
    ['deployment:'],
    ['deployment: a'],
    ['deployment:a\u00a0', 'user'],
    ['deployment:a', 'deployment:b'],
    ['deployment:a', 'deployment:a'],
  ]) {
    it(`refuses ${JSON.stringify(scopes)}`, () =>
      assert.throws(() => splitScopes(scopes), { code: 'invalid_scopes' }));
  }
});
