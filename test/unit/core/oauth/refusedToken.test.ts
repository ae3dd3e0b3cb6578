import assert from 'node:assert/strict';
import { install } from '@sinonjs/fake-timers';
import { signInSilently } from '../../../../src/core/oauth/signIn.ts';
import { callback, deploymentAt, http } from '../../support/airisk.ts';
import { type Answer, loopbackServer, reply, replyProblem, traceId } from '../../support/server.ts';
import type { FakeReceiver } from '../../support/signIn.ts';
import { aDeployment, startSignIn } from '../../support/signIn.ts';

describe('a generic token that AIRisk refuses', () => {
  const server = loopbackServer();
  let refused = 0;
  beforeEach(() => {
    refused = 0;
  });

  const unauthorized = replyProblem(401, 'Unauthorized');
  /** AIRisk, which has revoked every token; `without` answers a token request that carries none. */
  const revoked = ({ authorize, without }: { authorize?: Answer; without?: Answer } = {}): Answer => {
    const good = aDeployment({ ...(authorize && { authorize }), ...(without && { token: without }) });
    return (response, request) => (request.headers.authorization ? unauthorized : good)(response, request);
  };
  const request = {
    genericToken: 'generic',
    onGenericTokenRefused: async () => void refused++,
  };
  const silently = () => {
    const deployment = deploymentAt(server.origin);
    const needed = { clientSecret: 's3cret', userid: 'user_42', format: 'form' } as const;
    return signInSilently(http, { deployment, ...needed, ...request }, callback);
  };
  /** Every request: its method, and the bearer and code that it carried. */
  const sent = (): string[] =>
    server.received.map(({ method, headers, body }) =>
      [method, headers.authorization, new URLSearchParams(body).get('code')].filter(Boolean).join(' '),
    );
  /** A browser that comes back with another code each time. */
  const browse = (receiver: FakeReceiver): void =>
    receiver.redirectWith({ code: `code-${receiver.begun.length}`, state: receiver.begun.at(-1)?.state });
  const page = reply(200, 'text/html', '<form>');

  it('is left out of a second request, with a code of its own', async () => {
    server.answer = revoked();
    assert.equal((await silently()).accessToken, 'token');
    assert.deepEqual(sent(), ['GET', 'POST Bearer generic at-once', 'GET', 'POST at-once']);
    const states = server.received.flatMap(({ url }) => /state=([^&]*)/.exec(url)?.[1] ?? []);
    assert.equal(new Set(states).size, 2);
    assert.equal(refused, 1);
  });

  it('does not make the second attempt a third one: then it is the client that is refused', async () => {
    server.answer = revoked({ without: unauthorized });
    await assert.rejects(silently(), { code: 'invalid_client', traceId });
    assert.equal(server.received.length, 4);
    assert.equal(refused, 0, 'nothing says that the token is not good');
  });

  it('is what the error tells where AIRisk does not redirect at once any more', async () => {
    let asked = 0;
    const once: Answer = (response, received) => (asked++ ? page : aDeployment())(response, received);
    server.answer = revoked({ authorize: once });
    await assert.rejects(silently(), { code: 'generic_token_refused', status: 401, traceId });
    assert.deepEqual(sent(), ['GET', 'POST Bearer generic at-once', 'GET']);
    assert.equal(refused, 1);
  });

  it('is not what an error tells that has another reason', async () => {
    server.answer = revoked({ without: reply(503, 'text/html', '<h1>') });
    await assert.rejects(silently(), { code: 'server_error' });
    assert.equal(server.received.length, 4);
  });

  it('is not blamed for a 401 to a request that did not carry it', async () => {
    server.answer = aDeployment({ token: unauthorized });
    const { result } = startSignIn(server.origin, { request: { ...request, userid: '' } });
    await assert.rejects(result, { code: 'invalid_client' });
    assert.deepEqual(sent(), ['GET', 'POST the-code']);
    assert.equal(refused, 0);
  });

  it('ends a sign-in in the browser without a second tab where AIRisk redirects at once', async () => {
    server.answer = revoked();
    const { result, opened, receiver } = startSignIn(server.origin, { request });
    assert.equal((await result).accessToken, 'token');
    assert.deepEqual(sent(), ['GET', 'POST Bearer generic the-code', 'GET', 'POST at-once']);
    assert.equal(opened.length, 1);
    assert.ok(
      receiver.begun.every(({ signal }) => signal.aborted),
      'something still waits for a redirect',
    );
    assert.equal(refused, 1);
  });

  it('lets the browser be asked again, with another state, where AIRisk shows a page', async () => {
    server.answer = revoked({ authorize: page });
    const { result, opened, receiver } = startSignIn(server.origin, { browse, request });
    assert.equal((await result).accessToken, 'token');
    assert.deepEqual(
      sent().filter((line) => line.startsWith('POST')),
      ['POST Bearer generic code-1', 'POST code-2'],
    );
    assert.deepEqual([opened.length, receiver.begun.length], [2, 2]);
    assert.notEqual(receiver.begun[0]?.state, receiver.begun[1]?.state);
    assert.ok(receiver.begun.every(({ signal }) => signal.aborted));
    assert.equal(refused, 1);
  });

  it('gives the second attempt no more than what is left of the time, and then is what the error tells', async () => {
    server.answer = revoked({ authorize: page });
    const once = (receiver: FakeReceiver): void => {
      if (receiver.begun.length === 1) browse(receiver);
    };
    // The time of the whole sign-in is the one timer that it sets at its start.
    const clock = install({ toFake: ['setTimeout'] });
    const { result, opened } = startSignIn(server.origin, { browse: once, request, timeoutMs: 300_000 });
    clock.uninstall();
    const ended = assert.rejects(result, { code: 'generic_token_refused', traceId });
    while (opened.length < 2) await new Promise(setImmediate);
    clock.tick(300_000);
    await ended;
    assert.deepEqual([opened.length, refused], [2, 1]);
  });

  it('is not waited for after a cancel', async () => {
    server.answer = revoked({ authorize: page });
    const scene = startSignIn(server.origin, {
      request,
      browse: (receiver) => (receiver.begun.length === 1 ? browse(receiver) : scene.cancel()),
    });
    await assert.rejects(scene.result, { name: 'AbortError' });
  });
});
