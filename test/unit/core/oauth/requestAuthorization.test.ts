import assert from 'node:assert/strict';
import {
  authorizationRequestUrl,
  requestAuthorization,
} from '../../../../src/core/oauth/authorizationRequest.ts';
import { callback, deploymentAt, http } from '../../support/airisk.ts';
import {
  type Answer,
  loopbackServer,
  replyJson,
  replyProblem,
  reply,
  traceId,
} from '../../support/server.ts';

describe('requestAuthorization', () => {
  const server = loopbackServer();
  const ask = () => {
    const deployment = deploymentAt(server.origin);
    return requestAuthorization(http, { deployment, redirectUri: callback, userid: 'user_42', state: 's+s' });
  };
  const redirect = (location: string, status = 302): Answer => reply(status, 'text/plain', '', { location });

  it('sends exactly the authorization request, as a GET without a body', async () => {
    server.answer = redirect(`${callback}?code=a&state=s%2Bs`);
    assert.equal(await ask(), `${callback}?code=a&state=s%2Bs`);
    const deployment = deploymentAt(server.origin);
    const url = authorizationRequestUrl({
      deployment,
      redirectUri: callback,
      userid: 'user_42',
      state: 's+s',
    });
    assert.deepEqual(
      server.received.map((request) => [request.method, server.origin + request.url, request.body]),
      [['GET', url, '']],
    );
  });

  it('never follows the redirect', async () => {
    server.answer = redirect(`${server.origin}/callback?code=a`);
    await ask();
    assert.equal(server.received.length, 1);
  });

  const endings: [what: string, answer: Answer, location: string | undefined][] = [
    ['another kind of redirect', redirect('/login', 307), '/login'],
    ['a redirect to nowhere', reply(302, 'text/plain', ''), undefined],
    ['a login page', reply(200, 'text/html', '<form>'), undefined],
    ['a page with a Location that is no redirect', redirect('/elsewhere', 201), undefined],
    ['an error page of something in front', reply(400, 'text/html', '<h1>No</h1>'), undefined],
    ['a login proxy that tells a program no', reply(401, 'text/plain', 'Unauthorized'), undefined],
    ['a login proxy that does it with JSON', replyJson({ error: 'login_required' }, 401), undefined],
    ['a firewall', reply(403, 'text/plain', 'Forbidden'), undefined],
    ['a network that wants a sign-in', reply(511, 'text/html', '<form>'), undefined],
  ];
  for (const [what, answer, location] of endings) {
    it(`is ${location ?? 'undefined'} for ${what}`, async () => {
      server.answer = answer;
      assert.equal(await ask(), location);
    });
  }

  const failures: [what: string, answer: Answer, error: object][] = [
    [
      'an unknown client',
      replyProblem(401, 'Unauthorized'),
      { code: 'authorization_error', status: 401, reason: 'Unauthorized', traceId },
    ],
    [
      'an unknown redirect URI',
      reply(400, 'text/plain; charset=utf-8', 'Invalid redirect_uri'),
      { code: 'authorization_error', status: 400, reason: 'Invalid redirect_uri', traceId: undefined },
    ],
    [
      'an unknown redirect URI, as a JSON string',
      replyJson('Invalid redirect_uri', 400),
      { code: 'authorization_error', status: 400, reason: 'Invalid redirect_uri' },
    ],
    [
      'a failed server',
      replyProblem(500, 'Oops'),
      { code: 'server_error', status: 500, reason: 'Oops', traceId },
    ],
    [
      'a server that is asked too often',
      replyProblem(429, 'Too Many Requests'),
      { code: 'server_error', status: 429, reason: 'Too Many Requests', traceId },
    ],
    [
      'a gateway that fails',
      reply(503, 'text/html', '<h1>503</h1>'),
      { code: 'server_error', status: 503, reason: undefined },
    ],
    [
      'a server that quotes the state',
      reply(400, 'text/plain', 'Invalid state s+s'),
      { code: 'authorization_error', reason: 'Invalid state •••' },
    ],
    [
      'a failed server that quotes it',
      replyProblem(500, 'Oops s%2Bs'),
      { code: 'server_error', reason: 'Oops •••' },
    ],
  ];
  for (const [what, answer, error] of failures) {
    it(`tells of ${what}`, async () => {
      server.answer = answer;
      await assert.rejects(ask(), { name: 'AiriskError', ...error });
    });
  }
});
