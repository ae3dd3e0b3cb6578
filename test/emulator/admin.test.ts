import assert from 'node:assert/strict';
import { authorize, emulate, get, getCode, getToken, parseTokenAnswer, requestToken } from './support.ts';

describe('the admin endpoints', () => {
  const airisk = emulate({ tokenLifetimeSeconds: 120 });

  it('log every request with what was sent and answered', async () => {
    const generic = await getToken(airisk.origin);
    const code = await getCode(airisk.origin, 'a b+c&d=e');
    await requestToken(airisk.origin, { code, userid: 'a b+c&d=e' }, { format: 'json', bearer: generic });
    await get(airisk.origin, '/api/GetConversations', 'nonsense');
    const log = await airisk.admin.requests();
    assert.deepEqual(
      log.map(({ method, path, bodyFormat, authorization, status }) =>
        [method, path, bodyFormat, authorization, status].join(' '),
      ),
      [
        'GET /api/oauth2 none none 302',
        'POST /api/oauth2/Token form none 200',
        'GET /api/oauth2 none none 302',
        'POST /api/oauth2/Token json generic 200',
        'GET /api/GetConversations none invalid 401',
      ],
    );
    assert.deepEqual(log[2]?.query['userid'], 'a b+c&d=e');
    assert.match(log[2]?.url ?? '', /^\/api\/oauth2\?.*userid=a\+b%2Bc%26d%3De$/);
    assert.deepEqual([log[3]?.body['code'], log[3]?.body['userid']], [code, 'a b+c&d=e']);
    assert.ok(log.every(({ ms }) => ms > 0));
  });

  it("tell a user's token, and an expired one, in the log", async () => {
    const token = await getToken(airisk.origin, 'user_42');
    await airisk.admin.clearRequests();
    await get(airisk.origin, '/api/GetConversations', token);
    await airisk.admin.setOptions({ clockSkewSeconds: 121 });
    await get(airisk.origin, '/api/GetConversations', token);
    const kinds = (await airisk.admin.requests()).map(({ authorization }) => authorization);
    assert.deepEqual(kinds, ['user', 'invalid']);
  });

  it('log time with the injected delay, and the fault', async () => {
    await airisk.admin.inject({ endpoint: 'authorize', kind: 'delay', delayMs: 80 });
    await authorize(airisk.origin);
    const [entry] = await airisk.admin.requests();
    assert.ok(entry && entry.ms >= 75 && entry.fault === 'delay');
  });

  it('clear the log', async () => {
    await authorize(airisk.origin);
    await airisk.admin.clearRequests();
    assert.deepEqual(await airisk.admin.requests(), []);
  });

  it('change users and clients', async () => {
    await airisk.admin.setOptions({
      users: [{ id: 'only', name: 'Only One' }],
      clients: [{ client_id: 'c', client_secret: 's', redirect_uri: 'https://localhost/callback' }],
    });
    assert.equal((await authorize(airisk.origin)).status, 401);
    assert.equal((await authorize(airisk.origin, { client_id: 'c', userid: 'user_42' })).status, 400);
    assert.equal((await authorize(airisk.origin, { client_id: 'c', userid: 'only' })).status, 302);
  });

  it('shift the whole idea of the time', async () => {
    await airisk.admin.setOptions({ clockSkewSeconds: -86_400 });
    const yesterday = Date.now() - 86_400_000;
    const answer = await requestToken(airisk.origin, { code: await getCode(airisk.origin) });
    const { access_token: token, expiration } = parseTokenAnswer(await answer.text());
    const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
    for (const [what, at] of [
      ['Date', Date.parse(answer.headers.get('date') ?? '')],
      ['expiration', Date.parse(expiration) - 120_000],
      ['iat', Number(/"iat":(\d+)/.exec(claims)?.[1]) * 1000],
      ['exp', Number(/"exp":(\d+)/.exec(claims)?.[1]) * 1000 - 120_000],
    ] as const) {
      assert.ok(Math.abs(at - yesterday) < 5000, `${what} is ${at}, yesterday was ${yesterday}`);
    }
    assert.equal((await get(airisk.origin, '/api/Users/ListUsers', token)).status, 200);
  });

  it('reset options, codes, tokens, faults and log to the start', async () => {
    const started = await airisk.admin.options();
    const [token, code] = [await getToken(airisk.origin), await getCode(airisk.origin)];
    await airisk.admin.setOptions({ mode: 'login', users: [] });
    await airisk.admin.inject({ endpoint: 'authorize', kind: '500', times: 0 });
    await airisk.admin.reset();
    assert.deepEqual(await airisk.admin.requests(), []);
    assert.deepEqual(await airisk.admin.options(), started);
    assert.equal(started.tokenLifetimeSeconds, 120);
    assert.equal((await get(airisk.origin, '/api/Users/ListUsers', token)).status, 401);
    assert.equal((await requestToken(airisk.origin, { code })).status, 400);
    assert.equal((await authorize(airisk.origin)).status, 302);
  });

  it('refuse what they do not understand', async () => {
    for (const [method, path, body] of [
      ['PATCH', 'options', '{"mode":"magic"}'],
      ['PATCH', 'options', '{"noSuchOption":1}'],
      ['PATCH', 'options', 'not JSON'],
      ['POST', 'faults', '{"endpoint":"users","kind":"wrongState"}'],
      ['POST', 'faults', '{"endpoint":"token","kind":"redirect"}'],
      ['POST', 'faults', '{"endpoint":"token","kind":"delay","processed":true}'],
    ] as const) {
      const answer = await fetch(`${airisk.origin}/_admin/${path}`, { method, body });
      assert.equal(answer.status, 400, `${path} ${body}`);
    }
    await assert.rejects(airisk.admin.setOptions({ tokenLifetimeSeconds: -1 }), /refused PATCH .*400/);
  });
});
