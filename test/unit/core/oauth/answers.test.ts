import assert from 'node:assert/strict';
import { errorDetails, isAiriskError, send } from '../../../../src/core/oauth/http.ts';
import { http, httpAnswer } from '../../support/airisk.ts';
import { loopbackServer, problem, reply, traceId } from '../../support/server.ts';

describe('errorDetails', () => {
  const problems = 'application/problem+json; charset=utf-8';
  const text = 'text/plain; charset=utf-8';
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
    ['problem details with other types', problems, '{"title":7}', { reason: '{"title":7}' }],
    ['problem details that are broken', problems, '{"title":', { reason: '{"title":' }],
    ['words that would be a link', problems, '{"detail":"[a](b)\\n"}', { reason: '[a] (b)' }],
    ['a traceId that would be a link', problems, '{"traceId":"[a](b)"}', { reason: '', traceId: '[a] (b)' }],
    ['problem details, in other letters', 'Application/Problem+JSON', '{"title":"a"}', { reason: 'a' }],
    ['plain text', text, 'Invalid client_id', { reason: 'Invalid client_id' }],
    ['plain text without a charset', 'text/plain', 'Invalid Code\r\n', { reason: 'Invalid Code' }],
    ['plain text that is long', text, 'x'.repeat(10_000), { reason: `${'x'.repeat(199)}…` }],
    ['plain text that is problem details', text, problem(400, 'a'), { reason: 'a', traceId }],
    ['an HTML page', 'text/html', '<h1>502</h1>', {}],
    ['JSON that is no problem details', 'application/json', '{"title":"a"}', {}],
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

describe('isAiriskError', () => {
  for (const [status, is] of [
    [200, false],
    [302, false],
    [399, false],
    [400, true],
    [503, true],
  ] as const) {
    it(`says ${is} for plain text with ${status}`, () =>
      assert.equal(isAiriskError(httpAnswer({ status, contentType: 'text/plain' })), is));
  }
});

describe('the clock skew', () => {
  const server = loopbackServer();
  const now = Date.UTC(2025, 2, 31, 12);
  const at = (ms: number): string => new Date(now + ms).toUTCString();

  // A Date header names the second in which it was written: on average half a second more.
  const cases: [what: string, date: string, tookMs: number, skew: number][] = [
    ['the same second', at(0), 0, 0],
    ['one second off', at(1_000), 0, 0],
    ['one second off, the other way', at(-2_000), 0, 0],
    ['two seconds ahead', at(2_000), 0, 2_500],
    ['three seconds behind', at(-3_000), 0, -2_500],
    ['ten minutes ahead', at(600_000), 0, 600_500],
    ['ten minutes behind', at(-600_000), 0, -599_500],
    ['less than a slow request can tell', at(10_000), 8_000, 0],
    ['more than a slow request can tell', at(60_000), 8_000, 56_500],
    ['no date', '', 0, 0],
    ['a date that is none', 'yesterday', 0, 0],
  ];
  for (const [what, date, tookMs, skew] of cases) {
    it(`is ${skew} ms for ${what}`, async () => {
      server.answer = reply(200, 'text/plain', '', { date });
      const clock = [now, now + tookMs];
      const answer = await send({ ...http, now: () => clock.shift() ?? Number.NaN }, server.origin, {});
      assert.equal(answer.clockSkew, skew);
    });
  }

  it('is 0 where the server sends no Date', async () => {
    server.answer = (response) => {
      response.sendDate = false;
      response.end();
    };
    assert.equal((await send({ ...http, now: () => 0 }, server.origin, {})).clockSkew, 0);
  });
});
