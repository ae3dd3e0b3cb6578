import assert from 'node:assert/strict';
import type { Deployment } from '../../../../src/core/oauth/deployment.ts';
import { createSession } from '../../../../src/core/sessions/session.ts';
import { SessionStore } from '../../../../src/core/sessions/store.ts';
import { createTokenSource, type TokenSource } from '../../../../src/core/sessions/tokenSource.ts';
import { deploymentAt, http } from '../../support/airisk.ts';
import { desktopSecrets } from '../../support/secretStorage.ts';
import { loopbackServer, reply, replyProblem } from '../../support/server.ts';
import { aDeployment } from '../../support/signIn.ts';
import { newToken } from '../../support/window.ts';

describe('the source of tokens', () => {
  const server = loopbackServer();
  let store: SessionStore;
  let refused = 0;
  let clientSecret: string | undefined;
  let format: 'form' | 'json' | undefined;
  let source: TokenSource;
  let deployment: Deployment;
  let redirectUris: readonly string[];

  beforeEach(() => {
    server.answer = aDeployment();
    deployment = deploymentAt(server.origin);
    store = new SessionStore(desktopSecrets().openWindow(), () => assert.fail('no record is damaged'));
    [refused, clientSecret, format] = [0, 's3cret', 'form'];
    redirectUris = ['https://localhost/callback'];
    source = createTokenSource({
      store,
      clientSecret: async () => clientSecret,
      tokenRequestFormat: () => format,
      redirectUris: async () => redirectUris,
      http: () => http,
      now: Date.now,
      onGenericTokenRefused: () => refused++,
    });
  });

  const keep = async (of: Deployment, userid: string, lifetime?: number) => {
    const session = createSession(of, userid, newToken(lifetime), Date.now());
    await store.put(session);
    return session;
  };
  const bearers = (): (string | undefined)[] =>
    server.received.filter(({ method }) => method === 'POST').map(({ headers }) => headers.authorization);

  it("sends the application's token beside a user's request, when it lives", async () => {
    const { accessToken } = await keep(deployment, '');
    assert.equal((await source.requestSilently(deployment, 'user_42')).accessToken, 'token');
    assert.deepEqual(bearers(), [`Bearer ${accessToken}`]);
  });

  it("never sends another deployment's, an expired one, a user's, or any for the application", async () => {
    await keep({ ...deployment, clientId: 'other', key: 'b'.repeat(32) }, '');
    await keep(deployment, 'user_7');
    await source.requestSilently(deployment, 'user_42');
    await keep(deployment, '', -1);
    await source.requestSilently(deployment, 'user_42');
    await keep(deployment, '');
    await source.requestSilently(deployment, '');
    assert.deepEqual(bearers(), [undefined, undefined, undefined]);
  });

  const errorPage = reply(400, 'text/html', '<h1>Bad Request</h1>');
  for (const [what, refusal, code] of [
    ['a problem', replyProblem(400, 'redirect_uri'), 'authorization_error'],
    ['an error page', errorPage, 'not_silent'],
  ] as const) {
    it(`takes the first redirect URI that is registered: the others get ${what}`, async () => {
      const good = aDeployment();
      redirectUris = ['https://a.example/now', 'https://localhost/callback', 'https://b.example/never'];
      server.answer = (response, request) =>
        (request.url?.includes('a.example') ? refusal : good)(response, request);
      await source.requestSilently(deployment, '');
      assert.equal(server.received.length, 3);
      assert.equal(
        new URLSearchParams(server.received.at(-1)?.body).get('redirect_uri'),
        'https://localhost/callback',
      );
      redirectUris = ['https://a.example/now'];
      await assert.rejects(source.requestSilently(deployment, ''), { code });
    });
  }

  it('says what came first when no redirect URI is good, and asks no more once a person is needed', async () => {
    redirectUris = ['https://a.example/now', 'https://b.example/never'];
    server.answer = (response, request) =>
      (request.url?.includes('a.example') ? errorPage : replyProblem(400, 'redirect_uri'))(response, request);
    await assert.rejects(source.requestSilently(deployment, ''), { code: 'not_silent' });
    assert.equal(server.received.length, 2);
    server.answer = (response, { url }) => {
      const state = new URL(url, server.origin).searchParams.get('state');
      const location = `https://a.example/now?error=login_required&state=${state}`;
      response.writeHead(302, { location }).end();
    };
    await assert.rejects(source.requestSilently(deployment, ''), { reason: 'login_required' });
    assert.equal(server.received.length, 3);
    server.answer = reply(200, 'text/html', '<form>');
    await assert.rejects(source.requestSilently(deployment, ''), { code: 'not_silent' });
    assert.equal(server.received.length, 4);
  });

  it('ends with whoever asks', async () => {
    const left = AbortSignal.abort();
    await assert.rejects(source.requestSilently(deployment, '', left), { name: 'AbortError' });
    assert.deepEqual(bearers(), []);
  });

  it("ends the application's session when AIRisk refuses its token, and nothing else", async () => {
    const generic = await keep(deployment, '');
    const good = aDeployment();
    const unauthorized = replyProblem(401, 'Unauthorized');
    server.answer = (response, request) =>
      (request.headers.authorization ? unauthorized : good)(response, request);
    await source.requestSilently(deployment, 'user_42');
    const after = await store.get(deployment, '');
    assert.deepEqual([refused, after?.accessToken], [1, generic.accessToken]);
    assert.ok(after && after.expiration <= Date.now());
  });

  for (const [what, forget, code] of [
    ['client secret', () => (clientSecret = undefined), 'not_configured'],
    ['deployment in the settings', () => (format = undefined), 'settings_changed'],
  ] as const) {
    it(`asks for nothing when there is no ${what}`, async () => {
      forget();
      await assert.rejects(source.requestSilently(deployment, ''), { code });
      assert.deepEqual(server.received, []);
    });
  }
});
