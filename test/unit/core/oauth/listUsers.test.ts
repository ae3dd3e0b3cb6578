import assert from 'node:assert/strict';
import { listUsers } from '../../../../src/core/oauth/users.ts';
import { deploymentAt, http } from '../../support/airisk.ts';
import {
  type Answer,
  drop,
  loopbackServer,
  never,
  reply,
  replyJson,
  replyProblem,
  traceId,
} from '../../support/server.ts';

describe('listUsers', () => {
  const server = loopbackServer();
  const list = async (signal?: AbortSignal) =>
    (await listUsers(http, deploymentAt(server.origin), 'generic', signal)).users;
  // However busy this computer is.
  const patient = { ...http, timeoutMs: 300_000 };
  const paths = () => server.received.map(({ url }) => url);
  const byPath =
    (answers: Record<string, Answer>): Answer =>
    (response, request) =>
      (answers[request.url] ?? reply(404, 'text/html', 'Not Found'))(response, request);
  const users = replyJson([{ id: 'user_42', name: 'Ann' }]);

  it('asks the first documented path with the generic token', async () => {
    server.answer = users;
    assert.deepEqual(await list(), [{ userid: 'user_42', name: 'Ann' }]);
    const [request] = server.received;
    assert.deepEqual(paths(), ['/api/Users/ListUsers']);
    assert.equal(request?.method, 'GET');
    assert.equal(request.headers.authorization, 'Bearer generic');
    assert.equal(request.headers.accept, '*/*');
  });

  it('asks the other path after a 404, with the same token', async () => {
    server.answer = byPath({ '/api/ListUsers': users });
    assert.deepEqual(await list(), [{ userid: 'user_42', name: 'Ann' }]);
    assert.deepEqual(paths(), ['/api/Users/ListUsers', '/api/ListUsers']);
    assert.ok(server.received.every(({ headers }) => headers.authorization === 'Bearer generic'));
  });

  it('reads a list that is wrapped', async () => {
    server.answer = replyJson({ data: [{ userId: 7, email: 'a@b.example' }] });
    assert.deepEqual(await list(), [{ userid: '7', name: 'a@b.example' }]);
  });

  for (const [what, answer] of [
    ['a list of none', replyJson([])],
    ['what is no list at all', replyJson({ users: null })],
    ['an answer without content', (response) => void response.writeHead(204).end()],
  ] satisfies [string, Answer][]) {
    it(`reads ${what} as no users`, async () => {
      server.answer = answer;
      assert.deepEqual(await list(), []);
    });
  }

  it('reads a list that is larger than any other answer may be', async () => {
    const many = Array.from({ length: 100_000 }, (_, index) => ({ id: index, name: 'x'.repeat(100) }));
    server.answer = replyJson(many);
    const { users: listed } = await listUsers(patient, deploymentAt(server.origin), 'generic');
    assert.equal(listed.length, many.length);
  });

  it('says so of a list that is larger still', async () => {
    server.answer = (response) => void response.writeHead(200).end(Buffer.alloc(64 * 1024 * 1024 + 1, ' '));
    await assert.rejects(listUsers(patient, deploymentAt(server.origin), 'generic'), {
      code: 'list_too_large',
    });
  });

  const refused = replyProblem(401, 'Unauthorized');
  const failures: [what: string, answer: Answer, asked: number, error: object][] = [
    ['a refused token', refused, 1, { code: 'unauthorized', status: 401, reason: 'Unauthorized', traceId }],
    [
      'a token refused on the other path',
      byPath({ '/api/ListUsers': refused }),
      2,
      { code: 'unauthorized', status: 401, traceId },
    ],
    ['no list on either path', byPath({}), 2, { code: 'wrong_address', status: 404 }],
    ['a forbidden list', replyProblem(403, 'Forbidden'), 1, { code: 'forbidden', status: 403 }],
    [
      'a failed server',
      replyProblem(500, 'Oops'),
      1,
      { code: 'server_error', status: 500, reason: 'Oops', traceId },
    ],
    [
      'a gateway',
      reply(502, 'text/html', '<h1>'),
      1,
      { code: 'server_error', status: 502, reason: undefined },
    ],
    [
      'a redirect',
      reply(302, 'text/html', '', { location: '/login' }),
      1,
      { code: 'not_airisk', status: 302 },
    ],
    [
      'a refusal that quotes the token',
      replyProblem(401, 'No generic'),
      1,
      { code: 'unauthorized', reason: 'No •••' },
    ],
    ['a failure that quotes it', replyProblem(500, 'generic'), 1, { reason: '•••' }],
    ['a login proxy', reply(401, 'text/plain', 'Unauthorized'), 1, { code: 'not_airisk', status: 401 }],
    [
      'a token refused without a word',
      reply(401, 'text/plain', ''),
      1,
      { code: 'unauthorized', status: 401 },
    ],
    ['a page', reply(200, 'text/html', '<html>'), 1, { code: 'invalid_response', status: 200 }],
    ['garbage', reply(200, 'application/json', '[{"id":'), 1, { code: 'invalid_response', status: 200 }],
    ['another object', replyJson({ error: 'x' }), 1, { code: 'invalid_response', status: 200 }],
    ['a broken connection', drop, 1, { code: 'unreachable' }],
  ];
  for (const [what, answer, asked, error] of failures) {
    it(`tells of ${what}`, async () => {
      server.answer = answer;
      await assert.rejects(list(), { name: 'AiriskError', ...error });
      assert.equal(server.received.length, asked);
    });
  }

  it('ends with an AbortError when it is aborted', async () => {
    const controller = new AbortController();
    server.answer = (response, request) => {
      never(response, request);
      controller.abort();
    };
    await assert.rejects(list(controller.signal), { name: 'AbortError' });
  });
});
