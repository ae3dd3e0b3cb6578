import assert from 'node:assert/strict';
import fc from 'fast-check';
import { AiriskError, type AiriskErrorCode } from '../../../../src/core/errors.ts';
import { renewalWindowMs, retryAfter } from '../../../../src/core/sessions/renewalPolicy.ts';
import { createSession, type Session } from '../../../../src/core/sessions/session.ts';
import { runs } from '../../support/propertyRuns.ts';
import { day, deployment, hour, minute, second } from '../../support/window.ts';

/** A session whose token lives for so long, on a computer whose clock is off by `-clockSkew`. */
function living(lifetime: number, clockSkew = 0): Session {
  const obtained = Date.UTC(2025, 2, 31);
  const token = { accessToken: 'a', expiration: obtained + clockSkew + lifetime, clockSkew };
  return createSession(deployment, 'user_1', token, obtained);
}

describe('renewalWindowMs', () => {
  const table: [lifetime: number, jitter: number, window: number][] = [
    [60 * day, 0, 6 * day],
    [60 * day, 1, 12 * day],
    [hour, 0, 6 * minute],
    [hour, 0.5, 9 * minute],
    [hour, 1, 12 * minute],
    [10 * minute, 0, minute],
    [5 * minute, 0, minute],
    [5 * minute, 1, 90 * second],
    [160 * second, 0, minute],
    [160 * second, 1, 80 * second],
    [2 * minute, 0, 45 * second],
    [2 * minute, 1, minute],
    [minute, 0, 22.5 * second],
    [minute, 1, 30 * second],
    [10 * second, 1, 5 * second],
  ];
  for (const [lifetime, jitter, window] of table) {
    it(`is ${window / second} s of ${lifetime / second} s with jitter ${jitter}`, () => {
      assert.equal(Math.round(renewalWindowMs(living(lifetime), jitter)), window);
    });
  }

  const warned: [lifetime: number, warning: number, jitter: number, window: number][] = [
    [hour, 15 * minute, 0, 15 * minute],
    [hour, 15 * minute, 1, 22.5 * minute],
    [hour, 5 * minute, 0, 6 * minute],
    [20 * minute, 5 * minute, 0, 5 * minute],
    [20 * minute, 5 * minute, 1, 7.5 * minute],
    [10 * minute, day, 0, 3.75 * minute],
    [10 * minute, day, 1, 5 * minute],
  ];
  for (const [lifetime, warning, jitter, window] of warned) {
    it(`is ${window / minute} min of ${lifetime / minute} with a warning at ${warning / minute} min and jitter ${jitter}`, () => {
      assert.equal(renewalWindowMs(living(lifetime), jitter, warning), window);
    });
  }

  it('is a tenth to a fifth, never under a minute where the lifetime allows, never over half of it', () => {
    const lifetime = fc.oneof(fc.integer({ min: 1, max: hour }), fc.integer({ min: 1, max: 400 * day }));
    const skew = fc.integer({ min: -day, max: day });
    const jitter = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(lifetime, skew, jitter, (ms, clockSkew, chosen) => {
        const window = renewalWindowMs(living(ms, clockSkew), chosen);
        assert.ok(window > 0 && window <= ms / 2);
        assert.ok(window >= Math.min(minute, (ms * 3) / 8));
        if (ms >= 10 * minute) assert.ok(window >= ms / 10 - 1 && window <= ms / 5 + 1);
        assert.equal(window, renewalWindowMs(living(ms), chosen), 'whatever the clock');
      }),
      runs(5_000),
    );
  });

  it('differs between windows by an eighth of the lifetime or by 20 s, whatever the lifetime', () => {
    const lifetime = fc.oneof(fc.integer({ min: 1, max: hour }), fc.integer({ min: 1, max: 400 * day }));
    fc.assert(
      fc.property(lifetime, (ms) => {
        const spread = renewalWindowMs(living(ms), 1) - renewalWindowMs(living(ms), 0);
        assert.ok(spread >= Math.min(20 * second, ms / 8) - 1);
      }),
      runs(5_000),
    );
  });
});

describe('retryAfter', () => {
  const transient: AiriskErrorCode[] = [
    'unreachable',
    'request_timeout',
    'server_error',
    'invalid_response',
    'storage',
  ];
  for (const error of [...transient.map((code) => new AiriskError(code)), new Error('anything else')]) {
    it(`doubles from 30 s to 32 min, and asks the user after eight times: ${error.message}`, () => {
      const retries = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((failures) => retryAfter(error, failures));
      const pauses = retries.map(({ pauseMs }) => pauseMs / second);
      assert.deepEqual(pauses, [30, 60, 120, 240, 480, 960, 1_920, 1_920, 1_920]);
      const asked = retries.map(({ askedPauseMs }) => askedPauseMs / second);
      assert.deepEqual(asked, [30, 60, 60, 60, 60, 60, 60, 60, 60]);
      assert.deepEqual(
        retries.map(({ givesUp }) => givesUp),
        [false, false, false, false, false, false, false, true, true],
      );
    });
  }

  const passing: AiriskErrorCode[] = ['authorization_response_invalid', 'invalid_code', 'token_expired'];
  for (const code of passing) {
    it(`is short at first when the next attempt may well succeed: ${code}`, () => {
      const retry = { pauseMs: minute / 2, askedPauseMs: minute / 2, givesUp: false };
      assert.deepEqual(retryAfter(new AiriskError(code), 1), retry);
    });
  }

  const doubtful: AiriskErrorCode[] = [
    'not_silent',
    'authorization_error',
    'generic_token_refused',
    'invalid_request',
    'state_missing',
    'moved',
  ];

  const wanted: [retryAfterMs: number, pauseMs: number, askedPauseMs: number][] = [
    [7 * second, 120 * second, 60 * second],
    [90 * second, 120 * second, 90 * second],
    [10 * minute, 10 * minute, 10 * minute],
    [24 * 60 * minute, 32 * minute, 32 * minute],
  ];
  for (const [retryAfterMs, pauseMs, askedPauseMs] of wanted) {
    it(`is not before AIRisk wants to hear of it, in ${retryAfterMs / second} s, and in half an hour at most`, () => {
      const error = new AiriskError('server_error', { status: 429, retryAfterMs });
      assert.deepEqual(retryAfter(error, 3), { pauseMs, askedPauseMs, givesUp: false });
    });
  }

  for (const code of doubtful) {
    it(`is half an hour, whoever asks, and asks the user at once: ${code}`, () => {
      const retry = { pauseMs: 32 * minute, askedPauseMs: 32 * minute, givesUp: true };
      for (const failures of [1, 2, 50]) assert.deepEqual(retryAfter(new AiriskError(code), failures), retry);
    });
  }

  const final: AiriskErrorCode[] = [
    'not_configured',
    'invalid_setting',
    'authorization_refused',
    'invalid_client',
    'unauthorized',
  ];
  for (const code of final) {
    it(`is never with the same token: ${code}`, () => {
      const retry = { pauseMs: Infinity, askedPauseMs: Infinity, givesUp: true };
      assert.deepEqual(retryAfter(new AiriskError(code), 1), retry);
    });
  }
});
