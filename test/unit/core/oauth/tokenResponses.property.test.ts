import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { AiriskError } from '../../../../src/core/errors.ts';
import type { HttpAnswer } from '../../../../src/core/oauth/http.ts';
import { readTokenResponse, type Token } from '../../../../src/core/oauth/tokenRequest.ts';
import { httpAnswer } from '../../support/airisk.ts';
import { itHolds, runs } from '../../support/propertyRuns.ts';

const now = Date.UTC(2025, 2, 31, 12);
const second = 1_000;

/** A part of an answer, and whether a token may come of it. */
interface Part<T> {
  readonly value: T;
  readonly valid: boolean;
}

/** Mostly one of `valid`, so that a fair share of whole answers is valid. */
function part<T>(valid: fc.Arbitrary<T>, invalid: fc.Arbitrary<T>): fc.Arbitrary<Part<T>> {
  return fc.oneof(
    { weight: 6, arbitrary: valid.map((value) => ({ value, valid: true })) },
    { weight: 1, arbitrary: invalid.map((value) => ({ value, valid: false })) },
  );
}

const printable = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
const unprintable = fc.oneof(
  fc.integer({ min: 0, max: 0x20 }).map((code) => String.fromCharCode(code)),
  fc.constantFrom('\u007f', '\u0080', 'é', '\u2028', '😀', '\ud800'),
);
const token = fc.string({ unit: printable, minLength: 1, maxLength: 60 });
const noString = fc.constantFrom(undefined, null, 0, 42, true, [], ['x'], {}, '');
const brokenToken = fc
  .tuple(
    fc.string({ unit: printable, maxLength: 9 }),
    unprintable,
    fc.string({ unit: printable, maxLength: 9 }),
  )
  .map((pieces) => pieces.join(''));
const tokens = part<unknown>(token, fc.oneof(noString, brokenToken, fc.constant('x'.repeat(16_385))));

const suffix = fc.constantFrom('Z', '', '+00:00');
const digits = fc.stringMatching(/^\d{0,4}$/);
const dateIn = (min: number, max: number): fc.Arbitrary<string> =>
  fc
    .tuple(fc.integer({ min, max }), digits, suffix)
    .map(([ms, more, end]) => `${new Date(now + ms).toISOString().slice(0, -1)}${more}${end}`);
const day = 86_400 * second;
// The clocks differ by a minute at most: what expires within it could be either.
const expirations = part<unknown>(
  dateIn(61 * second, 9 * 365 * day),
  fc.oneof(noString, dateIn(-50 * 365 * day, -61 * second), fc.string(), fc.constant('2025-99-99T99:99:99Z')),
);

const types = part(
  fc.constantFrom('application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON'),
  fc.constantFrom(
    '',
    'text/html',
    'text/plain',
    'application/problem+json',
    'application/octet-stream',
    'json',
  ),
);
const statuses = part(
  fc.constant(200),
  fc.constantFrom(0, 201, 204, 302, 400, 401, 403, 404, 429, 500, 502, 503),
);
const skew = fc.integer({ min: -60 * second, max: 60 * second });

/** The token, or `undefined` where the answer is refused as it should be. */
function tokenOf(answer: HttpAnswer): Token | undefined {
  try {
    return readTokenResponse(answer, now);
  } catch (error) {
    assert.ok(error instanceof AiriskError, `threw ${String(error)}`);
    return undefined;
  }
}

describe('any token response', () => {
  itHolds('gives its token where every part is valid, and an AiriskError otherwise', () => {
    let valid = 0;
    fc.assert(
      fc.property(
        tokens,
        expirations,
        types,
        statuses,
        skew,
        (access_token, expiration, type, status, clockSkew) => {
          const body = JSON.stringify({ access_token: access_token.value, expiration: expiration.value });
          const answer = httpAnswer({ status: status.value, contentType: type.value, body, clockSkew });
          const read = tokenOf(answer);
          if (![access_token, expiration, type, status].every((each) => each.valid)) {
            assert.equal(read, undefined);
            return;
          }
          valid++;
          assert.equal(read?.accessToken, access_token.value);
          assert.equal(read?.clockSkew, clockSkew);
          assert.equal(
            new Date(read?.expiration ?? 0).toISOString().slice(0, -1),
            String(expiration.value).slice(0, 23),
          );
        },
      ),
      runs(2_000),
    );
    assert.ok(valid > 0);
  });

  itHolds('gives no token from a body that was not made for it', () => {
    const type = fc.constantFrom('application/json', 'application/problem+json', 'text/plain', 'text/html');
    const status = fc.constantFrom(200, 400, 401, 500);
    const body = fc.oneof(fc.json({ maxDepth: 2 }), fc.string({ unit: 'binary' }), brokenProblem);
    fc.assert(
      fc.property(status, type, body, (code, contentType, text) => {
        assert.equal(tokenOf(httpAnswer({ status: code, contentType, body: text })), undefined);
      }),
      runs(2_000),
    );
  });
});

const brokenProblem = fc
  .record({ title: fc.jsonValue(), detail: fc.jsonValue(), traceId: fc.jsonValue() }, { requiredKeys: [] })
  .map((value) => JSON.stringify(value));
