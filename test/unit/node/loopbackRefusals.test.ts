import assert from 'node:assert/strict';
import { loopbackPort } from '../../../src/core/oauth/redirectUri.ts';
import { loopbackReceiver } from '../../../src/node/loopback.ts';
import { freePort } from '../../harness/ports.ts';
import { listens, silentConnection, visit, type Visit } from '../support/nodeClient.ts';

const state = 'k5cFfE1Jq3mT8vY0aZ2bX4dW6uS9rP7oN1lM3hG5jI0';
const right = `code=SplxlOBeZQ&state=${state}`;
const text = { language: 'en', title: 'Return to VS Code', body: 'You can close this tab.' };

describe('the loopback receiver refuses', () => {
  const refused: [what: string, path: string, visit?: Visit][] = [
    ['no query', '/callback'],
    ['another path without a state', '/other?code=a'],
    ['a query without its question mark', `/callback&${right}`],
    ['POST', `/callback?${right}`, { method: 'POST' }],
    ['HEAD', `/callback?${right}`, { method: 'HEAD' }],
    ['OPTIONS', `/callback?${right}`, { method: 'OPTIONS' }],
    ['another state', `/callback?code=a&state=${state.replace('k', 'K')}`],
    ['a state cut off', `/callback?code=a&state=${state.slice(0, -1)}`],
    ['a state that goes on', `/callback?code=a&state=${state}x`],
    ['no state', '/callback?code=a'],
    ['an empty state', '/callback?code=a&state='],
    ['the state under another name', `/callback?code=a&State=${state}`],
    ['a doubled state', `/callback?code=a&state=${state}&state=${state}`],
    ['a second state', `/callback?code=a&state=${state}&state=x`],
    ['an icon, as browsers ask for one', '/favicon.ico'],
  ];

  let port: number;
  let ending: AbortController;

  beforeEach(async () => {
    port = await freePort();
    ending = new AbortController();
  });

  afterEach(() => ending.abort());

  for (const [what, path, options] of refused) {
    it(`${what}, tells the sender nothing, and goes on waiting`, async () => {
      const receiver = loopbackReceiver(`http://localhost:${port}/callback`, text);
      const { response } = await receiver.begin(state, ending.signal);
      const { status, body, headers } = await visit(port, path, options);
      assert.deepEqual([status, body], [404, '']);
      assert.equal(headers['referrer-policy'], 'no-referrer');
      assert.equal(headers['cache-control'], 'no-store');
      assert.equal(headers['connection'], 'close');
      assert.match(String(headers['content-security-policy']), /^default-src 'none';/);
      assert.equal((await visit(port, `/callback?${right}`)).status, 200);
      assert.equal((await response).code, 'SplxlOBeZQ');
    });
  }

  it('requests that never end, without waiting for them', async () => {
    const receiver = loopbackReceiver(`http://127.0.0.1:${port}/callback`, text);
    const { response } = await receiver.begin(state, ending.signal);
    const slow = await Promise.all([1, 2, 3].map(() => silentConnection(port)));
    for (const socket of slow) socket.write(`GET /callback?${right} HTTP/1.1\r\n`);
    slow[0]?.write('garbage\0\r\n\r\n');
    await visit(port, `/callback?${right}`);
    await response;
    await new Promise(setImmediate);
    assert.equal(await listens(port), false);
  });
});

describe('the loopback receiver takes our state as the proof, however the path is spelled:', () => {
  const spelled: [what: string, path: string][] = [
    ['another path', `/other?${right}`],
    ['the root', `/?${right}`],
    ['a path below', `/callback/x?${right}`],
    ['a slash at the end', `/callback/?${right}`],
    ['a path with dots', `/x/../callback?${right}`],
    ['a doubled slash', `//callback?${right}`],
    ['a path in other letters', `/Callback?${right}`],
    ['an escaped path', `/%63allback?${right}`],
    ['parameters in the path', `/callback;x?${right}`],
    ['an address instead of a path', `http://localhost/callback?${right}`],
  ];
  for (const [what, path] of spelled) {
    it(what, async () => {
      const port = await freePort();
      const ending = new AbortController();
      const receiver = loopbackReceiver(`http://localhost:${port}/callback`, text);
      const { response } = await receiver.begin(state, ending.signal);
      assert.equal((await visit(port, path)).status, 200);
      assert.equal((await response).code, 'SplxlOBeZQ');
      ending.abort();
    });
  }
});

describe('the loopback receiver says once that the browser came back without a state', () => {
  const targets: [what: string, target: string, says: boolean][] = [
    ['to the redirect URI', '/c%61llback/x?code=a', true],
    ['with an empty one', '/callback/x?code=a&state=', true],
    ['with an error', '/callback/x?error=access_denied', true],
    ['to an escaped path', '/callb%61ck%2fx?code=a', false],
    ['to a path that is spelled differently', '/%63allback/./x?code=a', true],
    ['to a path in other letters', '/Callback/x?code=a', false],
    ['to a different path', '/callback?code=a', false],
    ['to a different host', '//callback/x?code=a', false],
    ['to what is no address', '//[?code=a', false],
    ['without a code', '/callback/x?x=1', false],
  ];
  for (const [what, target, says] of targets) {
    it(`${what}: ${says ? 'yes' : 'no'}`, async () => {
      const port = await freePort();
      const ending = new AbortController();
      let said = 0;
      const registered = `http://localhost:${port}/%63allback/x`;
      const receiver = loopbackReceiver(registered, text, () => (said += 1));
      const { response } = await receiver.begin(state, ending.signal);
      for (let time = 0; time < 2; time += 1) assert.equal((await visit(port, target)).status, 404);
      assert.equal(said, Number(says));
      assert.equal((await visit(port, `/?${right}`)).status, 200);
      assert.equal((await response).code, 'SplxlOBeZQ');
      ending.abort();
    });
  }
});

describe('loopbackPort', () => {
  const ports: [redirectUri: string, port: number | undefined][] = [
    ['http://localhost:8765/callback', 8765],
    ['http://LOCALHOST:8765', 8765],
    ['http://127.0.0.1:1/', 1],
    ['http://127.8.7.6:65535/', 65535],
    ['http://127.1:8765/', 8765],
    ['http://[::1]:8765/callback', 8765],
    ['http://[0:0:0:0:0:0:0:1]:8765/callback', 8765],
    ['http://localhost/callback', undefined],
    ['http://localhost:80/callback', undefined],
    ['https://localhost:8765/callback', undefined],
    ['https://localhost/callback', undefined],
    ['http://localhost.example.com:8765/', undefined],
    ['http://localhost:8765@example.com/', undefined],
    ['http://127.0.0.1.example.com:8765/', undefined],
    ['http://0.0.0.0:8765/', undefined],
    ['http://[::]:8765/', undefined],
    ['http://192.168.0.1:8765/', undefined],
    ['vscode://airisk.airisk-authentication/callback', undefined],
    ['localhost:8765', undefined],
    ['http://localhost:65536/', undefined],
    ['', undefined],
  ];
  for (const [redirectUri, port] of ports) {
    it(`of ${redirectUri || 'nothing'} is ${port}`, () => assert.equal(loopbackPort(redirectUri), port));
  }
});
