import assert from 'node:assert/strict';
import { useridOfScopes } from '../../../../src/core/sessions/scopes.ts';

describe('useridOfScopes', () => {
  const meanings: [scopes: readonly string[] | undefined, userid: string | undefined][] = [
    [undefined, undefined],
    [[], undefined],
    [['generic'], ''],
    [['userid:user_42'], 'user_42'],
    [['userid:generic'], 'generic'],
    [['userid:userid:1'], 'userid:1'],
    [['userid: a b+c&d=e '], ' a b+c&d=e '],
    [['userid:用户_8'], '用户_8'],
    [[`userid:${'x'.repeat(256)}`], 'x'.repeat(256)],
  ];
  for (const [scopes, userid] of meanings) {
    it(`reads ${JSON.stringify(scopes)?.slice(0, 40)}`, () => assert.equal(useridOfScopes(scopes), userid));
  }

  const refused: [scopes: readonly string[], subject: string][] = [
    [[''], ''],
    [['read'], 'read'],
    [['Generic'], 'Generic'],
    [['generic '], 'generic'],
    [['userid:'], 'userid:'],
    [['userid'], 'userid'],
    [['USERID:1'], 'USERID:1'],
    [[' userid:1'], 'userid:1'],
    [['user:1'], 'user:1'],
    [['generic', 'generic'], 'generic generic'],
    [['generic', 'userid:1'], 'generic userid:1'],
    [['userid:1', 'userid:2'], 'userid:1 userid:2'],
    [['userid:1', ''], 'userid:1'],
    [['userid:1', 'openid'], 'userid:1 openid'],
    [['userid:a\nb'], 'userid:a b'],
    [['userid:\ud800'], 'userid:\ud800'],
    [['[a](command:b)\u202e'], '[a] (command:b)'],
  ];
  for (const [scopes, subject] of refused) {
    it(`refuses ${JSON.stringify(scopes)}`, () => {
      assert.throws(() => useridOfScopes(scopes), { name: 'AiriskError', code: 'invalid_scopes', subject });
    });
  }

  it('refuses a userid that is too long, and does not repeat it whole', () => {
    assert.throws(
      () => useridOfScopes([`userid:${'x'.repeat(257)}`]),
      ({ code, subject }: { code: string; subject: string }) =>
        code === 'invalid_scopes' && subject.length === 200,
    );
  });
});
