import assert from 'node:assert/strict';
import { type Finding, rehearse } from '../../../src/core/diagnosis.ts';
import { callback, deploymentAt, http, inOneHour } from '../support/airisk.ts';
import { type Answer, loopbackServer, replyJson, replyProblem, reply, traceId } from '../support/server.ts';

const clientSecret = 'MARKED s3cret+/&"ü';

interface Answers {
  readonly fingerprint: Answer;
  readonly authorize: Answer;
  readonly token: Answer;
}

/** Redirects at once, as documented. */
const redirects: Answer = (response, { url }) => {
  const state = new URLSearchParams(url.split('?')[1]).get('state') ?? '';
  response.writeHead(302, { location: `${callback}?code=MARKED-code&state=${state}` }).end();
};
const airisk: Answers = {
  fingerprint: reply(400, 'text/plain; charset=utf-8', 'Invalid client_id'),
  authorize: redirects,
  token: (response, request) =>
    replyJson({ access_token: 'MARKED-token', expiration: inOneHour() })(response, request),
};

describe('rehearse', () => {
  const server = loopbackServer();
  const secrets = new Set<string>();
  const run = async (changes: Partial<Answers> = {}, missing?: 'secret' | 'redirect') => {
    const answers = { ...airisk, ...changes };
    server.answer = (response, request) => {
      const { method, body } = request;
      const answer = method === 'GET' ? answers.authorize : body ? answers.token : answers.fingerprint;
      answer(response, request);
    };
    secrets.clear();
    const subject = {
      deployment: deploymentAt(server.origin),
      clientSecret: missing === 'secret' ? undefined : clientSecret,
      format: 'form' as const,
      redirectUri: missing === 'redirect' ? undefined : callback,
    };
    return rehearse(http, subject, secrets, new AbortController().signal);
  };
  const marks = (findings: readonly Finding[]): string =>
    findings.map(({ ok }) => (ok === undefined ? '–' : ok ? '✓' : '✗')).join('');

  it('passes with a token, and keeps it to itself', async () => {
    const findings = await run();
    assert.equal(marks(findings), '✓✓✓✓');
    assert.deepEqual(
      findings.map(({ check }) => check),
      ['deployment', 'clock', 'authorization', 'token'],
    );
    assert.ok(secrets.has('MARKED-token') && secrets.has('MARKED-code'));
    assert.doesNotMatch(JSON.stringify(findings), /MARKED/);
  });

  it('sends nothing secret before it knows that AIRisk answers', async () => {
    await run({ fingerprint: reply(200, 'text/html', '<title>Guest network</title>') });
    assert.deepEqual(
      server.received.map(({ url, body }) => url + body),
      ['/api/oauth2/Token'],
    );
  });

  const failures: [what: string, changes: Partial<Answers>, marks: string, code: string, nextStep: string][] =
    [
      [
        'a captive portal',
        { fingerprint: reply(200, 'text/html', '<title>Wi-Fi</title>') },
        '✗–––',
        'invalid_response',
        'portal',
      ],
      [
        'a portal that redirects',
        { fingerprint: reply(302, 'text/plain', '', { location: 'http://portal.example/' }) },
        '✗–––',
        'invalid_response',
        'portal',
      ],
      [
        'an address that has moved',
        {
          fingerprint: reply(308, 'text/plain', '', { location: 'https://www.example.com/api/oauth2/Token' }),
        },
        '✗–––',
        'moved',
        'moved',
      ],
      [
        'a redirect without a state',
        { authorize: reply(302, 'text/plain', '', { location: `${callback}?code=a` }) },
        '✓✓✗–',
        'state_missing',
        'administrator',
      ],
      [
        'another web server',
        { fingerprint: reply(404, 'text/html', 'Not found') },
        '✗–––',
        'invalid_response',
        'portal',
      ],
      [
        'a server that says in plain text that there is no such page',
        { fingerprint: reply(404, 'text/plain; charset=utf-8', '404 page not found\n') },
        '✗–––',
        'invalid_response',
        'portal',
      ],
      [
        'a server that takes no such request',
        { fingerprint: reply(400, 'text/plain', 'Bad Request') },
        '✗–––',
        'invalid_response',
        'portal',
      ],
      [
        'a network that wants a sign-in first',
        { fingerprint: reply(511, 'text/html', '<title>Wi-Fi</title>') },
        '✗–––',
        'invalid_response',
        'portal',
      ],
      [
        'a server that was asked too often',
        { fingerprint: reply(429, 'text/plain', 'Too many requests') },
        '✗–––',
        'server_error',
        'wait',
      ],
      ['a gateway', { fingerprint: reply(502, 'text/html', '<h1>') }, '✗–––', 'server_error', 'wait'],
      [
        'a cut connection',
        { fingerprint: (response) => void response.destroy() },
        '✗–––',
        'unreachable',
        'network',
      ],
      [
        'an unknown client',
        { authorize: replyProblem(401, 'Unauthorized') },
        '✓✓✗–',
        'authorization_error',
        'clientId',
      ],
      [
        'a client_id that is not valid',
        { authorize: reply(400, 'text/plain', 'Invalid client_id') },
        '✓✓✗–',
        'authorization_error',
        'clientId',
      ],
      [
        'an unregistered redirect URI',
        { authorize: replyProblem(400, 'The redirect_uri is not registered.') },
        '✓✓✗–',
        'authorization_error',
        'redirectUri',
      ],
      [
        'a refused request',
        { authorize: replyProblem(403, 'Forbidden') },
        '✓✓✗–',
        'authorization_error',
        'administrator',
      ],
      [
        'an error on the redirect',
        { authorize: reply(302, 'text/plain', '', { location: `${callback}?error=access_denied` }) },
        '✓✓✗–',
        'authorization_error',
        'administrator',
      ],
      [
        'a server that says on the redirect that it is down',
        {
          authorize: (response, { url }) => {
            const state = new URLSearchParams(url.split('?')[1]).get('state') ?? '';
            const error = 'error=server_error&error_description=The+user+store+is+down';
            response.writeHead(302, { location: `${callback}?${error}&state=${state}` }).end();
          },
        },
        '✓✓✗–',
        'authorization_error',
        'wait',
      ],
      [
        'a wrong secret',
        { token: replyProblem(401, 'Unauthorized') },
        '✓✓✓✗',
        'invalid_client',
        'clientSecret',
      ],
      [
        'a token that has expired',
        { token: replyJson({ access_token: 'x', expiration: '2020-01-01T00:00:00Z' }) },
        '✓✓✓✗',
        'token_expired',
        'clock',
      ],
    ];
  for (const [what, changes, expected, code, nextStep] of failures) {
    it(`finds ${what}`, async () => {
      const findings = await run(changes);
      assert.equal(marks(findings), expected);
      const failed = findings.find(({ ok }) => ok === false);
      assert.deepEqual([failed?.error?.code, failed?.nextStep], [code, nextStep]);
    });
  }

  it('keeps the traceId, and the title of a page in the way', async () => {
    const refused = await run({ authorize: replyProblem(401, 'Unauthorized') });
    assert.equal(refused[2]?.error?.traceId, traceId);
    const portal = await run({ fingerprint: reply(200, 'text/html', '<title> Guest\nnetwork </title>') });
    assert.equal(portal[0]?.error?.reason, 'Guest network');
    const location = 'https://portal.example/';
    const untitled = reply(302, 'text/html', '<title>\n</title>', { location });
    assert.equal((await run({ fingerprint: untitled }))[0]?.error?.reason, location);
  });

  for (const [what, authorize] of [
    ['a login proxy', reply(401, 'text/plain', 'Unauthorized')],
    ['a login proxy that speaks JSON', replyJson({ error: 'login_required' }, 401)],
    ['a firewall', reply(403, 'text/html', '<h1>')],
  ] satisfies [string, Answer][]) {
    it(`blames nobody for what ${what} says to a program`, async () => {
      const [, , authorization] = await run({ authorize });
      assert.deepEqual([authorization?.ok, authorization?.detail], [true, 'page']);
    });
  }

  it('leaves open what a page that AIRisk shows first hides', async () => {
    const findings = await run({ authorize: reply(200, 'text/html', '<form>') });
    assert.equal(marks(findings), '✓✓✓–');
    assert.equal(findings[2]?.detail, 'page');
  });

  it('looks at what it can where something is missing', async () => {
    assert.equal(marks(await run({}, 'secret')), '✓✓✓–');
    assert.equal(marks(await run({}, 'redirect')), '✓✓––');
  });

  const skews: [seconds: number, fact: string | undefined][] = [
    [0, undefined],
    [50, undefined],
    [-50, undefined],
    [600, '600'],
    [-600, '-600'],
  ];
  for (const [seconds, fact] of skews) {
    it(`compares the clocks: ${seconds} s apart`, async () => {
      const date = new Date(Date.now() + seconds * 1_000).toUTCString();
      const fingerprint = reply(400, 'text/plain', 'Invalid client_id', { date });
      const [, clock] = await run({ fingerprint });
      assert.equal(clock?.ok, fact === undefined);
      if (fact === undefined) return;
      assert.ok(Math.abs(Number(clock?.fact) - Number(fact)) <= 1, clock?.fact);
    });
  }

  it('leaves the clock open where the server does not tell the time', async () => {
    for (const date of [undefined, 'noon']) {
      const findings = await run({
        fingerprint: (response, request) => {
          response.sendDate = false;
          reply(400, 'text/plain', 'Invalid client_id', { ...(date && { date }) })(response, request);
        },
      });
      assert.equal(marks(findings), '✓–✓✓');
    }
  });

  it('knows AIRisk by problem details too', async () => {
    assert.equal(marks(await run({ fingerprint: replyProblem(400, 'Bad Request') })), '✓✓✓✓');
    assert.equal(marks(await run({ fingerprint: replyJson('Invalid client_id', 400) })), '✓✓✓✓');
  });

  it('gives nothing secret away that the server quotes', async () => {
    const quotes: Answer = (response, request) =>
      replyProblem(400, `${request.url} ${request.body} ${decodeURIComponent(request.body)}`)(
        response,
        request,
      );
    for (const changes of [{ authorize: quotes }, { token: quotes }]) {
      const findings = await run(changes);
      secrets.add(clientSecret);
      const quoted = findings.map(({ error }) => error?.reason ?? '').join('');
      const state = [...secrets].find((secret) => /^[\w-]{43}$/.test(secret)) ?? '';
      assert.ok(state !== '' && quoted.includes('•••'), quoted);
      for (const secret of ['MARKED', state.slice(0, 6)]) assert.ok(!quoted.includes(secret), quoted);
    }
  });

  it('ends when it is cancelled', async () => {
    const controller = new AbortController();
    server.answer = () => controller.abort();
    const subject = {
      deployment: deploymentAt(server.origin),
      clientSecret,
      format: 'form' as const,
      redirectUri: callback,
    };
    await assert.rejects(rehearse(http, subject, secrets, controller.signal), { name: 'AbortError' });
  });
});
