import assert from 'node:assert/strict';
import fc from 'fast-check';
import { dateClaim, decodeToken } from '../../../../src/core/oauth/jwt.ts';
import { signJwt } from '../../../emulator/tokens.ts';

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a decoded token', () => {
  it('tells header, claims and dates, and no signature', () => {
    const claims = { sub: 'Zoë 用户', exp: 1_743_426_737, iat: 1_743_423_137, roles: ['a', { b: 1 }] };
    const token = signJwt(claims, 'key');
    const decoded = decodeToken(token);
    assert.ok(decoded);
    assert.deepEqual(decoded.header, { alg: 'HS256', typ: 'JWT' });
    assert.deepEqual(decoded.claims, claims);
    assert.equal(dateClaim(decoded.claims, 'exp'), claims.exp * 1_000);
    assert.equal(dateClaim(decoded.claims, 'nbf'), undefined);
    const signature = token.split('.')[2] ?? assert.fail();
    assert.ok(!JSON.stringify(decoded).includes(signature));
  });

  it('keeps claims of any shape, and takes dates that are none for none', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (more, exp) => {
        const claims: unknown = JSON.parse(JSON.stringify({ ...more, exp }));
        const decoded = decodeToken(`${part({ alg: 'none' })}.${part(claims)}.`);
        assert.deepEqual(JSON.parse(JSON.stringify(decoded?.claims)), claims);
        const date = dateClaim(decoded?.claims ?? {}, 'exp');
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
