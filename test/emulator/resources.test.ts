import assert from 'node:assert/strict';
import { seedUsers } from './seed.ts';
import { assertProblem, emulate, get, getToken } from './support.ts';

const listUsers = '/api/Users/ListUsers';
const conversations = '/api/GetConversations';

describe('the endpoints behind a token', () => {
  const airisk = emulate();

  it('ListUsers opens for a generic token only', async () => {
    const answer = await get(airisk.origin, listUsers, await getToken(airisk.origin));
    assert.deepEqual(await answer.json(), seedUsers);
    await assertProblem(await get(airisk.origin, listUsers, await getToken(airisk.origin, 'user_42')), 401);
    await assertProblem(await get(airisk.origin, listUsers), 401);
  });

  it("GetConversations opens for a user's token only, with that user's conversations", async () => {
    const answer = await get(airisk.origin, conversations, await getToken(airisk.origin, 'user_42'));
    assert.equal(answer.status, 200);
    assert.match(await answer.text(), /^\[\{"id":"conversation_1","userid":"user_42","title":"[^"]+"\},/);
    await assertProblem(await get(airisk.origin, conversations, await getToken(airisk.origin)), 401);
    await assertProblem(await get(airisk.origin, conversations), 401);
  });

  it('tokens expire', async () => {
    await airisk.admin.setOptions({ tokenLifetimeSeconds: 30 });
    const token = await getToken(airisk.origin, 'user_42');
    await airisk.admin.setOptions({ clockSkewSeconds: 28 });
    assert.equal((await get(airisk.origin, conversations, token)).status, 200);
    await airisk.admin.setOptions({ clockSkewSeconds: 31 });
    await assertProblem(await get(airisk.origin, conversations, token), 401);
  });

  it('tokens can be revoked', async () => {
    const tokens = [await getToken(airisk.origin, 'user_42'), await getToken(airisk.origin, 'user_7')];
    assert.equal(await airisk.admin.revoke(), 2);
    for (const token of tokens) await assertProblem(await get(airisk.origin, conversations, token), 401);
  });

  it('only Bearer credentials count', async () => {
    const token = await getToken(airisk.origin, 'user_42');
    for (const [authorization, status] of [
      [`Basic ${token}`, 401],
      [token, 401],
      [`Bearer ${token}x`, 401],
      [`bearer ${token}`, 200],
    ] as const) {
      const answer = await fetch(airisk.origin + conversations, { headers: { authorization } });
      assert.equal(answer.status, status);
    }
  });

  it('the users can move to the other documented path', async () => {
    const token = await getToken(airisk.origin);
    assert.equal((await get(airisk.origin, '/api/ListUsers', token)).status, 404);
    await airisk.admin.setOptions({ usersPath: '/api/ListUsers' });
    assert.equal((await get(airisk.origin, listUsers, token)).status, 404);
    assert.equal((await get(airisk.origin, '/api/ListUsers', token)).status, 200);
  });

  for (const shape of ['users', 'data', 'value', 'items'] as const) {
    it(`the users can be wrapped in "${shape}"`, async () => {
      await airisk.admin.setOptions({ listUsersShape: shape });
      const answer = await get(airisk.origin, listUsers, await getToken(airisk.origin));
      assert.deepEqual(await answer.json(), { [shape]: seedUsers });
    });
  }

  it('the users can be null or nothing, and their ids numbers of 64 bits', async () => {
    const token = await getToken(airisk.origin);
    await airisk.admin.setOptions({ listUsersShape: 'null' });
    assert.equal(await (await get(airisk.origin, listUsers, token)).text(), '{"users":null}');
    await airisk.admin.setOptions({ listUsersShape: 'none' });
    assert.equal((await get(airisk.origin, listUsers, token)).status, 204);
    const users = [{ id: '9223372036854775807', name: 'Ann' }];
    await airisk.admin.setOptions({ listUsersShape: 'array', numericIds: true, users });
    assert.equal(
      await (await get(airisk.origin, listUsers, token)).text(),
      '[{"id":9223372036854775807,"name":"Ann"}]',
    );
  });

  it('anything else is a 404', async () => {
    const answer = await get(airisk.origin, '/api/nothing');
    assert.deepEqual([answer.status, await answer.text()], [404, '']);
  });
});
