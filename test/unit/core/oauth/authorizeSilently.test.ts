import assert from 'node:assert/strict';
import { authorizeSilently } from '../../../../src/core/oauth/authorizationRequest.ts';
import { callback, deploymentAt, http } from '../../support/airisk.ts';
import { type Answer, loopbackServer, never, reply, replyProblem, traceId } from '../../support/server.ts';

/** A redirect to an address that depends on the state of the request. */
function redirectTo(location: (state: string) => string, status = 302): Answer {
  return (response, request) => {
    const state = new URL(request.url, 'http://a').searchParams.get('state') ?? '';
    reply(status, 'text/plain', '', { location: location(state) })(response, request);
  };
}

describe('authorizeSilently', () => {
  const server = loopbackServer();
  const authorize = (redirectUri = callback, signal?: AbortSignal) =>
    authorizeSilently(
      http,
      { deployment: deploymentAt(server.origin), redirectUri, userid: 'user_42' },
      signal,
    );
  const states = () => server.received.map(({ url }) => new URL(url, 'http://a').searchParams.get('state'));

  const redirects: [what: string, location: (state: string) => string, redirectUri?: string][] = [
    ['the documented redirect', (state) => `${callback}?code=a%2Bb&state=${state}`],
    ['another order', (state) => `${callback}?state=${state}&code=a%2Bb`],
    ['a bare plus', (state) => `${callback}?code=a+b&state=${state}`],
    [
      'a redirect URI with a query',
      (state) => `${callback}?x=y&code=a%2Bb&state=${state}`,
      `${callback}?x=y`,
    ],
    ['a URI of VS Code', (state) => `vscode://a.b/c?code=a%2Bb&state=${state}`, 'vscode://a.b/c'],
    ['the server itself', (state) => `${server.origin}/?code=a%2Bb&state=${state}`, 'itself'],
  ];
  for (const [what, location, redirectUri] of redirects) {
    it(`reads the code of ${what}, and follows nothing`, async () => {
      server.answer = redirectTo(location);
      assert.equal(await authorize(redirectUri === 'itself' ? `${server.origin}/` : redirectUri), 'a+b');
      assert.equal(server.received.length, 1);
    });
  }

  it('has a state of its own each time', async () => {
    server.answer = redirectTo((state) => `${callback}?code=a&state=${state}`);
    for (let i = 0; i < 3; i++) await authorize();
    assert.equal(new Set(states()).size, 3);
    for (const state of states()) assert.match(state ?? '', /^[\w-]{43}$/);
  });

  const right = (state: string): string => `code=a&state=${state}`;
  const others: [what: string, location: (state: string) => string][] = [
    ['to another host', (state) => `https://evil.example/callback?${right(state)}`],
    ['to another scheme', (state) => `http://localhost/callback?${right(state)}`],
    ['to another port', (state) => `https://localhost:444/callback?${right(state)}`],
    ['to a longer path', (state) => `${callback}/more?${right(state)}`],
    ['to a host behind a password', (state) => `${callback}@evil.example?${right(state)}`],
    ['to a path of the server', (state) => `/login?${right(state)}`],
    ['to a login page that holds it', (state) => `/login?returnUrl=${callback}?${right(state)}`],
    ['without a query', () => callback],
    ['with a fragment for a query', (state) => `${callback}#${right(state)}`],
    ['with a fragment', (state) => `${callback}?${right(state)}#x`],
    ['without a code', (state) => `${callback}?state=${state}`],
    ['with an empty code', (state) => `${callback}?code=&state=${state}`],
    ['without a state', () => `${callback}?code=a`],
    ['with another state', () => `${callback}?code=a&state=b`],
    ['with a part of the state', (state) => `${callback}?code=a&state=${state.slice(0, -1)}`],
    ['with two codes', (state) => `${callback}?code=b&${right(state)}`],
    ['with two states', (state) => `${callback}?${right(state)}&state=${state}`],
    ['with another parameter', (state) => `${callback}?${right(state)}&iss=a`],
    ['with a code and an error', (state) => `${callback}?${right(state)}&error=login_required`],
  ];
  for (const [what, location] of others) {
    it(`takes no redirect ${what}`, async () => {
      server.answer = redirectTo(location);
      await assert.rejects(authorize(), { name: 'AiriskError', code: 'not_silent' });
      assert.equal(server.received.length, 1);
    });
  }

  it('takes no redirect that lacks the query of the redirect URI', async () => {
    server.answer = redirectTo((state) => `${callback}?${right(state)}`);
    await assert.rejects(authorize(`${callback}?x=y`), { code: 'not_silent' });
  });

  it('tells of an error, in plain text', async () => {
    server.answer = redirectTo((state) => `${callback}?error=%5Ba%5D(b)&state=${state}`);
    await assert.rejects(authorize(), { code: 'not_silent', reason: '[a] (b)' });
  });

  it('tells what the server says of an error, with its code, and not the state', async () => {
    server.answer = redirectTo(
      (state) => `${callback}?error=unauthorized_client&error_description=Not+with+${state}&state=${state}`,
    );
    await assert.rejects(authorize(), {
      code: 'not_silent',
      reason: 'Not with ••• (unauthorized_client)',
    });
  });

  const pages: [what: string, answer: Answer, error: object][] = [
    ['a login page', reply(200, 'text/html', '<form>'), { code: 'not_silent' }],
    ['a redirect to nowhere', reply(302, 'text/html', ''), { code: 'not_silent' }],
    ['a created page', redirectTo((state) => `${callback}?${right(state)}`, 201), { code: 'not_silent' }],
    [
      'a refusal',
      replyProblem(401, 'No'),
      { code: 'authorization_error', status: 401, reason: 'No', traceId },
    ],
    ['a gateway', reply(502, 'text/html', '<h1>'), { code: 'server_error', status: 502 }],
  ];
  for (const [what, answer, error] of pages) {
    it(`gets no code from ${what}`, async () => {
      server.answer = answer;
      await assert.rejects(authorize(), { name: 'AiriskError', ...error });
    });
  }

  it('ends with an AbortError when it is aborted', async () => {
    const controller = new AbortController();
    server.answer = (response, request) => {
      never(response, request);
      controller.abort();
    };
    await assert.rejects(authorize(callback, controller.signal), { name: 'AbortError' });
  });
});
