import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import * as z from 'zod/mini';
import { requestPaths, requestWithHelper, requestWithToken } from '../../src/core/oauth/requestSnippets.ts';
import type { AnswerRequest } from '../../src/node/terminal/terminalSocket.ts';
import { endOf, terminalScene } from '../unit/support/terminal.ts';
import { pythonRequests } from './programs.ts';
import { emulate, getCode, parseTokenAnswer, requestToken } from './support.ts';

const Address = z.object({ port: z.number() });

interface Held {
  readonly accessToken: string;
  readonly expiration: number;
}

describe('the requests that are copied, run as they are', function () {
  this.timeout(60_000);
  const airisk = emulate();
  const scene = terminalScene();
  const requests = pythonRequests();

  const signIn = async (userid: string): Promise<Held> => {
    const user = userid || undefined;
    const code = await getCode(airisk.origin, user);
    const answer = await requestToken(airisk.origin, { code, userid: user });
    const { access_token: accessToken, expiration } = parseTokenAnswer(await answer.text());
    return { accessToken, expiration: Date.parse(expiration) };
  };
  /** A window that signs in anew when the token lives too short a time, as a renewal does. */
  const renewing = (): AnswerRequest => {
    const tokens = new Map<string, Held>();
    return async ({ userid = 'user_42', minLifetimeSeconds }) => {
      const held = tokens.get(userid);
      const lives = held && held.expiration - Date.now() >= minLifetimeSeconds * 1_000;
      const token = lives ? held : await signIn(userid);
      tokens.set(userid, token);
      return { ...token, userid, origin: airisk.origin };
    };
  };
  const environment = (): NodeJS.ProcessEnv => ({
    ...scene.environment,
    NO_PROXY: '*',
    PYTHONPATH: requests(),
    ...(process.env['HOME'] ? { HOME: process.env['HOME'] } : {}),
  });
  const runPython = (program: string) => endOf('python3', ['-c', program], environment());

  for (const userid of ['user_42', '']) {
    for (const path of requestPaths(userid)) {
      const request = () => ({ origin: airisk.origin, path, userid });
      const expected = userid ? /Quarterly risk review/ : /user_42/;

      it(`get ${path} with curl and with Python, with the token and with the helper`, async () => {
        await scene.open(renewing());
        const { accessToken } = await signIn(userid);
        const lines = [
          requestWithToken('bash', request(), accessToken),
          requestWithHelper('bash', request()) ?? assert.fail(),
        ];
        for (const line of lines) {
          const { stdout, stderr } = await endOf('sh', ['-c', line], environment());
          assert.match(stdout, expected, stderr);
        }
        const programs = [
          requestWithToken('python', request(), accessToken),
          requestWithHelper('python', request()) ?? assert.fail(),
        ];
        for (const program of programs) {
          const { stdout, stderr } = await runPython(program);
          assert.match(stdout, expected, stderr);
        }
      });
    }
  }

  /** The class of Python's snippet, with another use of it. */
  const withClass = (use: string): string => {
    const request = { origin: airisk.origin, path: '/api/GetConversations', userid: 'user_42' };
    const [definition = ''] = (requestWithHelper('python', request) ?? '').split('\nanswer = requests');
    return `${definition}
get = lambda: requests.get("${airisk.origin}/api/GetConversations", auth=auth, timeout=30)
${use}`;
  };

  it('go on in Python for three lifetimes of a token', async () => {
    await airisk.admin.setOptions({ tokenLifetimeSeconds: 4 });
    await scene.open(renewing());
    const { stdout, stderr } = await runPython(
      withClass(`
tokens = set()
while len(tokens) < 4:
    get().raise_for_status()
    tokens.add(auth.token)
    time.sleep(0.1)
print("went on")
`),
    );
    assert.equal(stdout, 'went on\n', stderr);
  });

  it('ask once more in Python when a token is refused that should have lived', async () => {
    await scene.open(renewing());
    const running = runPython(
      withClass(`
get().raise_for_status()
import urllib.request
urllib.request.urlopen(urllib.request.Request("${airisk.origin}/_admin/revoke", method="POST", data=b"")).read()
answer = get()
print(answer.status_code, len(answer.history))
`),
    );
    const { stdout, stderr } = await running;
    assert.equal(stdout, '200 1\n', stderr);
    assert.equal(scene.requests.length, 2);
  });

  it('ask in Python for no longer a life than the helper takes when a token of two days is refused', async () => {
    await airisk.admin.setOptions({ tokenLifetimeSeconds: 2 * 86_400 });
    await scene.open(renewing());
    const { stdout, stderr } = await runPython(
      withClass(`
get().raise_for_status()
import urllib.request
urllib.request.urlopen(urllib.request.Request("${airisk.origin}/_admin/revoke", method="POST", data=b"")).read()
print(get().status_code)
`),
    );
    assert.equal(stdout, '401\n', stderr);
    assert.equal(scene.requests.at(-1)?.minLifetimeSeconds, 86_400);
  });

  it('keep the token in Python from a server that they are redirected to, or asked to ask', async () => {
    const heard: (string | undefined)[] = [];
    const other = createServer((request, response) => {
      heard.push(request.headers.authorization);
      response.writeHead(401).end();
    });
    await once(other.listen(0, '127.0.0.1'), 'listening');
    const elsewhere = `http://localhost:${z.parse(Address, other.address()).port}/`;
    const front = createServer((_request, response) =>
      response.writeHead(302, { location: elsewhere }).end(),
    );
    await once(front.listen(0, '127.0.0.1'), 'listening');
    try {
      await scene.open(renewing());
      const { stdout, stderr } = await runPython(
        withClass(`
auth.origin = "http://127.0.0.1:${z.parse(Address, front.address()).port}"
print(*[requests.get(url, auth=auth, timeout=30).status_code for url in (auth.origin, "${elsewhere}")])
`),
      );
      assert.equal(stdout, '401 401\n', stderr);
      assert.deepEqual(heard, [undefined, undefined]);
    } finally {
      front.close();
      other.close();
    }
  });
});
