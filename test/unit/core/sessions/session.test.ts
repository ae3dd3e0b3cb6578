import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isUserid } from '../../../../src/core/oauth/userid.ts';
import { accountLabel } from '../../../../src/core/sessions/accountLabel.ts';
import {
  createSession,
  readStoredSession,
  remainingMs,
  sessionKey,
  sessionKeyPrefix,
  storedText,
} from '../../../../src/core/sessions/session.ts';
import { hostileText, unicodeText } from '../../support/arbitraries.ts';
import { runs } from '../../support/propertyRuns.ts';
import { deployment, hour, newToken, otherDeployment } from '../../support/window.ts';

/** Userids that harm could be done with, the application's among them. */
const userid = fc
  .oneof(
    fc.constantFrom('', 'user_1', 'user_1 ', 'User_1', 'a:b', 'a/b', 'a%3Ab', '%', 'abc123', 'ü'),
    fc.string({ unit: fc.constantFrom('a', ' ', '(', ')', '@', '%', ':', 'abc123', 'demo.aicrisk.com') }),
    unicodeText,
    hostileText,
  )
  .filter((text) => text === '' || isUserid(text));

describe('createSession', () => {
  it('says whose the token is, when it came and how long it lives', () => {
    const token = { accessToken: 'a', expiration: 3, clockSkew: 2 };
    const { signIn, ...session } = createSession(deployment, 'user_1', token, 1);
    const label = accountLabel(deployment, 'user_1');
    assert.deepEqual(session, {
      deployment,
      userid: 'user_1',
      name: undefined,
      label,
      ...token,
      obtained: 1,
    });
    assert.notEqual(createSession(deployment, 'user_1', token, 1).signIn, signIn);
  });

  it('makes what can be stored and read back, for every user', () => {
    fc.assert(
      fc.property(userid, (id) => {
        const session = createSession(deployment, id, newToken(), Date.now());
        assert.deepEqual(readStoredSession(sessionKey(deployment, id), storedText(session)), session);
      }),
      runs(1_000),
    );
  });
});

describe('sessionKey', () => {
  it('names version, deployment and user', () => {
    assert.equal(sessionKey(deployment, 'user 1'), `session:v1:${deployment.key}:user%201`);
    assert.equal(sessionKey(deployment, ''), sessionKeyPrefix(deployment));
  });

  it('is another one for every user and deployment', () => {
    fc.assert(
      fc.property(userid, userid, (a, b) => {
        assert.equal(sessionKey(deployment, a) === sessionKey(deployment, b), a === b);
        assert.notEqual(sessionKey(deployment, a), sessionKey(otherDeployment, b));
        assert.ok(!sessionKey(deployment, a).startsWith(sessionKeyPrefix(otherDeployment)));
      }),
      runs(2_000),
    );
  });
});

describe('remainingMs', () => {
  const session = createSession(deployment, '', { accessToken: 'a', expiration: hour, clockSkew: 0 }, 0);
  const cases: [now: number, left: number][] = [
    [0, hour],
    [1, hour - 1],
    [hour, 0],
    [2 * hour, -hour],
  ];
  for (const [now, left] of cases) {
    it(`is ${left} ms of an hour after ${now} ms`, () => assert.equal(remainingMs(session, now), left));
  }
});
