import assert from 'node:assert/strict';
import { send } from '../../../../src/core/oauth/http.ts';
import { http } from '../../support/airisk.ts';
import { loopbackServer, reply } from '../../support/server.ts';

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
    ['a number, which is none', '0', 0, 0],
    ['a date without its time', '31 Mar 2020', 0, 0],
    ['a date in an old form', 'Monday, 31-Mar-25 12:10:00 GMT', 0, 600_500],
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
