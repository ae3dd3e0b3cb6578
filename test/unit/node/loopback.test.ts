import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { ExpectedRedirect } from '../../../src/core/oauth/signIn.ts';
import { loopbackReceiver } from '../../../src/node/loopback.ts';
import { freePort, occupy } from '../../harness/ports.ts';
import { listeningServers } from '../support/listeningServers.ts';
import { hasIpv6, listens, outerAddress, silentConnection, visit } from '../support/nodeClient.ts';

const state = 'k5cFfE1Jq3mT8vY0aZ2bX4dW6uS9rP7oN1lM3hG5jI0';
const right = `code=SplxlOBeZQ&state=${state}`;
const text = { language: 'de', title: 'Zurück zu VS Code', body: 'Dieser Tab kann geschlossen werden.' };
const hosts = ['127.0.0.1', ...(hasIpv6 ? ['::1'] : [])];

describe('the loopback receiver', () => {
  let port: number;
  let ending: AbortController;

  /** Waits for a redirect to `/callback` of a host. */
  function begin(host = 'localhost', words = text): Promise<ExpectedRedirect> {
    return loopbackReceiver(`http://${host}:${port}/callback`, words).begin(state, ending.signal);
  }

  /** Which loopback addresses anybody listens on. */
  async function open(): Promise<string[]> {
    const listening = await Promise.all(hosts.map((host) => listens(port, host)));
    return hosts.filter((_host, i) => listening[i]);
  }

  beforeEach(async () => {
    port = await freePort();
    ending = new AbortController();
  });

  afterEach(async () => {
    ending.abort();
    assert.deepEqual(await open(), [], 'nothing listens any more');
  });

  const registered: [host: string, addresses: string[]][] = [
    ['localhost', hosts],
    ['127.0.0.1', ['127.0.0.1']],
    ...(hasIpv6 ? [['[::1]', ['::1']] satisfies [string, string[]]] : []),
  ];
  for (const [host, addresses] of registered) {
    for (const address of addresses) {
      it(`receives at ${address} what is registered for ${host}`, async () => {
        const { redirectUri, response } = await begin(host);
        assert.equal(redirectUri, `http://${host}:${port}/callback`);
        assert.deepEqual(await open(), addresses);
        assert.equal((await visit(port, `/callback?${right}`, { host: address })).status, 200);
        assert.equal((await response).code, 'SplxlOBeZQ');
      });
    }
  }

  it('goes on waiting after a connection that could not be accepted', async () => {
    const [{ response }, servers] = await listeningServers(() => begin('127.0.0.1'));
    assert.equal(servers.length, 1);
    for (const server of servers)
      server.emit('error', Object.assign(new Error('accept'), { code: 'EMFILE' }));
    await visit(port, `/callback?${right}`, { host: '127.0.0.1' });
    assert.equal((await response).code, 'SplxlOBeZQ');
  });

  // A browser sends the cookies of every port, up to 180 of 4 KB.
  for (const kilobytes of [21, 720]) {
    it(`receives beside ${kilobytes} KB of other programs' cookies`, async () => {
      const { response } = await begin();
      const cookie = Array.from({ length: kilobytes }, (_, index) => `c${index}=${'x'.repeat(1_014)}`).join(
        '; ',
      );
      const { status } = await visit(port, `/callback?${right}`, { headers: { cookie } });
      assert.equal(status, 200);
      assert.equal((await response).code, 'SplxlOBeZQ');
    });
  }

  it('says once that a redirect came without a state, and goes on waiting', async () => {
    let said = 0;
    const receiver = loopbackReceiver(`http://127.0.0.1:${port}/callback`, text, () => (said += 1));
    const { response } = await receiver.begin(state, ending.signal);
    for (const path of [
      '/favicon.ico',
      '/callback',
      '/callback?x=y',
      '/other?code=a',
      `/callback?code=a&state=b`,
    ]) {
      await visit(port, path);
    }
    assert.equal(said, 0);
    for (const query of ['code=a&state=', 'code=a', 'error=access_denied&state']) {
      assert.equal((await visit(port, `/callback?${query}`)).status, 404);
      assert.equal(said, 1);
    }
    await visit(port, `/callback?${right}`);
    assert.equal((await response).code, 'SplxlOBeZQ');
  });

  it('says what came without a state: an error has no code', async () => {
    const said: unknown[] = [];
    const receiver = loopbackReceiver(`http://127.0.0.1:${port}/callback`, text, ({ error, code }) =>
      said.push([error, code]),
    );
    await receiver.begin(state, ending.signal);
    await visit(port, '/callback?error=access_denied&error_description=User%20is%20locked');
    assert.deepEqual(said, [['access_denied', undefined]]);
  });

  const nothing = { state, code: undefined, error: undefined, errorDescription: undefined };
  const responses: [query: string, read: object][] = [
    ['code=a%2Bb%2F%3D', { code: 'a+b/=' }],
    ['code=a+b', { code: 'a+b' }],
    [
      'error=access_denied&error_description=No%20way',
      { error: 'access_denied', errorDescription: 'No way' },
    ],
    ['code=a&session_state=x', { code: 'a' }],
    // Ends the waiting: nothing better will come.
    ['code=a&code=b', {}],
    ['code=', {}],
    ['error=a&error=b', {}],
    [`code=${'x'.repeat(8_000)}`, {}],
  ];
  for (const [query, read] of responses) {
    it(`reads ${query.slice(0, 80)}`, async () => {
      const { response } = await begin();
      await visit(port, `/callback?${query}&state=${state}`);
      assert.deepEqual(await response, { ...nothing, ...read });
    });
  }

  it('listens on exactly the path that is registered, be it the root, escaped or with a query', async () => {
    for (const path of ['/', '/a%20b/ü', '/callback?from=airisk']) {
      const stop = new AbortController();
      const { response } = await loopbackReceiver(`http://127.0.0.1:${port}${path}`, text).begin(
        state,
        stop.signal,
      );
      await visit(port, `${encodeURI(decodeURI(path))}${path.includes('?') ? '&' : '?'}${right}`);
      assert.equal((await response).code, 'SplxlOBeZQ');
      stop.abort();
    }
  });

  it('shows a page of this computer, with no code in it and nothing from elsewhere', async () => {
    const { response } = await begin('127.0.0.1', { ...text, title: 'A & <b>B</b> "C"' });
    const { headers, body } = await visit(port, `/callback?${right}`);
    await response;
    assert.match(body, /<html lang="de">/);
    assert.match(body, /<title>A &#38; &#60;b&#62;B&#60;\/b&#62; &#34;C&#34;<\/title>/);
    assert.ok(body.includes(text.body));
    assert.ok(!body.includes('SplxlOBeZQ') && !body.includes(state));
    assert.doesNotMatch(body, /\b(src|href|url|import|https?:)\b/i);
    assert.equal(headers['content-type'], 'text/html; charset=utf-8');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(headers['connection'], 'close');
    const [, script = ''] = /<script>(.*)<\/script>/.exec(body) ?? [];
    assert.equal(script, "history.replaceState(null, '', location.pathname)");
    const hash = createHash('sha256').update(script).digest('base64');
    assert.equal(
      headers['content-security-policy'],
      `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'`,
    );
  });

  it('is closed after one response', async () => {
    const idle = await begin().then(() => silentConnection(port));
    const closed = once(idle, 'close');
    await visit(port, `/callback?${right}`);
    await closed;
    assert.deepEqual(await open(), []);
  });

  it('takes the first of two responses', async () => {
    const { response } = await begin();
    const both = await Promise.allSettled([
      visit(port, `/callback?${right}`),
      visit(port, `/callback?code=other&state=${state}`),
    ]);
    assert.equal(both[0].status, 'fulfilled');
    assert.equal((await response).code, 'SplxlOBeZQ');
  });

  it('is closed when the sign-in is cancelled, connections too', async () => {
    await begin();
    const idle = await silentConnection(port);
    const closed = once(idle, 'close');
    ending.abort();
    await closed;
    assert.deepEqual(await open(), []);
  });

  it('does not start for a sign-in that is cancelled already', async () => {
    ending.abort(new Error('cancelled'));
    const other = await occupy(port, '127.0.0.1');
    await assert.rejects(begin(), /cancelled/, 'not even to find that the port is taken');
    other.close();
    await once(other, 'close');
    await assert.rejects(begin(), /cancelled/);
    assert.deepEqual(await open(), []);
  });

  it('does not stay open for a sign-in that is cancelled while it starts', async () => {
    const starting = begin();
    ending.abort(new Error('cancelled'));
    await assert.rejects(starting, /cancelled/);
    assert.deepEqual(await open(), []);
  });

  it('can be used again at once for the next sign-in', async () => {
    for (let i = 0; i < 5; i++) {
      const { response } = await begin();
      await visit(port, `/callback?${right}`);
      await response;
      await new Promise(setImmediate);
    }
  });

  for (const host of hosts) {
    it(`says which port is taken where another program has it at ${host}, and leaves nothing open`, async () => {
      const other = await occupy(port, host);
      await assert.rejects(begin(), { name: 'AiriskError', code: 'port_in_use', subject: String(port) });
      assert.deepEqual(await open(), [host]);
      other.close();
      await once(other, 'close');
    });
  }

  it('says which port is taken where another sign-in waits there, which goes on', async () => {
    const { response } = await begin();
    const second = loopbackReceiver(`http://127.0.0.1:${port}/callback`, text);
    await assert.rejects(second.begin('other', ending.signal), { code: 'port_in_use' });
    await visit(port, `/callback?${right}`);
    assert.equal((await response).code, 'SplxlOBeZQ');
  });

  it('cannot be reached from another computer', async function () {
    if (!outerAddress) this.skip();
    await begin();
    assert.deepEqual(await open(), hosts);
    assert.equal(await listens(port, outerAddress), false);
  });

  it('keeps no process alive', async () => {
    const servers = (): number =>
      process.getActiveResourcesInfo().filter((resource) => resource === 'TCPServerWrap').length;
    await new Promise(setImmediate);
    const before = servers();
    await begin();
    assert.equal(servers(), before);
  });
});
