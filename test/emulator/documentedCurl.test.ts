import assert from 'node:assert/strict';
import { curl } from './programs.ts';
import { emulate, getCode, getToken, parseTokenAnswer } from './support.ts';

const problemBody =
  /^\{"type":"https:\/\/tools\.ietf\.org\/html\/rfc9110#section-15\.5\.2","title":"Unauthorized","status":401,"traceId":"00-[0-9a-f]{32}-[0-9a-f]{16}-00"\}$/;
const requestQuery = 'client_id=abc123&redirect_uri=https%3A%2F%2Flocalhost%2Fcallback';

describe('the documented requests, sent with curl', () => {
  const airisk = emulate();

  function postForm(fields: Record<string, string>): ReturnType<typeof curl> {
    const data = Object.entries(fields).flatMap(([name, value]) => ['--data-urlencode', `${name}=${value}`]);
    return curl('-X', 'POST', `${airisk.origin}/api/oauth2/Token`, ...data);
  }

  function postJson(fields: Record<string, string>): ReturnType<typeof curl> {
    const body = ['-H', 'Content-Type: application/json', '-d', JSON.stringify(fields)];
    return curl('-X', 'POST', `${airisk.origin}/api/oauth2/Token`, ...body);
  }

  it('authorization request with a userid: 302 to the redirect URI with a code', async () => {
    const { status, headers, body } = await curl(
      `${airisk.origin}/api/oauth2?${requestQuery}&userid=user_42`,
    );
    assert.equal(status, 302);
    assert.match(headers.get('location') ?? '', /^https:\/\/localhost\/callback\?code=[^&=+/]+$/);
    assert.equal(body, '');
  });

  it('authorization request with a state: the state comes back', async () => {
    const { headers } = await curl(`${airisk.origin}/api/oauth2?${requestQuery}&state=xyz`);
    assert.match(headers.get('location') ?? '', /^https:\/\/localhost\/callback\?code=[^&]+&state=xyz$/);
  });

  it('every answer has the cookie, a date, and a chunked body', async () => {
    for (const path of ['/api/oauth2', '/api/oauth2/Token', '/api/GetConversations', '/nowhere']) {
      const { headers } = await curl(airisk.origin + path);
      assert.match(headers.get('set-cookie') ?? '', /^ARRAffinity=[0-9a-f]{64};Path=\/;HttpOnly;/);
      assert.ok(Math.abs(Date.parse(headers.get('date') ?? '') - Date.now()) < 5000);
      assert.equal(headers.get('transfer-encoding'), 'chunked');
      assert.equal(headers.has('content-length'), false);
    }
  });

  for (const [format, post] of [['form', postForm] as const, ['JSON', postJson] as const]) {
    describe(`token request as ${format}`, () => {
      // One page of the documentation lists it, its examples leave it out.
      for (const grant of [{}, { grant_type: 'authorization_code' }]) {
        const named = Object.keys(grant).length > 0 ? 'with' : 'without';
        it(`prints access_token and expiration, and nothing else, ${named} grant_type`, async () => {
          const fields = { ...rightFields(await getCode(airisk.origin, 'user_42')), userid: 'user_42' };
          const { status, headers, body } = await post({ ...fields, ...grant });
          assert.deepEqual([status, headers.get('content-type')], [200, 'application/json']);
          assert.match(
            body,
            /^\{"access_token":"eyJ[\w-]+\.[\w-]+\.[\w-]+","expiration":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"\}$/,
          );
          const { access_token: token } = parseTokenAnswer(body);
          const bearer = ['-H', `Authorization: Bearer ${token}`];
          assert.equal((await curl(`${airisk.origin}/api/GetConversations`, ...bearer)).status, 200);
        });
      }

      for (const missing of ['client_id', 'client_secret', 'redirect_uri', 'code']) {
        it(`answers "Invalid ${missing}" when that is missing`, async () => {
          const { [missing]: _, ...fields } = rightFields(await getCode(airisk.origin));
          const { status, headers, body } = await post(fields);
          const seen = [status, headers.get('content-type'), body];
          assert.deepEqual(seen, [400, 'text/plain; charset=utf-8', `Invalid ${missing}`]);
        });
      }

      it('answers "Invalid Code" when the code is wrong', async () => {
        const { status, headers, body } = await post(rightFields('SplxlOBeZQQYbYS6WxSbIA'));
        const seen = [status, headers.get('content-type'), body];
        assert.deepEqual(seen, [400, 'text/plain; charset=utf-8', 'Invalid Code']);
      });

      for (const wrong of ['client_id', 'client_secret']) {
        it(`answers problem details when ${wrong} is wrong`, async () => {
          const fields = { ...rightFields(await getCode(airisk.origin)), [wrong]: 'nobody' };
          const { status, headers, body } = await post(fields);
          assert.deepEqual(
            [status, headers.get('content-type')],
            [401, 'application/problem+json; charset=utf-8'],
          );
          assert.match(body, problemBody);
        });
      }
    });
  }

  it('an unknown client at the authorization endpoint stays on problem details', async () => {
    const query = requestQuery.replace('abc123', 'abc124');
    const { status, headers, body } = await curl(`${airisk.origin}/api/oauth2?${query}`);
    assert.deepEqual([status, headers.get('content-type')], [401, 'application/problem+json; charset=utf-8']);
    assert.equal(headers.has('location'), false);
    assert.match(body, problemBody);
  });

  it('ListUsers with a generic token lists ids and names', async () => {
    const bearer = `Authorization: Bearer ${await getToken(airisk.origin)}`;
    const { status, headers, body } = await curl(`${airisk.origin}/api/Users/ListUsers`, '-H', bearer);
    assert.deepEqual([status, headers.get('content-type')], [200, 'application/json']);
    assert.match(body, /^\[\{"id":"user_42","name":"Ada Lovelace"\},/);
  });

  it('a request without a valid token gets problem details', async () => {
    for (const header of ['Accept: */*', 'Authorization: Bearer nonsense']) {
      const { status, headers, body } = await curl(`${airisk.origin}/api/GetConversations`, '-H', header);
      assert.deepEqual(
        [status, headers.get('content-type')],
        [401, 'application/problem+json; charset=utf-8'],
      );
      assert.match(body, problemBody);
    }
  });
});

function rightFields(code: string): Record<string, string> {
  return {
    client_id: 'abc123',
    client_secret: 's3cr3t-of-abc123',
    redirect_uri: 'https://localhost/callback',
    code,
  };
}
