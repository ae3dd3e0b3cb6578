import assert from 'node:assert/strict';
import { python } from './programs.ts';
import { emulate, getCode } from './support.ts';

// Standard library only: the documented program imports requests, which a test machine need not have.
const program = `
import json, sys, urllib.error, urllib.parse, urllib.request
origin, style, code = sys.argv[1:4]
fields = {
    "client_id": "abc123",
    "client_secret": "s3cr3t-of-abc123",
    "redirect_uri": "https://localhost/callback",
    "code": code,
    "userid": "user_42",
}
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
def send(path, data=None, headers={}):
    try:
        with opener.open(urllib.request.Request(origin + path, data, headers)) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Content-Type"], error.read().decode()
if style == "json":
    answer = send("/api/oauth2/Token", json.dumps(fields).encode(), {"Content-Type": "application/json"})
else:
    answer = send("/api/oauth2/Token", urllib.parse.urlencode(fields).encode())
print(json.dumps(answer))
if answer[0] == 200:
    token = json.loads(answer[2])["access_token"]
    print(json.dumps(send("/api/GetConversations", headers={"Authorization": "Bearer " + token})))
`;

describe('the documented token request, sent with Python', () => {
  const airisk = emulate();

  async function run(style: 'form' | 'json', code: string): Promise<unknown[]> {
    const output = await python(program, airisk.origin, style, code);
    return output
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
  }

  for (const style of ['form', 'json'] as const) {
    it(`gets a token with a ${style} body, and a user's conversations with the token`, async () => {
      const [tokenAnswer, conversations] = await run(style, await getCode(airisk.origin, 'user_42'));
      assert.ok(Array.isArray(tokenAnswer) && Array.isArray(conversations));
      assert.deepEqual(tokenAnswer.slice(0, 2), [200, 'application/json']);
      assert.deepEqual(conversations.slice(0, 2), [200, 'application/json']);
      assert.match(String(conversations[2]), /"userid":"user_42"/);
      const logged = (await airisk.admin.requests()).find((entry) => entry.method === 'POST');
      assert.equal(logged?.bodyFormat, style);
    });

    it(`is told "Invalid Code" with a ${style} body`, async () => {
      assert.deepEqual(await run(style, 'nonsense'), [[400, 'text/plain; charset=utf-8', 'Invalid Code']]);
    });
  }
});
