import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { requestToken, type TokenRequest } from '../../../../src/core/oauth/tokenRequest.ts';
import { callback, deploymentAt, http, inOneHour } from '../../support/airisk.ts';
import {
  type Answer,
  drop,
  loopbackServer,
  never,
  replyJson,
  replyProblem,
  reply,
} from '../../support/server.ts';

const grant: Answer = (response, request) =>
  replyJson({ access_token: 'token', expiration: inOneHour() })(response, request);

describe('requestToken', () => {
  const server = loopbackServer();
  beforeEach(() => {
    server.answer = grant;
  });

  function ask(changes: Partial<TokenRequest> = {}, signal?: AbortSignal) {
    const request: TokenRequest = {
      deployment: deploymentAt(server.origin),
      clientSecret: 's&c=r+t %',
      redirectUri: callback,
      code: 'a+b/c==',
      userid: 'user_42',
      format: 'form',
      ...changes,
    };
    return requestToken(http, request, signal);
  }
  const only = () => {
    const [request, ...more] = server.received;
    assert.ok(request && more.length === 0, 'one request');
    return request;
  };

  it('reads the token', async () => {
    const { accessToken, expiration, clockSkew } = await ask();
    assert.deepEqual([accessToken, clockSkew], ['token', 0]);
    assert.ok(Math.abs(expiration - Date.now() - 3_600_000) < 5_000);
  });

  it('sends a form with the documented fields', async () => {
    await ask();
    const { method, url, headers, body } = only();
    assert.deepEqual([method, url], ['POST', '/api/oauth2/Token']);
    assert.equal(headers['content-type'], 'application/x-www-form-urlencoded');
    assert.equal(headers.accept, '*/*');
    assert.equal(
      body,
      'grant_type=authorization_code&client_id=abc123&client_secret=s%26c%3Dr%2Bt+%25&redirect_uri=https%3A%2F%2Flocalhost%2Fcallback&code=a%2Bb%2Fc%3D%3D&userid=user_42',
    );
  });

  it('sends JSON with the same fields', async () => {
    await ask({ format: 'json' });
    const { headers, body } = only();
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(
      body,
      '{"grant_type":"authorization_code","client_id":"abc123","client_secret":"s&c=r+t %","redirect_uri":"https://localhost/callback","code":"a+b/c==","userid":"user_42"}',
    );
  });

  for (const format of ['form', 'json'] as const) {
    it(`sends no userid for a generic token, as ${format}`, async () => {
      await ask({ format, userid: '' });
      assert.doesNotMatch(only().body, /userid/);
    });
  }

  const bearers: [userid: string, genericToken: string | undefined, authorization: string | undefined][] = [
    ['user_42', 'generic', 'Bearer generic'],
    ['user_42', undefined, undefined],
    ['user_42', '', undefined],
    ['', 'generic', undefined],
    ['', undefined, undefined],
  ];
  for (const [userid, genericToken, authorization] of bearers) {
    it(`sends ${authorization ?? 'no bearer'} for userid "${userid}" and generic token "${genericToken}"`, async () => {
      await ask({ userid, genericToken });
      assert.equal(only().headers.authorization, authorization);
    });
  }

  it('keeps the secret out of the address and the headers', async () => {
    await ask({ clientSecret: 'very-secret', genericToken: 'generic' });
    const { url, headers } = only();
    assert.doesNotMatch(url + JSON.stringify(headers), /very-secret/);
  });

  const failures: [what: string, answer: Answer, error: object][] = [
    ['a broken connection', drop, { code: 'unreachable' }],
    ['a failed server', replyProblem(500, 'Oops'), { code: 'server_error', status: 500 }],
    [
      'a gateway',
      reply(503, 'text/html', '<h1>', { 'retry-after': '0' }),
      { code: 'server_error', status: 503 },
    ],
    ['a used code', reply(400, 'text/plain', 'Invalid Code'), { code: 'invalid_code', status: 400 }],
    ['a wrong secret', replyProblem(401, 'Unauthorized'), { code: 'invalid_client', status: 401 }],
    ['an answer that is no token', replyJson({ token: 'x' }), { code: 'invalid_response' }],
    [
      'a token of the past',
      replyJson({ access_token: 'x', expiration: '2025-03-31T13:12:17Z' }),
      { code: 'token_expired' },
    ],
    [
      'a redirect that would keep method and body',
      reply(307, 'text/plain', '', { location: '/elsewhere' }),
      { code: 'not_airisk', status: 307 },
    ],
    [
      'a redirect to where it has moved',
      reply(308, 'text/plain', '', { location: 'https://www.example.com/api/oauth2/Token' }),
      { code: 'moved', status: 308, reason: 'https://www.example.com' },
    ],
  ];
  for (const [what, answer, error] of failures) {
    it(`is sent once whatever comes: ${what}`, async () => {
      server.answer = answer;
      await assert.rejects(ask(), { name: 'AiriskError', ...error });
      await sleep(30);
      only();
    });
  }

  it('is sent once though the connection that it was to reuse is gone', async () => {
    await ask();
    server.answer = drop;
    await assert.rejects(ask(), { code: 'unreachable' });
    await sleep(30);
    assert.equal(server.received.length, 2);
  });

  it('ends with an AbortError when it is aborted', async () => {
    const controller = new AbortController();
    server.answer = (response, request) => {
      never(response, request);
      controller.abort();
    };
    await assert.rejects(ask({}, controller.signal), { name: 'AbortError' });
    only();
  });

  const quotes: [what: string, (text: string) => Answer][] = [
    ['a missing field', (text) => reply(400, 'text/plain', `Invalid client_secret ${text}`)],
    ['a wrong secret', (text) => replyProblem(401, `Unauthorized: ${text}`)],
    ['a failed server', (text) => replyProblem(500, text)],
    ['an escape', (text) => reply(400, 'text/plain', `Invalid ${encodeURIComponent(text)}`)],
    ['a long answer', (text) => reply(400, 'text/plain', `${'x'.repeat(190)} ${text}`)],
  ];
  const marked = { code: 'the+code', clientSecret: 'the"secret', genericToken: 'the/generic' };
  for (const [what, quote] of quotes) {
    for (const [name, secret] of Object.entries(marked)) {
      it(`tells nobody the ${name} that the server quotes: ${what}`, async () => {
        server.answer = quote(secret);
        await assert.rejects(ask(marked), (error: Error) => {
          assert.match(error.message, /•••/);
          assert.doesNotMatch(inspect(error), /the["+/%]/);
          return true;
        });
      });
    }
  }

  it('tells of a failure without the code, the secret and the generic token', async () => {
    server.answer = drop;
    const secrets = { code: 'the-code', clientSecret: 'the-secret', genericToken: 'the-generic' };
    await assert.rejects(ask(secrets), (error: Error) => {
      assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`, /the-/);
      return true;
    });
  });
});
