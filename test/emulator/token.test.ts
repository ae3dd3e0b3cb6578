import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { secondClient, seedUsers, signingKey } from './seed.ts';
import {
  assertInvalid,
  assertProblem,
  authorize,
  emulate,
  getCode,
  getToken,
  locationOf,
  parseTokenAnswer,
  requestToken,
} from './support.ts';

describe('the token endpoint', () => {
  const airisk = emulate();

  it('takes a code once', async () => {
    const code = await getCode(airisk.origin);
    assert.equal((await requestToken(airisk.origin, { code })).status, 200);
    await assertInvalid(await requestToken(airisk.origin, { code }), 'Code');
  });

  it('takes a code until it expires', async () => {
    const code = await getCode(airisk.origin);
    const late = await getCode(airisk.origin);
    await airisk.admin.setOptions({ clockSkewSeconds: 58 });
    assert.equal((await requestToken(airisk.origin, { code })).status, 200);
    await airisk.admin.setOptions({ clockSkewSeconds: 61 });
    await assertInvalid(await requestToken(airisk.origin, { code: late }), 'Code');
  });

  for (const format of ['form', 'json'] as const) {
    for (const { id: userid } of seedUsers) {
      it(`takes the userid ${userid} as ${format}`, async () => {
        const code = await getCode(airisk.origin, userid);
        assert.equal((await requestToken(airisk.origin, { code, userid }, { format })).status, 200);
      });
    }
  }

  it('takes a secret that must be escaped', async () => {
    const { client_id, client_secret } = secondClient;
    const code = locationOf(await authorize(airisk.origin, { client_id })).searchParams.get('code') ?? '';
    assert.equal((await requestToken(airisk.origin, { client_id, client_secret, code })).status, 200);
  });

  it('refuses a code for another redirect URI or user, and uses it up', async () => {
    for (const wrong of [{ redirect_uri: 'https://localhost/other' }, { userid: 'user_7' }]) {
      const code = await getCode(airisk.origin, 'user_42');
      const right = { code, userid: 'user_42' };
      await assertInvalid(await requestToken(airisk.origin, { ...right, ...wrong }), 'Code');
      await assertInvalid(await requestToken(airisk.origin, right), 'Code');
    }
  });

  it('refuses a userid with a generic code', async () => {
    const code = await getCode(airisk.origin);
    await assertInvalid(await requestToken(airisk.origin, { code, userid: 'user_42' }), 'Code');
  });

  it('wants the userid of the authorization request', async () => {
    const code = await getCode(airisk.origin, 'user_42');
    await assertInvalid(await requestToken(airisk.origin, { code }), 'userid');
    assert.equal((await requestToken(airisk.origin, { code, userid: 'user_42' })).status, 200);
  });

  it("refuses another client's code, and leaves it usable", async () => {
    const code = await getCode(airisk.origin);
    const { client_id, client_secret } = secondClient;
    await assertInvalid(await requestToken(airisk.origin, { code, client_id, client_secret }), 'Code');
    assert.equal((await requestToken(airisk.origin, { code })).status, 200);
  });

  it('refuses a foreign grant type, and a field that is not a string', async () => {
    const code = await getCode(airisk.origin);
    await assertInvalid(await requestToken(airisk.origin, { code, grant_type: 'password' }), 'grant_type');
    const answer = await post('application/json', '{"client_id":7}');
    assert.match((await assertProblem(answer, 400)).detail ?? '', /client_id/);
  });

  it('refuses other kinds of body', async () => {
    await assertProblem(await post('text/plain', 'client_id=abc123'), 415);
    await assertProblem(await post('application/json', '{"client_id":'), 400);
    await assertProblem(await post('application/json', '[]'), 400);
    await assertInvalid(await post('application/json; charset=utf-8', '{}'), 'client_id');
  });

  it('takes a generic token of the same client beside the body, and no other', async () => {
    const [generic, user] = [await getToken(airisk.origin), await getToken(airisk.origin, 'user_42')];
    const attempt = async (bearer: string): Promise<Response> => {
      const code = await getCode(airisk.origin, 'user_7');
      return requestToken(airisk.origin, { code, userid: 'user_7' }, { bearer });
    };
    assert.equal((await attempt(generic)).status, 200);
    for (const bearer of ['nonsense', user]) await assertProblem(await attempt(bearer), 401);
    await airisk.admin.revoke();
    await assertProblem(await attempt(generic), 401);
  });

  it('issues JWTs that its key has signed', async () => {
    await airisk.admin.setOptions({ tokenLifetimeSeconds: 90 });
    const token = await getToken(airisk.origin, '用户_8');
    const [header = '', payload = '', signature] = token.split('.');
    assert.equal(
      createHmac('sha256', signingKey).update(`${header}.${payload}`).digest('base64url'),
      signature,
    );
    assert.deepEqual(decode(header), { alg: 'HS256', typ: 'JWT' });
    const { sub, client_id, iss, iat, exp, jti } = decode(payload);
    assert.deepEqual([sub, client_id, iss], ['用户_8', 'abc123', airisk.origin]);
    assert.equal(Number(exp) - Number(iat), 90);
    assert.match(String(jti), /^[0-9a-f-]{36}$/);
  });

  it('can issue opaque tokens', async () => {
    await airisk.admin.setOptions({ opaqueTokens: true });
    assert.match(await getToken(airisk.origin), /^[\w-]{64}$/);
  });

  for (const [style, form] of [
    ['Z', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/],
    ['fraction', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/],
    ['offset', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/],
    ['none', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/],
  ] as const) {
    it(`writes expiration in the style ${style}, in UTC`, async () => {
      await airisk.admin.setOptions({ expirationStyle: style });
      const answer = await requestToken(airisk.origin, { code: await getCode(airisk.origin) });
      const { expiration } = parseTokenAnswer(await answer.text());
      assert.match(expiration, form);
      const at = Date.parse(`${expiration.slice(0, 19)}Z`);
      assert.ok(Math.abs(at - Date.now() - 3_600_000) < 5000, expiration);
    });
  }

  function post(contentType: string, body: string): Promise<Response> {
    const headers = { 'content-type': contentType };
    return fetch(`${airisk.origin}/api/oauth2/Token`, { method: 'POST', headers, body });
  }
});

function decode(part: string): Record<string, unknown> {
  const claims: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
  assert.ok(typeof claims === 'object' && claims !== null);
  return Object.fromEntries(Object.entries(claims));
}
