import assert from 'node:assert/strict';
import type { Endpoint, FaultInput } from './faultSchema.ts';
import { primaryClient } from './seed.ts';
import {
  assertInvalid,
  assertProblem,
  authorize,
  emulate,
  get,
  getCode,
  getToken,
  requestToken,
} from './support.ts';

describe('faults on the wire', () => {
  const airisk = emulate();
  let [genericToken, userToken, code] = ['', '', ''];

  const state = 'the state';
  const send: Record<Endpoint, () => Promise<Response>> = {
    authorize: () => authorize(airisk.origin, { state }),
    token: () => requestToken(airisk.origin, { code }),
    users: () => get(airisk.origin, '/api/Users/ListUsers', genericToken),
    conversations: () => get(airisk.origin, '/api/GetConversations', userToken),
  };

  async function faulty(endpoint: Endpoint, fault: Omit<FaultInput, 'endpoint'>): Promise<Response> {
    await airisk.admin.inject({ ...fault, endpoint });
    return send[endpoint]();
  }

  beforeEach(async () => {
    genericToken = await getToken(airisk.origin);
    userToken = await getToken(airisk.origin, 'user_42');
    code = await getCode(airisk.origin);
  });

  for (const endpoint of ['authorize', 'token', 'users', 'conversations'] as const) {
    describe(endpoint, () => {
      const rightStatus = endpoint === 'authorize' ? 302 : 200;

      it('delay', async () => {
        assert.ok((await timed(() => faulty(endpoint, { kind: 'delay', delayMs: 150 }))) >= 145);
        assert.equal((await airisk.admin.requests()).at(-1)?.status, rightStatus);
      });

      it('drop', async () => {
        await assert.rejects(faulty(endpoint, { kind: 'drop' }), /fetch failed/);
        const logged = (await airisk.admin.requests()).at(-1);
        assert.deepEqual([logged?.status, logged?.fault], [0, 'drop']);
      });

      it('500', async () => {
        const { type } = await assertProblem(await faulty(endpoint, { kind: '500' }), 500);
        assert.equal(type, 'https://tools.ietf.org/html/rfc9110#section-15.6.1');
      });

      it('502', async () => {
        const answer = await faulty(endpoint, { kind: '502' });
        assert.deepEqual(
          [answer.status, answer.headers.get('content-type')],
          [502, 'text/html; charset=utf-8'],
        );
        assert.match(await answer.text(), /acting as a gateway or proxy server/);
      });

      it('captivePortal', async () => {
        const answer = await faulty(endpoint, { kind: 'captivePortal' });
        assert.deepEqual(
          [answer.status, answer.headers.get('content-type')],
          [200, 'text/html; charset=utf-8'],
        );
        assert.match(await answer.text(), /Guest network/);
      });

      it('garbage', async () => {
        const answer = await faulty(endpoint, { kind: 'garbage' });
        assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'application/json']);
        assert.equal(answer.headers.has('location'), false);
        await assert.rejects(answer.json());
      });

      it('retryAfter', async () => {
        const answer = await faulty(endpoint, { kind: 'retryAfter', retryAfterSeconds: 3 });
        assert.equal(answer.headers.get('retry-after'), '3');
        await assertProblem(answer, 429);
      });

      it('quotes', async () => {
        const { detail = '' } = await assertProblem(await faulty(endpoint, { kind: 'quotes' }), 400);
        const quoted = {
          authorize: [state],
          token: [primaryClient.client_secret, code],
          users: [genericToken],
          conversations: [userToken],
        }[endpoint];
        assert.equal(detail, `Cannot process ${quoted.join(' ')}`);
      });

      it('loginProxy: no program comes through, and a browser after a page', async () => {
        const refused = await faulty(endpoint, { kind: 'loginProxy', times: 0 });
        assert.deepEqual(
          [refused.status, refused.headers.get('content-type'), await refused.text()],
          [401, 'text/plain', 'Unauthorized'],
        );
        const url = `${airisk.origin}/api/oauth2?client_id=abc123&redirect_uri=https%3A%2F%2Flocalhost%2Fcallback`;
        if (endpoint !== 'authorize') return;
        const shown = await fetch(url, { headers: { accept: 'text/html,*/*' } });
        assert.equal(shown.status, 200);
        assert.match(await shown.text(), /Company sign-in/);
        const [cookie = ''] = (shown.headers.getSetCookie()[0] ?? '').split(';');
        const passed = await fetch(url, { headers: { accept: 'text/html,*/*', cookie }, redirect: 'manual' });
        assert.equal(passed.status, 302);
      });

      for (const [kind, status, contentType] of [
        ['negotiate', 401, null],
        ['badRequest', 400, 'text/html; charset=utf-8'],
        ['forbidden', 403, 'text/html; charset=utf-8'],
        ['notFound', 404, 'text/plain; charset=utf-8'],
      ] as const) {
        it(kind, async () => {
          const answer = await faulty(endpoint, { kind });
          assert.deepEqual([answer.status, answer.headers.get('content-type')], [status, contentType]);
        });
      }

      it('hugeBody: the right answer after megabytes', async () => {
        const answer = await faulty(endpoint, { kind: 'hugeBody' });
        assert.equal(answer.status, rightStatus);
        const text = await answer.text();
        assert.ok(text.length > 8_000_000);
        assert.match(text.trimStart().slice(0, 1), /[[{<]/);
      });

      it('slowBody: the right answer in pieces', async () => {
        await airisk.admin.inject({ endpoint, kind: 'slowBody', delayMs: 20 });
        const answer = await send[endpoint]();
        assert.equal(answer.status, rightStatus);
        const elapsed = await timed(async () => assert.match(await answer.text(), /[\]}>]\s*$/));
        assert.ok(elapsed >= 60, `${elapsed} ms`);
      });

      it('each fault shows once, in the order of injection, unless told otherwise', async () => {
        await airisk.admin.inject({ endpoint, kind: '502', times: 2 });
        await airisk.admin.inject({ endpoint, kind: '500' });
        const statuses = [];
        for (let index = 0; index < 4; index += 1) statuses.push((await send[endpoint]()).status);
        assert.deepEqual(statuses, [502, 502, 500, endpoint === 'token' ? 400 : rightStatus]);
      });
    });
  }

  for (const endpoint of ['token', 'users', 'conversations'] as const) {
    it(`${endpoint}: signInPage leads to a login of the same origin`, async () => {
      await airisk.admin.inject({ endpoint, kind: 'signInPage' });
      const answer = await requestUnfollowed(endpoint);
      assert.equal(answer.status, 302);
      assert.match(answer.headers.get('location') ?? '', /^\/Account\/Login\?ReturnUrl=%2Fapi%2F/);
    });

    it(`${endpoint}: wrongContentType is the right JSON as HTML`, async () => {
      const answer = await faulty(endpoint, { kind: 'wrongContentType' });
      assert.deepEqual(
        [answer.status, answer.headers.get('content-type')],
        [200, 'text/html; charset=utf-8'],
      );
      assert.ok(await answer.json());
    });

    it(`${endpoint}: redirect sends on to another origin, the request unseen`, async () => {
      await airisk.admin.inject({ endpoint, kind: 'redirect', origin: 'http://127.0.0.2:9' });
      const answer = await requestUnfollowed(endpoint);
      assert.equal(answer.status, 307);
      assert.match(answer.headers.get('location') ?? '', /^http:\/\/127\.0\.0\.2:9\/api\//);
    });
  }

  function requestUnfollowed(endpoint: 'token' | 'users' | 'conversations'): Promise<Response> {
    const path = { token: '', users: '/api/Users/ListUsers', conversations: '/api/GetConversations' }[
      endpoint
    ];
    return path === '' ? send.token() : fetch(airisk.origin + path, { redirect: 'manual' });
  }

  it('a fault with times 0 lasts until the reset', async () => {
    await airisk.admin.inject({ endpoint: 'users', kind: '502', times: 0 });
    for (let index = 0; index < 3; index += 1) assert.equal((await send.users()).status, 502);
    await airisk.admin.reset();
    assert.equal((await send.users()).status, 401);
  });

  it('a code survives the gateway, not the application, unless told otherwise', async () => {
    await faulty('token', { kind: '502' });
    await faulty('token', { kind: '500', processed: false });
    assert.equal((await faulty('token', { kind: 'delay', delayMs: 0 })).status, 200);
    code = await getCode(airisk.origin);
    await assert.rejects(faulty('token', { kind: 'drop' }));
    await assertInvalid(await send.token(), 'Code');
  });

  async function spoiltAnswer(
    kind: 'missingExpiration' | 'missingToken' | 'pastExpiration',
  ): Promise<unknown> {
    code = await getCode(airisk.origin);
    return (await faulty('token', { kind })).json();
  }

  it('missingExpiration, missingToken and pastExpiration change the token answer', async () => {
    assert.match(JSON.stringify(await spoiltAnswer('missingExpiration')), /^\{"access_token":"[^"]+"\}$/);
    assert.match(JSON.stringify(await spoiltAnswer('missingToken')), /^\{"expiration":"[^"]+"\}$/);
    const past = /"expiration":"([^"]+)"/.exec(JSON.stringify(await spoiltAnswer('pastExpiration')))?.[1];
    assert.ok(Date.parse(past ?? '') < Date.now());
  });
});

async function timed<T>(work: () => Promise<T>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
