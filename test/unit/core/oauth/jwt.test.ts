import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeToken } from '../../../../src/core/oauth/jwt.ts';
import { signJwt } from '../../../emulator/tokens.ts';

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a decoded token', () => {
  it('tells header, claims and dates, and no signature', () => {
    const claims = { sub: 'Zoë 用户', exp: 1_743_426_737, iat: 1_743_423_137, roles: ['a', { b: 1 }] };
    const token = signJwt(claims, 'key');
    const decoded = decodeToken(token);
    assert.ok(decoded);
    assert.equal(
      decoded.json,
      JSON.stringify({ header: { alg: 'HS256', typ: 'JWT' }, claims }, undefined, 2),
    );
    assert.deepEqual(decoded.dates, { exp: claims.exp * 1_000, iat: claims.iat * 1_000 });
    const signature = token.split('.')[2] ?? assert.fail();
    assert.ok(!decoded.json.includes(signature));
  });

  it('keeps claims of any shape, and takes dates that are none for none', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (more, exp) => {
        const claims: unknown = JSON.parse(JSON.stringify({ ...more, exp }));
        const decoded = decodeToken(`${part({ alg: 'none' })}.${part(claims)}.`);
        assert.equal(decoded?.json, JSON.stringify({ header: { alg: 'none' }, claims }, undefined, 2));
        const date = decoded?.dates.exp;
        assert.ok(date === undefined || !Number.isNaN(new Date(date).getTime()));
      }),
      {
        examples: [
          [{}, 1e300],
          [{}, '1743426737'],
          [{}, -8.64e12],
        ],
      },
    );
  });

  it('shows numbers and texts as they are written', () => {
    const claims = String.raw`{"sub":9223372036854775807,"a" : [ 1e400, -0.10, {}, [ ] ],"b":"\u0041 \"{,"}`;
    const token = `${part({ alg: 'x' })}.${Buffer.from(claims).toString('base64url')}.s`;
    const lines = (decodeToken(token)?.json ?? '').split('\n').map((line) => line.trim());
    assert.deepEqual(lines.slice(4), [
      '"claims": {',
      '"sub": 9223372036854775807,',
      '"a": [',
      '1e400,',
      '-0.10,',
      '{},',
      '[]',
      '],',
      String.raw`"b": "\u0041 \"{,"`,
      '}',
      '}',
    ]);
  });

  const opaque: [what: string, token: string][] = [
    ['a random string', 'Zm9vYmFy'],
    ['two parts', `${part({ alg: 'x' })}.${part({})}`],
    ['an encrypted token', `${part({ alg: 'dir' })}....`],
    ['a header without alg', `${part({})}.${part({})}.x`],
    ['claims that are no object', `${part({ alg: 'x' })}.${part([1])}.x`],
    ['no base64', 'a%.b%.c'],
    ['no UTF-8', `${part({ alg: 'x' })}.${Buffer.from('{"a":"\xff"}', 'latin1').toString('base64url')}.x`],
    ['nothing', ''],
  ];
  for (const [what, token] of opaque) {
    it(`is none for ${what}`, () => assert.equal(decodeToken(token), undefined));
  }
});
