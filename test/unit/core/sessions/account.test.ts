import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { isUserid } from '../../../../src/core/oauth/userid.ts';
import {
  createSession,
  remainingMs,
  sessionKey,
  useridOfKey,
} from '../../../../src/core/sessions/session.ts';
import { deploymentAt } from '../../support/airisk.ts';

const deployment = deploymentAt('https://demo.aicrisk.com');
const token = { accessToken: 't', expiration: 1_000_000, clockSkew: 0 };

describe('the account of a session', () => {
  it('leads back to its userid', () => {
    const userid = fc.oneof(fc.constant(''), fc.string({ unit: 'grapheme', minLength: 1 }).filter(isUserid));
    fc.assert(fc.property(userid, (id) => useridOfKey(deployment, sessionKey(deployment, id)) === id));
  });

  it('leads nowhere from another deployment or from any other text', () => {
    const other = { ...deployment, key: '1'.repeat(32) };
    const id = sessionKey(deployment, 'user_42');
    for (const text of ['', 'user_42', sessionKey(other, 'user_42'), `${id}%`, `${id}%00`, `${id}%0A`]) {
      assert.equal(useridOfKey(deployment, text), undefined, text);
    }
  });
});

describe('the time that a token has left', () => {
  for (const [clockSkew, now, expected] of [
    [0, 0, 1_000_000],
    [0, 1, 999_999],
    [0, 1_000_000, 0],
    [0, 9_000_000, -8_000_000],
    [600_000, 0, 400_000],
    [-600_000, 0, 1_600_000],
  ] as const) {
    it(`is ${expected} ms at ${now} ms when the server is ${clockSkew} ms ahead`, () => {
      const session = createSession(deployment, '', { ...token, clockSkew }, 0);
      assert.equal(remainingMs(session, now), expected);
    });
  }
});
