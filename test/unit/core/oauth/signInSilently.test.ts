import assert from 'node:assert/strict';
import { signInSilently } from '../../../../src/core/oauth/signIn.ts';
import { callback, deploymentAt, http } from '../../support/airisk.ts';
import { loopbackServer, reply } from '../../support/server.ts';
import { aDeployment } from '../../support/signIn.ts';

describe('signInSilently', () => {
  const server = loopbackServer();
  const signIn = () => {
    const needed = { clientSecret: 's3cret', format: 'form', genericToken: 'generic' } as const;
    const request = { deployment: deploymentAt(server.origin), userid: 'user_42', ...needed };
    return signInSilently(http, request, callback);
  };

  it('buys a token with the code that AIRisk gives at once', async () => {
    server.answer = aDeployment();
    assert.equal((await signIn()).accessToken, 'token');
    const [authorization, token, ...more] = server.received;
    assert.equal(more.length, 0);
    const asked = new URL(authorization?.url ?? '', 'http://a').searchParams;
    assert.deepEqual(
      ['client_id', 'redirect_uri', 'userid'].map((name) => asked.get(name)),
      ['abc123', callback, 'user_42'],
    );
    assert.deepEqual(Object.fromEntries(new URLSearchParams(token?.body)), {
      grant_type: 'authorization_code',
      client_id: 'abc123',
      client_secret: 's3cret',
      redirect_uri: callback,
      code: 'at-once',
      userid: 'user_42',
    });
    assert.equal(token?.headers.authorization, 'Bearer generic');
  });

  it('sends no secret where AIRisk does not redirect at once', async () => {
    server.answer = aDeployment({ authorize: reply(200, 'text/html', '<form>') });
    await assert.rejects(signIn(), { name: 'AiriskError', code: 'not_silent' });
    assert.equal(server.received.length, 1);
  });

  it('tells of a code that is refused, and does not try again', async () => {
    server.answer = aDeployment({ token: reply(400, 'text/plain', 'Invalid Code') });
    await assert.rejects(signIn(), { name: 'AiriskError', code: 'invalid_code' });
    assert.equal(server.received.length, 2);
  });
});
