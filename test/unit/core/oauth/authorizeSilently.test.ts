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

  const right = (state: string): string => `code=a%2Bb&state=${state}`;

  // Our state is the proof, in whatever way the server spells the rest (RFC 3986 §6.2, RFC 9207).
  const spellings: [what: string, location: (state: string) => string, redirectUri?: string][] = [
    ['with an issuer', (state) => `${callback}?${right(state)}&iss=https%3A%2F%2Fa.example`],
    ['with parameters of its own', (state) => `${callback}?session_state=x&${right(state)}&x=1&x=2`],
    ['to https for http', (state) => `${callback}?${right(state)}`, 'http://localhost/callback'],
    ['with a path for none', (state) => `https://localhost/?${right(state)}`, 'https://localhost'],
    [
      'in small letters',
      (state) => `https://localhost/Callback?${right(state)}`,
      'HTTPS://LocalHost/Callback',
    ],
    ['with the usual port', (state) => `https://localhost:443/callback?${right(state)}`],
    ['without the query of the redirect URI', (state) => `${callback}?${right(state)}`, `${callback}?x=y`],
    ['with a needless escape', (state) => `https://localhost/%63allback?${right(state)}`],
    ['with a fragment', (state) => `${callback}?${right(state)}#x`],
    ['with an empty error', (state) => `${callback}?${right(state)}&error=&error_description=`],
    ['relative to the server', (state) => `/callback?${right(state)}`],
    ['without a scheme', (state) => `//localhost/callback?${right(state)}`],
  ];
  for (const [what, location, redirectUri] of spellings) {
    it(`reads the code of a redirect ${what}`, async () => {
      server.answer = redirectTo(location);
      assert.equal(await authorize(redirectUri), 'a+b');
      const sent = new URL(server.received[0]?.url ?? '', server.origin).searchParams.get('redirect_uri');
      assert.equal(sent, redirectUri ?? callback);
    });
  }

  const others: [what: string, location: (state: string) => string][] = [
    ['to a login page that holds it', (state) => `/login?returnUrl=${callback}?${right(state)}`],
    ['without a query', () => callback],
    ['with a fragment for a query', (state) => `${callback}#${right(state)}`],
    ['without a code', (state) => `${callback}?state=${state}`],
    ['with an empty code', (state) => `${callback}?code=&state=${state}`],
    ['with another state', () => `${callback}?code=a&state=b`],
    ['with a part of the state', (state) => `${callback}?code=a&state=${state.slice(0, -1)}`],
    ['with two codes', (state) => `${callback}?code=b&${right(state)}`],
    ['with two states', (state) => `${callback}?${right(state)}&state=${state}`],
    ['with a code and an error', (state) => `${callback}?${right(state)}&error=login_required`],
    ['with an empty state to another host', () => 'https://evil.example/callback?code=a&state='],
    ['without a state to another host', () => 'https://evil.example/callback?code=a'],
    ['without a state to another scheme', () => 'http://localhost/callback?code=a'],
    ['without a state to another port', () => 'https://localhost:444/callback?code=a'],
    ['without a state to a longer path', () => `${callback}/more?code=a`],
    ['without a state to a host behind a password', () => `${callback}@evil.example?code=a`],
    ['to what is no address', () => 'https://['],
  ];
  for (const [what, location] of others) {
    it(`takes no redirect ${what}`, async () => {
      server.answer = redirectTo(location);
      await assert.rejects(authorize(), { name: 'AiriskError', code: 'not_silent' });
      assert.equal(server.received.length, 1);
    });
  }

  for (const [what, location, redirectUri] of [
    ['', `${callback}?code=a`, callback],
    [', which has an empty one', `${callback}?code=a&state=`, callback],
    [', which has one without a value', `${callback}?state&code=a`, callback],
    [', spelled in another way', 'HTTPS://LOCALHOST:443/%63allback?code=a&x=1', callback],
    [', with the query of the redirect URI', `${callback}?x=y&code=a`, `${callback}?x=y`],
  ] as const) {
    it(`says that the state is missing from its redirect${what}`, async () => {
      server.answer = redirectTo(() => location);
      await assert.rejects(authorize(redirectUri), { name: 'AiriskError', code: 'state_missing' });
    });
  }

  it('tells of an error without a state, which AIRisk has given to this very request', async () => {
    server.answer = redirectTo(() => `${callback}?error=access_denied&error_description=User+is+locked`);
    await assert.rejects(authorize(), {
      code: 'authorization_error',
      reason: 'User is locked (access_denied)',
      oauthError: 'access_denied',
    });
  });

  it('takes no error without a state from elsewhere', async () => {
    server.answer = redirectTo(() => 'https://evil.example/callback?error=access_denied');
    await assert.rejects(authorize(), { code: 'not_silent', reason: '' });
  });

  it('takes a redirect without a state for none where the query of the redirect URI is missing', async () => {
    server.answer = redirectTo(() => `${callback}?code=a`);
    await assert.rejects(authorize(`${callback}?x=y`), { code: 'not_silent' });
  });

  it('says where AIRisk has moved to', async () => {
    server.answer = redirectTo((state) => `https://www.example.com/api/oauth2?state=${state}`, 301);
    await assert.rejects(authorize(), {
      code: 'moved',
      subject: new URL(server.origin).host,
      reason: 'https://www.example.com',
    });
  });

  it('tells of an error, in plain text', async () => {
    server.answer = redirectTo((state) => `${callback}?error=%5Ba%5D(b)&state=${state}`);
    await assert.rejects(authorize(), { code: 'not_silent', reason: '[a] (b)' });
  });

  it('tells of an error beside an empty code', async () => {
    server.answer = redirectTo((state) => `${callback}?error=login_required&code=&state=${state}`);
    await assert.rejects(authorize(), { code: 'not_silent', reason: 'login_required' });
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

  for (const blank of ['%20', '+', '%E2%80%8B']) {
    it(`tells the error alone where its description is blank: ${blank}`, async () => {
      server.answer = redirectTo(
        (state) => `${callback}?error=login_required&error_description=${blank}&state=${state}`,
      );
      await assert.rejects(authorize(), { code: 'not_silent', reason: 'login_required' });
    });
  }

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
