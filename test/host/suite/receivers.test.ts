import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { AuthorizationResponse } from '../../../src/core/oauth/authorizationResponse.ts';
import { AiriskError } from '../../../src/core/errors.ts';
import type { ExpectedRedirect, RedirectReceiver } from '../../../src/core/oauth/signIn.ts';
import { readPasted } from '../../../src/redirect/paste.ts';
import {
  namingHolder,
  receiverFor,
  rehearseRedirect,
  runsBesideBrowser,
} from '../../../src/redirect/receivers.ts';
import { callbackUri, UriHandler } from '../../../src/redirect/uriHandler.ts';
import { loopbackReceiver } from '../../../src/node/loopback.ts';
import { freePort } from '../../harness/ports.ts';

const state = 'k5cFfE1Jq3mT8vY0aZ2bX4dW6uS9rP7oN1lM3hG5jI0';

describe('readPasted', () => {
  const accepted: [redirectUri: string, pasted: string][] = [
    ['https://localhost/callback', `https://localhost/callback?code=c&state=${state}`],
    // As browsers show it: without the usual port, in small letters, with a path.
    ['https://LOCALHOST:443/callback', `https://localhost/callback?code=c&state=${state}`],
    ['http://localhost:80', `http://localhost/?code=c&state=${state}`],
    ['https://localhost/callback', `?code=c&state=${state}`],
    ['https://localhost/callback', `code=c&state=${state}`],
    // RFC 3986 §3.4 lets a query have one.
    ['https://localhost/callback', `code=c&state=${state}&session=a:b`],
    ['https://localhost/callback?app=1', `https://localhost/callback?app=1&code=c&state=${state}`],
    // Our state is the proof, in whatever way the browser spells the rest.
    ['http://localhost/callback', `https://localhost/callback?code=c&state=${state}`],
    ['https://localhost/callback', `localhost/callback?code=c&state=${state}&iss=https://a.example`],
    ['https://localhost/callback', `<https://localhost/callback?code=c&state=${state}#x>`],
    ['https://localhost/callback?app=1', `https://localhost/callback?code=c&state=${state}`],
    // As it was copied.
    ['https://localhost/callback', `'https://localhost/callback?code=c&state=${state}'`],
    ['https://localhost/callback', `\u201chttps://localhost/callback?code=c&state=${state}\u201d`],
    ['https://localhost/callback', `https://localhost/callback?code=c&\nstate=${state}\u200b`],
    ['https://localhost/callback', `https://localhost/callback?code=c&amp;state=${state}`],
    ['https://localhost/callback', `"https://localhost/callback?code=c&#38;state=${state}",`],
    ['https://localhost/callback', String.raw`https://localhost/callback?code=c\u0026state=${state}`],
    ...['.', ')', ').', ',', ';', '>', '"', '”', '」', ' .'].map((end): [string, string] => [
      'https://localhost/callback',
      `(https://localhost/callback?code=c&state=${state}${end}`,
    ]),
    ['vscode://a.b/callback', `VSCODE://A.B/callback?state=${state}&error=&code=c`],
  ];
  for (const [redirectUri, pasted] of accepted) {
    it(`reads ${pasted.replace(state, '…')} for ${redirectUri}`, () => {
      const response: Partial<AuthorizationResponse> = { code: 'c', state };
      assert.deepEqual({ ...Object(readPasted(pasted, redirectUri, state)) }, { ...empty, ...response });
    });
  }
  for (const [redirectUri, pasted] of [
    ['https://localhost/callback', 'https://localhost/callback?code=c'],
    ['https://LOCALHOST:443/%63allback?x=1', 'https://localhost/callback?x=1&code=c'],
    ['https://localhost/callback', 'code=c'],
    ['https://localhost/callback', '?code=c&iss=https://a.example/?x'],
    ['https://localhost/callback', 'localhost/callback?code=c'],
    ['https://localhost:8443/callback', 'LOCALHOST:8443/callback?code=c'],
    ['https://[::1]/callback', '[::1]/callback?code=c'],
    ['https://münchen.example/cb', 'münchen.example/cb?code=c'],
    ['https://localhost/callback', '(https://localhost/callback?code=c).'],
  ] as const) {
    it(`reads ${pasted} without a state for ${redirectUri}`, () => {
      assert.deepEqual({ ...Object(readPasted(pasted, redirectUri, state)) }, { ...empty, code: 'c' });
    });
  }

  const empty = { code: undefined, error: undefined, errorDescription: undefined, state: undefined };

  it('tells an address of another sign-in from one that is no response', () => {
    const read = (pasted: string) => readPasted(pasted, 'https://localhost/callback', state);
    assert.equal(read('https://localhost/callback?code=c&state=other'), 'state');
    for (const lost of ['https://localhost/callback?code=c&state=', 'state&code=c', 'error=x&state='])
      assert.equal(read(lost), 'emptyState');
    for (const text of [
      '',
      'https://example.com/callback?code=c',
      'http://localhost/callback?code=c',
      'https://localhost/callback/more?code=c',
      'localhost:80/callback?code=c',
      'evil.example/callback?x=1&code=c',
      'evil.example?code=c',
      '//evil.example/callback?code=c',
      '/callback?code=c',
      '?/callback?code=c',
      'javascript:x?code=c',
      'https://localhost/callback',
      'code=a b',
    ]) {
      assert.equal(read(text), undefined, text);
    }
  });
});

/** Has VS Code make other addresses while something runs: its functions are not frozen in a host that runs tests. */
async function withExternalUri(
  external: (uri: vscode.Uri) => vscode.Uri,
  task: () => Promise<void>,
): Promise<void> {
  const { asExternalUri } = vscode.env;
  Object.assign(vscode.env, { asExternalUri: async (uri: vscode.Uri) => external(uri) });
  try {
    await task();
  } finally {
    Object.assign(vscode.env, { asExternalUri });
  }
}

/** Has VS Code be of another kind while something runs. */
async function withEnvironment(
  values: Partial<Pick<typeof vscode.env, 'uiKind' | 'remoteName'>>,
  task: () => Promise<void>,
): Promise<void> {
  const before = Object.getOwnPropertyDescriptors(vscode.env);
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(vscode.env, name, { value, configurable: true });
  }
  try {
    await task();
  } finally {
    for (const name of Object.keys(values)) {
      Object.defineProperty(vscode.env, name, Reflect.get(before, name));
    }
  }
}

describe('the URI handler', () => {
  const callback = callbackUri('airisk.airisk-authentication');
  const foreign: AuthorizationResponse[] = [];
  let handler: UriHandler;
  let stateMissing: number;
  let ending: AbortController;
  /** What the sign-in that waits has received. */
  let received: AuthorizationResponse | undefined;

  beforeEach(async () => {
    foreign.length = 0;
    received = undefined;
    ending = new AbortController();
    stateMissing = 0;
    handler = new UriHandler(
      callback,
      (response) => foreign.push(response),
      () => (stateMissing += 1),
    );
    const { response } = await handler.at('').begin(state, ending.signal);
    void response.then((redirect) => (received = redirect));
  });
  afterEach(() => ending.abort());

  const open = async (query: string, path = '/callback'): Promise<void> => {
    handler.handleUri(callback.with({ path, query }));
    await Promise.resolve();
  };

  it('hands a redirect to the sign-in that waits for its state, once', async () => {
    await open(`code=first&state=${state}`);
    assert.equal(received?.code, 'first');
    await open(`code=second&state=${state}`);
    assert.equal(received.code, 'first');
    assert.deepEqual(
      foreign.map(({ code }) => code),
      ['second'],
    );
  });

  it('hands over nothing for a sign-in that has ended', async () => {
    ending.abort();
    await open(`code=late&state=${state}`);
    assert.equal(received, undefined);
    assert.equal(foreign.length, 1);
  });

  for (const query of ['code=c', 'code=c&state=guessed', `code=c&state=${state.slice(0, -1)}`]) {
    it(`ends nothing with ${query.replace(state.slice(0, -1), '…')}`, async () => {
      await open(query);
      assert.equal(received, undefined);
      assert.equal(foreign.length, 1);
    });
  }

  it('says once for each sign-in that a redirect came without a state', async () => {
    for (const query of ['x=y', 'code=c&state=guessed', `code=c&code=d`]) await open(query);
    assert.equal(stateMissing, 0);
    for (const query of ['code=c&state=', 'code=c', 'error=access_denied&state=']) await open(query);
    assert.equal(stateMissing, 1);
    assert.equal(received, undefined);
    ending.abort();
    await open('code=c');
    assert.equal(stateMissing, 1);
  });

  it('is at its own address on the desktop, where the query comes decoded', async () => {
    const never = (): never => assert.fail('on the desktop it adds a windowId');
    await withEnvironment({ uiKind: vscode.UIKind.Desktop }, () =>
      withExternalUri(never, async () => {
        const expected = await handler.at('').begin('another', ending.signal);
        assert.equal(expected.redirectUri, callback.toString());
        await open(`code=a+b%2F&state=${state}`);
        assert.equal(received?.code, 'a+b%2F');
      }),
    );
  });

  it('takes a redirect that names a window, as other addresses of VS Code do', async () => {
    await open(`windowId=1&code=c&state=${state}`);
    assert.equal(received?.code, 'c');
  });

  it('takes our state as the proof, however the path is spelled', async () => {
    await open(`code=c&state=${state}`, '/Callback/');
    assert.equal(received?.code, 'c');
  });

  // As each may be registered; RFC 3986 §6.2.2 has only the last one equal to the callback.
  for (const path of ['/Callback', '', '/back', '/callback/', '/%63allback']) {
    const registered = `${callback.with({ path: '' }).toString()}${path}`;

    it(`hands over our state to the window that waits for it at ${path || 'no path'}`, async () => {
      handler.handleUri(vscode.Uri.parse(`${registered}?code=c&state=${state.replace('k', 'K')}`));
      assert.deepEqual(
        foreign.map(({ code }) => code),
        ['c'],
      );
    });

    it(`says that a redirect to ${path || 'no path'} came without a state where that is registered`, async () => {
      ending.abort();
      await withEnvironment({ uiKind: vscode.UIKind.Desktop }, async () => {
        await handler.at(registered).begin('another', new AbortController().signal);
        handler.handleUri(vscode.Uri.parse(`${registered}/other?code=c`));
        assert.equal(stateMissing, 0);
        handler.handleUri(vscode.Uri.parse(`${registered}?code=c`));
        assert.equal(stateMissing, 1);
        assert.equal(foreign.length, 1);
      });
    });
  }

  it('is at the callback in a browser, whatever is registered', async () => {
    ending.abort();
    const registered = callback.with({ path: '/Callback' }).toString();
    await withExternalUri(
      (uri) => uri,
      async () => {
        const { redirectUri } = await handler.at(registered).begin('another', new AbortController().signal);
        assert.equal(redirectUri, callback.toString());
        await open('code=c');
        assert.equal(stateMissing, 1);
      },
    );
  });

  it('hands over what starts VS Code, before any sign-in waits', async () => {
    const started = new UriHandler(callback, (response) => foreign.push(response));
    started.handleUri(callback.with({ query: `code=c&state=${state}` }));
    assert.deepEqual(
      foreign.map(({ code }) => code),
      ['c'],
    );
  });

  for (const broken of ['code=a&code=b', 'code=', `code=${'x'.repeat(4_097)}`]) {
    it(`takes our state without a code beside ${broken.slice(0, 20)}: nothing better will come`, async () => {
      await open(`${broken}&state=${state}`);
      assert.deepEqual([received?.state, received?.code], [state, undefined]);
    });
  }

  it('tells nobody of what is no response', async () => {
    await open('code=a&code=b');
    await open(`code=c&state=${state}&state=${state}`);
    await open('code=&state=');
    await open('code=c&state=someone-elses', '/other');
    assert.equal(received, undefined);
    assert.deepEqual(foreign, []);
  });
});

describe('the receiver of the callback', () => {
  it('sends on the desktop what was registered, byte for byte', async () => {
    const callback = callbackUri('airisk.airisk-authentication');
    const loopback = (): never => assert.fail('it is the own callback');
    const handler = new UriHandler(callback, () => undefined);
    const uriHandler = (redirectUri: string) => handler.at(redirectUri);
    const ask = async (): Promise<undefined> => undefined;
    const parts = { callback, uriHandler, loopback, ask, extensionKind: vscode.ExtensionKind.UI };
    const ending = new AbortController();
    await withEnvironment({ uiKind: vscode.UIKind.Desktop }, async () => {
      const spelled = callback.toString().replace('airisk.airisk', 'AIRisk.AIRISK');
      for (const redirectUri of ['', callback.toString(), spelled, `${spelled}?x=y`]) {
        const expected = await receiverFor(redirectUri, parts).begin(state, ending.signal);
        assert.equal(expected.redirectUri, redirectUri || callback.toString());
        assert.equal(await rehearseRedirect(redirectUri, parts), redirectUri || callback.toString());
      }
    });
    ending.abort();
  });
});

describe('the computer with the browser', () => {
  const { UI, Workspace } = vscode.ExtensionKind;
  const sides: [remoteName: string | undefined, kind: vscode.ExtensionKind, here: boolean][] = [
    [undefined, UI, true],
    [undefined, Workspace, true],
    ['ssh-remote', UI, true],
    ['ssh-remote', Workspace, false],
  ];
  for (const [remoteName, kind, here] of sides) {
    it(`is ${here ? 'this' : 'another'} one for ${vscode.ExtensionKind[kind]} with ${remoteName ?? 'no'} remote`, async () => {
      await withEnvironment({ remoteName }, async () => assert.equal(runsBesideBrowser(kind), here));
    });
  }
});

describe('pasting', () => {
  const callback = callbackUri('airisk.airisk-authentication');
  const parts = {
    callback,
    uriHandler: (redirectUri: string) => new UriHandler(callback, () => undefined).at(redirectUri),
    ask: async () => undefined,
    loopback: (redirectUri: string) => loopbackReceiver(redirectUri, { language: 'en', title: '', body: '' }),
    extensionKind: vscode.ExtensionKind.UI,
  };
  const begin = async (
    redirectUri: string,
    extensionKind = parts.extensionKind,
  ): Promise<ExpectedRedirect> => {
    const ending = new AbortController();
    try {
      return await receiverFor(redirectUri, { ...parts, extensionKind }).begin(state, ending.signal);
    } finally {
      ending.abort();
    }
  };

  it('is possible where a browser shows the address, and not where the operating system takes it', async () => {
    await withEnvironment({ uiKind: vscode.UIKind.Desktop }, async () => {
      const spelled = callback.toString().replace('airisk.airisk', 'AIRisk.AIRISK');
      for (const redirectUri of ['', callback.toString(), spelled])
        assert.equal((await begin(redirectUri)).paste, undefined, redirectUri);
    });
    const port = await freePort();
    for (const redirectUri of [`http://127.0.0.1:${port}/callback`, `HTTP://localhost:${port}/callback`])
      assert.ok((await begin(redirectUri)).paste, redirectUri);
    // Asked at once, and not only when the browser does not come back.
    assert.equal((await begin('https://localhost/callback')).fromPerson, true);
    await withEnvironment({ uiKind: vscode.UIKind.Web }, () =>
      withExternalUri(
        () => vscode.Uri.parse('https://editor.example.com/callback?vscode-reqid=1'),
        async () => assert.ok((await begin('')).paste),
      ),
    );
  });

  it('is asked of nobody where no browser shows the address', async () => {
    const ask = (): never => assert.fail('there is nothing to paste');
    for (const redirectUri of [
      'vscode-insiders://airisk.airisk-authentication/callback',
      'vscodium://airisk.airisk-authentication/callback',
      'myapp://callback',
      'urn:ietf:wg:oauth:2.0:oob',
    ]) {
      const receiver = receiverFor(redirectUri, { ...parts, ask });
      const expected = await receiver.begin(state, new AbortController().signal);
      const { paste, fromPerson, isReceived } = expected;
      assert.deepEqual([expected.redirectUri, paste, fromPerson], [redirectUri, undefined, undefined]);
      assert.equal(isReceived, false, redirectUri);
    }
  });

  it('answers for the browser', async () => {
    const ending = new AbortController();
    const redirectUri = `http://127.0.0.1:${await freePort()}/callback`;
    const answer = { code: 'c', state, error: undefined, errorDescription: undefined };
    const ask = <T>(input: vscode.QuickInput, listen: (answer: (value: T) => void) => void): Promise<T> => {
      input.dispose();
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the box answers with a response
      return new Promise<T>((resolve) => (listen(resolve), resolve(answer as T)));
    };
    const { response, paste } = await receiverFor(redirectUri, { ...parts, ask }).begin(state, ending.signal);
    await paste?.();
    assert.equal((await response).code, 'c');
    ending.abort();
  });

  for (const [where, external, isReachable] of [
    ['forwarded as it is', (uri: vscode.Uri) => uri, true],
    ['forwarded as another', (uri: vscode.Uri) => uri.with({ authority: 'example.com' }), false],
  ] as const) {
    it(`is more likely where a remote window's port is not reachable: ${where}`, async () => {
      await withEnvironment({ remoteName: 'a-server' }, () =>
        withExternalUri(external, async () => {
          const redirectUri = `http://127.0.0.1:${await freePort()}/callback`;
          assert.equal((await begin(redirectUri, vscode.ExtensionKind.Workspace)).isReachable, isReachable);
        }),
      );
    });
  }

  it('asks for no forwarding where the port is on this computer', async () => {
    const never = (): never => assert.fail('it would take the port itself');
    await withExternalUri(never, async () => {
      assert.notEqual((await begin(`http://127.0.0.1:${await freePort()}/callback`)).isReachable, false);
    });
  });
});

describe('a local port that is taken', () => {
  const taken: RedirectReceiver = {
    begin: () => Promise.reject(new AiriskError('port_in_use', { subject: '99', reason: 'EADDRINUSE' })),
  };
  const begin = (holder: string | undefined): Promise<unknown> =>
    namingHolder(taken, () => holder).begin(state, new AbortController().signal);

  it('is said to be held by a sign-in of this window when it is', async () => {
    await assert.rejects(begin('user_7'), { code: 'sign_in_waiting', subject: 'user_7' });
    await assert.rejects(begin(undefined), { code: 'port_in_use', subject: '99' });
  });
});
