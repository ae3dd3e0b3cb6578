import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { ServerResponse } from 'node:http';
import { AiriskError } from '../../../../src/core/errors.ts';
import { type Http, send } from '../../../../src/core/oauth/http.ts';
import { http } from '../../support/airisk.ts';
import { type Answer, drop, loopbackServer, never, reply } from '../../support/server.ts';
import { activeTimers } from '../../support/timers.ts';

const limit = 8 * 1024 * 1024;

describe('send', () => {
  const server = loopbackServer();
  const get = (options: Partial<Http> = {}, signal?: AbortSignal) =>
    send({ ...http, ...options }, `${server.origin}/path?code=the-code`, {}, signal);
  const host = () => new URL(server.origin).host;

  it('reads an answer whole', async () => {
    server.answer = reply(418, 'Text/Plain; charset=utf-8', 'é', {
      location: '/x',
      'www-authenticate': 'Bearer',
      'retry-after': '7',
    });
    assert.deepEqual(await get(), {
      url: `${server.origin}/path?code=the-code`,
      status: 418,
      contentType: 'Text/Plain; charset=utf-8',
      location: '/x',
      challenge: 'Bearer',
      retryAfterMs: 7_000,
      body: 'é',
      clockSkew: 0,
    });
  });

  it('reads an answer without type, location and body', async () => {
    server.answer = (response) => void response.writeHead(204).end();
    const { contentType, location, body } = await get();
    assert.deepEqual({ contentType, location, body }, { contentType: '', location: null, body: '' });
  });

  it('sends method, headers and body as they are', async () => {
    server.answer = reply(200, 'text/plain', '');
    await send(http, server.origin, { method: 'POST', headers: { 'x-a': 'b' }, body: 'c=d' });
    const [request] = server.received;
    assert.deepEqual([request?.method, request?.headers['x-a'], request?.body], ['POST', 'b', 'c=d']);
  });

  it('puts a character together that came in two pieces', async () => {
    server.answer = (response) => {
      const [first, ...rest] = Buffer.from('😀');
      response.write(Buffer.from([first ?? 0]), () => setTimeout(() => response.end(Buffer.from(rest)), 20));
    };
    assert.equal((await get()).body, '😀');
  });

  for (const status of [301, 302, 303, 307, 308]) {
    it(`hands over a ${status} and never follows it`, async () => {
      server.answer = reply(status, 'text/html', 'moved', { location: `${server.origin}/elsewhere` });
      const answer = await send(http, server.origin, { method: 'POST', body: 'client_secret=x' });
      assert.deepEqual([answer.status, answer.location], [status, `${server.origin}/elsewhere`]);
      assert.equal(server.received.length, 1);
    });
  }

  it('reads a body of 8 MiB', async () => {
    server.answer = reply(200, 'text/plain', Buffer.alloc(limit, 'x'));
    assert.equal((await get()).body.length, limit);
  });

  it('refuses a body of one byte more', async () => {
    server.answer = reply(200, 'text/plain', Buffer.alloc(limit + 1, 'x'));
    await assert.rejects(get(), { code: 'invalid_response', subject: host(), reason: 'size' });
  });

  it('stops the download of a body that never ends', async () => {
    const closed = new Promise<void>((resolve) => {
      server.answer = (response) => {
        response.on('close', resolve);
        pour(response);
      };
    });
    await assert.rejects(get(), { name: 'AiriskError', code: 'invalid_response' });
    await closed;
  });

  const halfway: Answer = (response) => void response.writeHead(200, { 'content-length': '9' }).write('half');
  const stuck: [where: string, answer: Answer][] = [
    ['before the answer', never],
    ['within the body', halfway],
  ];
  for (const [where, answer] of stuck) {
    it(`ends in time ${where}`, async () => {
      server.answer = answer;
      await assert.rejects(get({ timeoutMs: 50 }), {
        name: 'AiriskError',
        code: 'request_timeout',
        subject: host(),
      });
    });

    it(`ends in time ${where}, though nobody aborts the signal`, async () => {
      server.answer = answer;
      const { signal } = new AbortController();
      await assert.rejects(get({ timeoutMs: 50 }, signal), { name: 'AiriskError', code: 'request_timeout' });
    });

    it(`ends when it is aborted ${where}`, async () => {
      const controller = new AbortController();
      server.answer = (response, request) => {
        answer(response, request);
        setTimeout(() => controller.abort(), 20);
      };
      await assert.rejects(get({}, controller.signal), { name: 'AbortError' });
    });

    it(`ends with the reason that the signal gives ${where}`, async () => {
      const controller = new AbortController();
      server.answer = (response, request) => {
        answer(response, request);
        setTimeout(() => controller.abort(new AiriskError('sign_in_timeout')), 20);
      };
      await assert.rejects(get({}, controller.signal), { name: 'AiriskError', code: 'sign_in_timeout' });
    });
  }

  it('sends nothing when it is aborted before', async () => {
    await assert.rejects(get({}, AbortSignal.abort()), { name: 'AbortError' });
    assert.equal(server.received.length, 0);
  });

  it('tells of a host that cannot be reached, without what was asked', async () => {
    const origin = await unusedOrigin();
    await assert.rejects(send(http, `${origin}/path?code=the-code`, {}), (error: AiriskError) => {
      const { name, code, subject, reason } = error;
      assert.deepEqual(
        { name, code, subject, reason },
        { name: 'AiriskError', code: 'unreachable', subject: new URL(origin).host, reason: 'ECONNREFUSED' },
      );
      assert.ok(error.cause instanceof Error);
      assert.doesNotMatch(`${error.stack} ${error.cause.stack}`, /the-code/);
      return true;
    });
  });

  const broken: [where: string, answer: Answer][] = [
    ['before the answer', drop],
    ['within the body', (response) => response.write('half', () => response.destroy())],
    ['with something that is no HTTP', (response) => void response.socket?.end('SSH-2.0-x\r\n')],
  ];
  for (const [where, answer] of broken) {
    it(`tells of a connection that breaks ${where}`, async () => {
      server.answer = answer;
      await assert.rejects(get(), { name: 'AiriskError', code: 'unreachable', subject: host() });
    });
  }

  const untilLater: [value: string, ms: number | undefined][] = [
    ['120', 120_000],
    ['Mon, 31 Mar 2025 12:00:30 GMT', 30_000],
    ['Mon, 31 Mar 2025 11:00:00 GMT', undefined],
    ['0', undefined],
    ['-5', undefined],
    ['soon', undefined],
    ['in 5 minutes', undefined],
    ['1e3', undefined],
    ['Thu, 99 Foo 2025', undefined],
    ['1 Jan 2050', undefined],
    ['', undefined],
  ];
  for (const [value, ms] of untilLater) {
    it(`hears ${ms ?? 'nothing'} of Retry-After: ${value}`, async () => {
      server.answer = reply(429, 'text/plain', '', {
        date: 'Mon, 31 Mar 2025 12:00:00 GMT',
        'retry-after': value,
      });
      const answer = await get({ now: () => Date.UTC(2025, 2, 31, 12) });
      assert.equal(answer.retryAfterMs, ms);
    });
  }

  it('reads a date in Retry-After on the clock of the server', async () => {
    const date = 'Mon, 31 Mar 2025 14:00:00 GMT';
    server.answer = reply(503, 'text/html', '', { date, 'retry-after': 'Mon, 31 Mar 2025 14:00:30 GMT' });
    const { retryAfterMs = 0 } = await get({ now: () => Date.UTC(2025, 2, 31, 12) });
    // Its clock is known to half a second.
    assert.ok(Math.abs(retryAfterMs - 30_000) <= 500, `${retryAfterMs}`);
  });

  describe('keeps trying to connect until the time is over', () => {
    const error = (code: string, more: object = {}): Error =>
      Object.assign(new Error('x'), { code, ...more });
    const timedOut = error('ETIMEDOUT', { syscall: 'connect' });
    /** `fetch` that gives up so many times for `cause`. */
    const givingUp = (cause: Error, times: number) => {
      const tries: unknown[] = [];
      const fetch: typeof globalThis.fetch = async (...request) => {
        if (tries.push(request) > times) return new Response('there');
        throw new TypeError('fetch failed', { cause });
      };
      return { fetch, tries };
    };

    for (const [what, cause] of [
      ["Node's own limit", error('UND_ERR_CONNECT_TIMEOUT')],
      ['that of Windows', timedOut],
      ['that of each address', new AggregateError([timedOut, timedOut])],
    ] as const) {
      it(`past ${what}`, async () => {
        const { fetch, tries } = givingUp(cause, 3);
        assert.equal((await get({ fetch, timeoutMs: 30_000 })).body, 'there');
        assert.equal(tries.length, 4);
      });
    }

    for (const [what, cause, timeoutMs, count] of [
      ['a connection that was refused', error('ECONNREFUSED'), 30_000, 1],
      ['one of the addresses', new AggregateError([timedOut, error('ECONNREFUSED')]), 30_000, 1],
      ['an answer that took too long', error('ETIMEDOUT', { syscall: 'read' }), 30_000, 1],
      ['a limit below it', error('UND_ERR_CONNECT_TIMEOUT'), 9_000, 1],
      ['who never waits', error('UND_ERR_CONNECT_TIMEOUT'), 30_000, 4],
    ] as const) {
      it(`and not past ${what}`, async () => {
        const { fetch, tries } = givingUp(cause, Infinity);
        await assert.rejects(get({ fetch, timeoutMs }), { code: 'unreachable' });
        assert.equal(tries.length, count);
      });
    }
  });

  it('tells of a fetch that fails without a code, in plain text', async () => {
    const failing = () => Promise.reject(new TypeError('fetch failed', { cause: new Error('[a](b)\nc') }));
    await assert.rejects(get({ fetch: failing }), { code: 'unreachable', reason: '[a] (b) c' });
  });

  describe('leaves no timer behind', () => {
    const ends: [what: string, answer: Answer, signal?: AbortSignal][] = [
      ['after an answer', reply(200, 'text/plain', 'x')],
      ['after an error', reply(500, 'text/plain', 'x')],
      ['after a body that was too long', reply(200, 'text/plain', Buffer.alloc(limit + 1))],
      ['after a broken connection', drop],
      ['after an abort', never, AbortSignal.abort()],
    ];
    for (const [what, answer, signal] of ends) {
      it(what, async () => {
        server.answer = answer;
        const before = await activeTimers();
        await get({}, signal).catch(() => undefined);
        assert.equal(await activeTimers(), before);
      });
    }

    it('where the address is none', async () => {
      const before = await activeTimers();
      await send({ ...http, timeoutMs: 200 }, 'no address', {}).catch(() => undefined);
      assert.equal(await activeTimers(), before);
    });
  });
});

function pour(response: ServerResponse): void {
  response.write(Buffer.alloc(1024 * 1024), (error) => {
    if (!error && !response.destroyed) pour(response);
  });
}

async function unusedOrigin(): Promise<string> {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(address && typeof address === 'object' ? address.port : 0);
    });
  });
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
