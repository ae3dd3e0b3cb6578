import assert from 'node:assert/strict';
import type { HttpAnswer } from '../../../../src/core/oauth/http.ts';
import { readTokenResponse } from '../../../../src/core/oauth/tokenRequest.ts';
import { httpAnswer } from '../../support/airisk.ts';
import { problem, traceId } from '../../support/server.ts';

const expiration = '2025-03-31T13:12:17Z';
const expires = Date.UTC(2025, 2, 31, 13, 12, 17);
const hourBefore = expires - 3_600_000;

function granting(fields: Record<string, unknown>, changes: Partial<HttpAnswer> = {}): HttpAnswer {
  const body = JSON.stringify({ access_token: 'eyJhbGciOiJIUzI1NiJ9.e30.sig', expiration, ...fields });
  return httpAnswer({ body, ...changes });
}

describe('readTokenResponse', () => {
  it('reads the documented answer', () => {
    assert.deepEqual(readTokenResponse(granting({}), hourBefore), {
      accessToken: 'eyJhbGciOiJIUzI1NiJ9.e30.sig',
      expiration: expires,
      clockSkew: 0,
    });
  });

  const taken: [what: string, answer: HttpAnswer, accessToken?: string][] = [
    [
      'an opaque token of every character that a header can carry',
      granting({ access_token: '!"#~a+/=' }),
      '!"#~a+/=',
    ],
    ['a token of one character', granting({ access_token: 'x' }), 'x'],
    ['the longest token', granting({ access_token: 'x'.repeat(16_384) }), 'x'.repeat(16_384)],
    ['fields that RFC 6749 has', granting({ token_type: 'Bearer', expires_in: 1, refresh_token: null })],
    ['JSON without a charset', granting({}, { contentType: 'application/json' })],
    ['JSON in other letters', granting({}, { contentType: 'Application/JSON;Charset=UTF-8' })],
  ];
  for (const [what, answer, accessToken] of taken) {
    it(`takes ${what}`, () => {
      const token = readTokenResponse(answer, hourBefore);
      assert.equal(token.expiration, expires);
      if (accessToken !== undefined) assert.equal(token.accessToken, accessToken);
    });
  }

  const invalid: [what: string, answer: HttpAnswer][] = [
    ...[undefined, null, '', 42, true, ['x'], { x: 1 }].map((access_token): [string, HttpAnswer] => [
      `${JSON.stringify(access_token)} as token`,
      granting({ access_token }),
    ]),
    ...['a b', 'a\r\nX-Evil: 1', 'a\n', '\0', 'a\u007f', 'é', '😀', 'x'.repeat(16_385)].map(
      (access_token): [string, HttpAnswer] => [
        `the token ${JSON.stringify(access_token).slice(0, 20)}`,
        granting({ access_token }),
      ],
    ),
    ...[undefined, null, '', 'tomorrow', expires, [expiration], `${expiration}${' '.repeat(40)}`].map(
      (other): [string, HttpAnswer] => [
        `${JSON.stringify(other)?.slice(0, 20)} as expiration`,
        granting({ expiration: other }),
      ],
    ),
    ...['', 'text/html', 'text/plain', 'text/json', 'application/jsonp', 'application/problem+json', 'x'].map(
      (contentType): [string, HttpAnswer] => [`the type "${contentType}"`, granting({}, { contentType })],
    ),
    ...['', 'null', '[]', '"x"', '{', '<html>', '{}x', '[{"access_token":"x"}]'].map(
      (body): [string, HttpAnswer] => [`the body ${body}`, httpAnswer({ body })],
    ),
  ];
  for (const [what, answer] of invalid) {
    it(`takes no answer with ${what}`, () => {
      assert.throws(() => readTokenResponse(answer, hourBefore), {
        name: 'AiriskError',
        code: 'invalid_response',
        message: 'invalid_response: HTTP 200',
      });
    });
  }

  describe('compares the expiration with the server’s clock', () => {
    const cases: [what: string, now: number, clockSkew: number, live: boolean][] = [
      ['a millisecond before', expires - 1, 0, true],
      ['at that instant', expires, 0, false],
      ['a day after', expires + 86_400_000, 0, false],
      ['in time by the server, late by this computer', expires + 5_000, -10_000, true],
      ['late by the server, in time by this computer', expires - 5_000, 10_000, false],
    ];
    for (const [what, now, clockSkew, live] of cases) {
      it(`${live ? 'takes' : 'refuses'} a token ${what}`, () => {
        const read = () => readTokenResponse(granting({}, { clockSkew }), now);
        if (live) assert.equal(read().clockSkew, clockSkew);
        else assert.throws(read, { name: 'AiriskError', code: 'token_expired' });
      });
    }
  });

  const text = 'text/plain; charset=utf-8';
  const html = 'text/html';
  const json = 'application/json';
  const problems = 'application/problem+json; charset=utf-8';
  const errors: [what: string, status: number, contentType: string, body: string, error: object][] = [
    ['a used code', 400, text, 'Invalid Code', { code: 'invalid_code', reason: 'Invalid Code' }],
    ['a code, and why', 400, text, '\n Invalid code: expired', { code: 'invalid_code' }],
    ['a used code, with a line feed', 400, text, 'invalid code\r\n', { code: 'invalid_code' }],
    [
      'a missing field',
      400,
      text,
      'Invalid client_id',
      { code: 'invalid_request', reason: 'Invalid client_id' },
    ],
    ['a field named Code…', 400, text, 'Invalid Codename', { code: 'invalid_request' }],
    ['a page that quotes it', 400, html, 'Invalid Code', { code: 'invalid_request', reason: undefined }],
    ['bad credentials', 401, problems, problem(401, 'Unauthorized'), { code: 'invalid_client', traceId }],
    ['bad credentials, without a word', 401, '', '', { code: 'invalid_client', reason: undefined }],
    ['bad credentials, as OAuth has it', 400, json, '{"error":"invalid_client"}', { code: 'invalid_client' }],
    [
      'a used code, as a JSON string',
      400,
      json,
      '"Invalid Code"',
      { code: 'invalid_code', reason: 'Invalid Code' },
    ],
    ['a used code, as OAuth has it', 400, json, '{"error":"invalid_grant"}', { code: 'invalid_code' }],
    [
      'a missing field, as a JSON string',
      400,
      json,
      '"Invalid userid"',
      { code: 'invalid_request', reason: 'Invalid userid' },
    ],
    [
      'a format that is not taken',
      415,
      problems,
      problem(415, 'No'),
      { code: 'invalid_request', reason: 'No' },
    ],
    ['a login proxy', 401, text, 'Unauthorized', { code: 'not_airisk' }],
    ['a login page', 401, html, '<h1>', { code: 'not_airisk', reason: undefined }],
    ['a firewall', 403, html, '<h1>', { code: 'forbidden', reason: undefined }],
    ['a proxy that is broken', 400, html, '<h1>', { code: 'invalid_request', reason: undefined }],
    ['a gateway', 502, html, '<h1>Bad Gateway</h1>', { code: 'server_error', reason: undefined }],
    ['a failure', 500, problems, problem(500, 'Oops'), { code: 'server_error', reason: 'Oops', traceId }],
    ['a wrong path', 404, text, 'Not Found', { code: 'wrong_address', reason: 'Not Found' }],
    ['a redirect', 302, text, '', { code: 'not_airisk' }],
    ['another success', 201, json, granting({}).body, { code: 'invalid_response' }],
    ['a token in a refusal', 400, 'application/json', granting({}).body, { code: 'invalid_request' }],
  ];
  for (const [what, status, contentType, body, error] of errors) {
    it(`tells of ${what}: ${status}`, () => {
      const answer = httpAnswer({ status, contentType, body });
      assert.throws(() => readTokenResponse(answer, hourBefore), { name: 'AiriskError', status, ...error });
    });
  }
});
