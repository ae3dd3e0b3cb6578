import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { isRegistered, withParameters } from './authorization.ts';
import { seedUsers } from './seed.ts';
import {
  assertInvalid,
  assertProblem,
  authorize,
  callback,
  emulate,
  getCode,
  locationOf,
} from './support.ts';

describe('the authorization endpoint', () => {
  const airisk = emulate();

  it('sends codes whose +, / and = are percent-encoded', async () => {
    const answer = await authorize(airisk.origin);
    const raw = /[?&]code=([^&]*)/.exec(answer.headers.get('location') ?? '')?.[1] ?? '';
    for (const escape of ['%2B', '%2F', '%3D']) assert.ok(raw.includes(escape), `${escape} in ${raw}`);
    for (const character of '+/=') assert.ok(!raw.includes(character), `no ${character} in ${raw}`);
  });

  it('gives every request a code of its own', async () => {
    const codes = await Promise.all(Array.from({ length: 20 }, () => getCode(airisk.origin)));
    assert.equal(new Set(codes).size, 20);
  });

  for (const state of ['xyz', 'a b', 'a+b', 'a%2Bb', '&=?#/', 'ü 你好 🙂', '"<>\\']) {
    it(`returns the state ${state} unmodified`, async () => {
      const location = locationOf(await authorize(airisk.origin, { state }));
      assert.deepEqual(location.searchParams.getAll('state'), [state]);
      assert.equal(decodeURIComponent(location.href.split('&state=')[1] ?? ''), state);
    });
  }

  for (const state of [undefined, '']) {
    it(`sends no state when ${state === '' ? 'an empty one' : 'none'} was sent`, async () => {
      assert.equal(locationOf(await authorize(airisk.origin, { state })).searchParams.has('state'), false);
    });
  }

  for (const { id } of seedUsers) {
    it(`knows the user ${id}`, async () => assert.ok(await getCode(airisk.origin, id)));
  }

  it('keeps the query that a redirect URI already has', async () => {
    const registered = 'https://reports.example.com/signed-in?tenant=7&lang=en';
    const answer = await authorize(airisk.origin, { client_id: 'reporting-tool', redirect_uri: registered });
    assert.match(answer.headers.get('location') ?? '', /signed-in\?tenant=7&lang=en&code=[^?]+$/);
  });

  for (const redirect_uri of [
    'https://localhost/callback/',
    'https://localhost/callback?x=1',
    'https://localhost/Callback',
    'http://localhost/callback',
    'https://localhost/callback,http://127.0.0.1:38431/callback',
    'https://evil.example.com/callback',
  ]) {
    it(`refuses the redirect URI ${redirect_uri}`, async () => {
      const answer = await authorize(airisk.origin, { redirect_uri });
      assert.equal(answer.headers.has('location'), false);
      const { type, title, detail } = await assertProblem(answer, 400);
      assert.deepEqual([type, title], ['https://tools.ietf.org/html/rfc9110#section-15.5.1', 'Bad Request']);
      assert.match(detail ?? '', /redirect_uri/);
    });
  }

  it('refuses an unknown userid', async () => {
    assert.match(
      (await assertProblem(await authorize(airisk.origin, { userid: 'user_0' }), 400)).detail ?? '',
      /userid/,
    );
  });

  for (const missing of ['client_id', 'redirect_uri']) {
    it(`says which field is missing: ${missing}`, async () => {
      await assertInvalid(await authorize(airisk.origin, { [missing]: undefined }), missing);
      await assertInvalid(await authorize(airisk.origin, { [missing]: '' }), missing);
    });
  }

  it('can ignore the query of redirect URIs', async () => {
    await airisk.admin.setOptions({ redirectMatch: 'ignoreQuery' });
    const location = locationOf(
      await authorize(airisk.origin, { redirect_uri: `${callback}?vscode-reqid=1` }),
    );
    assert.equal(location.searchParams.get('vscode-reqid'), '1');
    assert.ok(location.searchParams.get('code'));
    await assertProblem(await authorize(airisk.origin, { redirect_uri: `${callback}2?vscode-reqid=1` }), 400);
  });

  it('can compare redirect URIs as URIs, and redirect to the normal spelling', async () => {
    await airisk.admin.setOptions({ redirectMatch: 'normalized' });
    const location = await authorize(airisk.origin, { redirect_uri: 'HTTPS://LOCALHOST:443/callback' });
    assert.match(location.headers.get('location') ?? '', /^https:\/\/localhost\/callback\?code=/);
  });

  it('answers other methods with 405', async () => {
    const answer = await fetch(`${airisk.origin}/api/oauth2`, { method: 'PUT' });
    assert.deepEqual([answer.status, answer.headers.get('allow'), await answer.text()], [405, 'GET', '']);
  });
});

describe('redirect URIs', () => {
  it('lose nothing of what is appended', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, text, fc.constantFrom('', '?a=1', '?a=1&b=%20'), (code, state, query) => {
        const uri = new URL(
          withParameters(callback + query, [
            ['code', code],
            ['state', state],
          ]),
        );
        assert.ok(uri.href.startsWith(callback + query));
        assert.deepEqual([uri.searchParams.get('code'), uri.searchParams.get('state')], [code, state]);
      }),
    );
  });

  it('are registered with or without spaces after the commas', () => {
    assert.ok(isRegistered('b://y', 'a://x, b://y', 'exact'));
    assert.ok(!isRegistered('', 'a://x,b://y', 'exact'));
  });
});
