import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { AuthorizationResponse } from '../../../src/core/oauth/authorization.ts';
import type { RedirectReceiver } from '../../../src/core/signIn.ts';
import { readPasted, withPasteOffer } from '../../../src/redirect/paste.ts';
import { receiverFor } from '../../../src/redirect/receivers.ts';
import { callbackUri, UriHandler } from '../../../src/redirect/uriHandler.ts';
import { WindowRelay } from '../../../src/redirect/windowRelay.ts';
import { freePort } from '../../vscode/emulator.ts';

const state = 'k5cFfE1Jq3mT8vY0aZ2bX4dW6uS9rP7oN1lM3hG5jI0';

describe('readPasted', () => {
  const accepted: [redirectUri: string, pasted: string][] = [
    ['https://localhost/callback', `https://localhost/callback?code=c&state=${state}`],
    // As browsers show it: without the usual port, in small letters, with a path.
    ['https://LOCALHOST:443/callback', `https://localhost/callback?code=c&state=${state}`],
    ['http://localhost:80', `http://localhost/?code=c&state=${state}`],
    ['https://localhost/callback', `?code=c&state=${state}`],
    ['https://localhost/callback', `code=c&state=${state}`],
    ['https://localhost/callback?app=1', `https://localhost/callback?app=1&code=c&state=${state}`],
  ];
  for (const [redirectUri, pasted] of accepted) {
    it(`reads ${pasted.replace(state, '…')} for ${redirectUri}`, () => {
      const response: Partial<AuthorizationResponse> = { code: 'c', state };
      assert.deepEqual({ ...Object(readPasted(pasted, redirectUri, state)) }, { ...empty, ...response });
    });
  }
  const empty = { code: undefined, error: undefined, errorDescription: undefined, state: undefined };

  it('tells an address of another sign-in from one that is no response', () => {
    const read = (pasted: string) => readPasted(pasted, 'https://localhost/callback', state);
    assert.equal(read('https://localhost/callback?code=c&state=other'), 'state');
    for (const text of [
      '',
      'https://example.com/callback?code=c',
      'https://localhost/callback',
      'code=a b',
    ]) {
      assert.equal(read(text), undefined, text);
    }
  });
});

describe('the offer to paste', () => {
  const callback = callbackUri('airisk.airisk-authentication');
  /** The delays in ms that timers were set to while something ran. */
  const delaysOf = async (task: () => Promise<unknown>): Promise<number[]> => {
    const [{ setTimeout: real }, delays] = [globalThis, Array.of<number>()];
    const spy = (callee: () => void, ms = 0): NodeJS.Timeout => {
      delays.push(ms);
      return real(callee, ms);
    };
    globalThis.setTimeout = Object.assign(spy, real);
    try {
      await task();
    } finally {
      globalThis.setTimeout = real;
    }
    return delays;
  };

  it('is not made by a sign-in that ended while it was made ready', async () => {
    const ending = new AbortController();
    const receiver: RedirectReceiver = {
      begin: async () => {
        ending.abort();
        return { redirectUri: 'https://localhost/callback', response: new Promise(() => undefined) };
      },
    };
    const delays = await delaysOf(() =>
      assert.rejects(withPasteOffer(receiver, 20_000, 'why').begin(state, ending.signal), {
        name: 'AbortError',
      }),
    );
    assert.ok(!delays.includes(20_000));
  });

  for (const [where, external, ms] of [
    ['where the port is forwarded as it is', (uri: vscode.Uri) => uri, 20_000],
    ['soon where it is not', (uri: vscode.Uri) => uri.with({ authority: 'example.com' }), 5_000],
  ] as const) {
    it(`comes ${where}, in a remote window`, async () => {
      const { asExternalUri } = vscode.env;
      // Not frozen in a host that runs tests.
      Object.assign(vscode.env, { asExternalUri: async (uri: vscode.Uri) => external(uri) });
      const ending = new AbortController();
      try {
        assert.notEqual(vscode.env.remoteName, undefined);
        const receiver = receiverFor(`http://127.0.0.1:${await freePort()}/callback`, {
          callback: callback.toString(),
          uriHandler: new UriHandler(callback, () => undefined),
          relay: new WindowRelay('unused'),
          extensionKind: vscode.ExtensionKind.Workspace,
        });
        const delays = await delaysOf(() => receiver.begin(state, ending.signal));
        assert.deepEqual(
          delays.filter((delay) => delay === 5_000 || delay === 20_000),
          [ms],
        );
      } finally {
        ending.abort();
        Object.assign(vscode.env, { asExternalUri });
      }
    });
  }
});
