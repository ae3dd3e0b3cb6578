import assert from 'node:assert/strict';
import {
  errorDetails,
  isAiriskError,
  isRefusal,
  movedTo,
  unexpectedAnswer,
} from '../../../../src/core/oauth/errorResponse.ts';
import { httpAnswer } from '../../support/airisk.ts';
import { problem, traceId } from '../../support/server.ts';

const problems = 'application/problem+json; charset=utf-8';
const text = 'text/plain; charset=utf-8';
const json = 'application/json; charset=utf-8';

describe('errorDetails', () => {
  const cases: [what: string, contentType: string, body: string, details: object][] = [
    [
      'documented problem details',
      problems,
      problem(400, 'Unauthorized'),
      { reason: 'Unauthorized', traceId },
    ],
    ['the detail before the title', problems, '{"title":"a","detail":"b"}', { reason: 'b' }],
    ['problem details without words', problems, '{}', { reason: '' }],
    ['problem details with an empty traceId', problems, '{"title":"a","traceId":""}', { reason: 'a' }],
    ['problem details with a title of another type', problems, '{"title":7,"detail":"b"}', { reason: 'b' }],
    [
      'problem details with a detail that is null',
      problems,
      `{"title":"a","detail":null,"traceId":"${traceId}"}`,
      { reason: 'a', traceId },
    ],
    ['problem details with an odd traceId', problems, '{"title":"a","traceId":[1]}', { reason: 'a' }],
    ...[' ', '\n\t', '\u00a0', '\u200b', '\u202e '].flatMap((blank): typeof cases => [
      [
        `problem details with a blank detail, ${JSON.stringify(blank)}`,
        problems,
        JSON.stringify({
          title: 'a',
          detail: blank,
          traceId: blank,
          errors: { code: [blank] },
          error: blank,
        }),
        { reason: 'a' },
      ],
      [
        `an OAuth error with a blank description, ${JSON.stringify(blank)}`,
        'application/json',
        JSON.stringify({ error: 'x', error_description: blank }),
        { reason: 'x' },
      ],
    ]),
    [
      'the fields of a validation problem',
      problems,
      '{"title":"One or more","errors":{"code":["No code.",7,""],"x":"y","":["At all."]}}',
      { reason: 'No code. At all.' },
    ],
    ['validation problems of another type', problems, '{"title":"a","errors":[1]}', { reason: 'a' }],
    ['problem details in another JSON type', 'application/json', problem(400, 'a'), { reason: 'a', traceId }],
    ['a JSON string', 'application/json; charset=utf-8', '"Invalid Code"', { reason: 'Invalid Code' }],
    ['a JSON string, in its old type', 'text/json', '"Invalid Code"', { reason: 'Invalid Code' }],
    ['a JSON string that is a link', 'application/json', String.raw`"[a](b)\n"`, { reason: '[a] (b)' }],
    ['an OAuth error', 'application/json', '{"error":"invalid_grant"}', { reason: 'invalid_grant' }],
    [
      'an OAuth error with a description',
      'application/json',
      '{"error":"x","error_description":"No","error_uri":7}',
      { reason: 'No' },
    ],
    ...['{"title":', '{', '["a"', '"Invalid Co', '<html>', '\n <!doctype html>', '\ufeff{"title":'].flatMap(
      (broken): typeof cases => [
        [`no words in broken problem details, ${JSON.stringify(broken)}`, problems, broken, { reason: '' }],
        [`no words in a text that is none, ${JSON.stringify(broken)}`, text, broken, { reason: '' }],
        [
          `no words in a member that has none, ${JSON.stringify(broken)}`,
          problems,
          JSON.stringify({ title: 'a', detail: broken, traceId: broken }),
          { reason: 'a' },
        ],
        [
          `no words in a JSON string of ${JSON.stringify(broken)}`,
          json,
          JSON.stringify(broken),
          { reason: '' },
        ],
      ],
    ),
    ['words that begin with a bracket', text, '[AIR-42] No.', { reason: '[AIR-42] No.' }],
    ['words that begin with a quote', text, '"code" is missing', { reason: '"code" is missing' }],
    ['problem details behind a byte order mark', problems, '\ufeff\r\n{"title":"a"}', { reason: 'a' }],
    ['words that would be a link', problems, '{"detail":"[a](b)\\n"}', { reason: '[a] (b)' }],
    ['a traceId that would be a link', problems, '{"traceId":"[a](b)"}', { reason: '', traceId: '[a] (b)' }],
    ['problem details, in other letters', 'Application/Problem+JSON', '{"title":"a"}', { reason: 'a' }],
    ['plain text', text, 'Invalid client_id', { reason: 'Invalid client_id' }],
    ['plain text without a charset', 'text/plain', 'Invalid Code\r\n', { reason: 'Invalid Code' }],
    ['plain text that is long', text, 'x'.repeat(10_000), { reason: `${'x'.repeat(199)}…` }],
    ['plain text that is problem details', text, problem(400, 'a'), { reason: 'a', traceId }],
    ['an HTML page', 'text/html', '<h1>502</h1>', {}],
    ['JSON of another kind', 'application/json', '["a"]', { reason: '' }],
    ['JSON that is nothing', 'application/json', 'null', { reason: '' }],
    ['a number', text, '42', { reason: '' }],
    ['a text that claims to be JSON', 'application/json', 'Invalid Code', { reason: 'Invalid Code' }],
    ['a JavaScript file', 'text/javascript', '"a"', {}],
    ['another text', 'text/plainer', 'a', {}],
    ['no type', '', 'a', {}],
  ];
  for (const [what, contentType, body, details] of cases) {
    it(`reads ${what}`, () => {
      assert.deepEqual(errorDetails(httpAnswer({ status: 400, contentType, body })), {
        status: 400,
        ...details,
      });
    });
  }

  it('reads nothing from a success', () => {
    const answer = httpAnswer({ status: 200, contentType: text, body: 'a token perhaps' });
    assert.deepEqual(errorDetails(answer), { status: 200 });
  });
});

describe("an error is AIRisk's own", () => {
  const own: [what: string, status: number, contentType: string, body: string][] = [
    ['problem details', 401, problems, problem(401, 'Unauthorized')],
    ['problem details in another JSON type', 401, json, problem(401, 'Unauthorized')],
    ['a field that is not valid', 400, text, 'Invalid client_id'],
    ['the same as a JSON string', 400, json, '"Invalid client_id"'],
    ['the same behind what nobody sees', 400, text, '\ufeff\r\n Invalid\u00a0client_id'],
    ['the same in quotes, behind a line', 400, json, '\n"\\n\u200bInvalid client_id"'],
    ['the same in other letters', 400, text, 'INVALID CODE.'],
    ['a field in quotes', 400, text, "Invalid 'redirect_uri'"],
    ['a client that only AIRisk knows', 401, text, 'Invalid client_secret'],
    ['the same with a 403', 403, json, '"Invalid client_id"'],
  ];
  for (const [what, status, contentType, body] of own) {
    it(`with ${what}`, () => assert.equal(isAiriskError(httpAnswer({ status, contentType, body })), true));
  }

  const foreign: [what: string, status: number, contentType: string, body: string][] = [
    ['a login proxy that answers a program', 401, text, 'Unauthorized'],
    ['a login proxy with JSON', 401, json, '{"error":"login_required"}'],
    ['a firewall', 403, text, 'Forbidden by policy'],
    ['a page', 400, 'text/html', '<h1>Invalid request</h1>'],
    ['nothing at all', 401, '', ''],
    ['a server that has no such page', 404, text, '404 page not found'],
    ['a failure', 502, problems, problem(502, 'Bad Gateway')],
    ['a success', 200, text, 'Invalid client_id'],
    ['a redirect', 302, text, 'Invalid client_id'],
    ['what a proxy says of a password', 401, text, 'Invalid credentials'],
    ['a word that only begins so', 400, text, 'Invalidated'],
    ['a page that calls itself text', 400, text, '<html>Invalid client_id'],
    ['a proxy that asks for a second factor', 401, text, 'Invalid code'],
    ['a proxy that knows other clients', 403, text, 'Invalid client certificate'],
  ];
  for (const [what, status, contentType, body] of foreign) {
    it(`and not that of ${what}`, () =>
      assert.equal(isAiriskError(httpAnswer({ status, contentType, body })), false));
  }
});

describe('a 401 refuses what was sent', () => {
  const answers: [what: string, contentType: string, body: string, refuses: boolean][] = [
    ['documented', problems, problem(401, 'Unauthorized'), true],
    ['as an OAuth error', json, '{"error":"invalid_client"}', true],
    ['without a word, as a bearer scheme of ASP.NET Core does', '', '', true],
    ['as an OAuth error of a bearer token', json, '{"error":"invalid_token"}', true],
    ['of a login proxy, and does not', text, 'Unauthorized', false],
    ['of a login proxy that speaks JSON, and does not', json, '{"error":"login_required"}', false],
    ['of a gateway, and does not', json, '{"statusCode":401,"message":"Access denied"}', false],
    ['with a login page, and does not', 'text/html', '<form>', false],
  ];
  for (const [what, contentType, body, refuses] of answers) {
    it(what, () => assert.equal(isRefusal(httpAnswer({ status: 401, contentType, body })), refuses));
  }

  // AIRisk's own have a body, and ASP.NET Core's bearer scheme has its challenge: a bare one with another is a proxy's.
  const challenges: [challenge: string | null, refuses: boolean][] = [
    [null, true],
    ['Bearer', true],
    ['bearer error="invalid_token", error_description="The token expired"', true],
    ['Basic realm="a, \\"b", Bearer', true],
    ['Negotiate', false],
    ['Negotiate, NTLM', false],
    ['Basic realm="proxy"', false],
    ['Basic realm="x, Bearer"', false],
    ['Digest bearer=1', false],
    ['BearerX', false],
    ['', true],
  ];
  for (const [challenge, refuses] of challenges) {
    it(`bare, with ${challenge === null ? 'no challenge' : `the challenge ${challenge || 'of nothing'}`}: ${refuses}`, () => {
      const bare = { status: 401, contentType: '', body: '', challenge };
      assert.equal(isRefusal(httpAnswer(bare)), refuses);
      const described = { ...bare, contentType: problems, body: problem(401, 'Unauthorized') };
      assert.equal(isRefusal(httpAnswer(described)), true);
    });
  }
});

describe('an answer that nobody asked for', () => {
  const of = (status: number, changes: object = {}) => {
    const { code, subject, reason } = unexpectedAnswer(
      httpAnswer({ status, contentType: text, body: '', ...changes }),
    );
    return { code, subject, reason: reason || undefined };
  };
  const subject = 'demo.aicrisk.com';
  const codes: [status: number, code: string][] = [
    [201, 'invalid_response'],
    [401, 'not_airisk'],
    [403, 'forbidden'],
    [404, 'wrong_address'],
    [405, 'wrong_address'],
    [407, 'not_airisk'],
    [408, 'server_error'],
    [409, 'invalid_response'],
    [410, 'wrong_address'],
    [425, 'server_error'],
    [429, 'server_error'],
    [500, 'server_error'],
    [503, 'server_error'],
    [511, 'not_airisk'],
  ];
  for (const [status, code] of codes) {
    it(`is ${code} with ${status}`, () => assert.deepEqual(of(status), { code, subject, reason: undefined }));
  }

  for (const status of [400, 402, 409, 422]) {
    it(`is a refusal with ${status} where AIRisk describes the problem, and not something else's`, () => {
      const described = { contentType: problems, body: problem(status, 'Conflict') };
      assert.deepEqual(of(status, described), { code: 'forbidden', subject, reason: 'Conflict' });
      assert.equal(of(status, { contentType: 'text/html', body: '<h1>' }).code, 'invalid_response');
    });
  }

  const redirects: [location: string | null, code: string, reason: string | undefined][] = [
    ['https://www.aicrisk.com/api/oauth2/Token', 'moved', 'https://www.aicrisk.com'],
    ['https://www.aicrisk.com/api/oauth2/token?x=y', 'moved', 'https://www.aicrisk.com'],
    ['//www.aicrisk.com/api/oauth2/Token', 'moved', 'https://www.aicrisk.com'],
    ['https://demo.aicrisk.com:444/api/oauth2/Token', 'moved', 'https://demo.aicrisk.com:444'],
    // Where it leads, without the query, which may hold what was asked for.
    ['http://demo.aicrisk.com/api/oauth2/Token', 'not_airisk', 'http://demo.aicrisk.com/api/oauth2/Token'],
    [
      'https://login.example.com/?returnUrl=%2Fapi%2Foauth2%2FToken',
      'not_airisk',
      'https://login.example.com/',
    ],
    [
      '/Account/Login?ReturnUrl=%2Fapi%2Foauth2%2FToken#x',
      'not_airisk',
      'https://demo.aicrisk.com/Account/Login',
    ],
    ['/api/oauth2/Token/', 'not_airisk', 'https://demo.aicrisk.com/api/oauth2/Token/'],
    ['https://me:pass@login.example.com/a', 'not_airisk', 'https://login.example.com/a'],
    ['vscode://a.b/c?code=d', 'not_airisk', 'vscode://a.b/c'],
    ['javascript:alert(1)', 'not_airisk', 'javascript:alert(1)'],
    ['https://[', 'not_airisk', undefined],
    [null, 'not_airisk', undefined],
  ];
  for (const [location, code, reason] of redirects) {
    it(`is ${code} with a redirect to ${location ?? 'nowhere'}`, () =>
      assert.deepEqual(of(308, { location }), { code, subject, reason }));
  }

  it('does not repeat a secret that a redirect has in its path', () => {
    const answer = httpAnswer({ status: 302, location: '/denied/AI-s3cret?secret=AI-s3cret' });
    assert.equal(unexpectedAnswer(answer, 'AI-s3cret').reason, 'https://demo.aicrisk.com/denied/•••');
  });

  it('takes an address of this computer for another one of it, and no other', () => {
    const from = 'http://127.0.0.1:8080/api';
    assert.equal(movedTo(from, 'http://localhost:8080/api'), 'http://localhost:8080');
    assert.equal(movedTo(from, 'http://example.com/api'), '');
    assert.equal(movedTo('https://example.com/api', 'http://localhost/api'), '');
  });

  it('keeps how long the server wants to be left alone', () => {
    const answer = httpAnswer({ status: 429, retryAfterMs: 7_000 });
    assert.equal(unexpectedAnswer(answer).retryAfterMs, 7_000);
  });
});
