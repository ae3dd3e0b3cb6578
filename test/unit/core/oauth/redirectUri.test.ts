import assert from 'node:assert/strict';
import { type RedirectKind, redirectKind } from '../../../../src/core/oauth/redirectUri.ts';

const callbacks = ['vscode', 'vscode-insiders', 'vscodium', 'cursor', 'code-oss'].map(
  (scheme) => `${scheme}://airisk.airisk-authentication/callback`,
);
const [vscode = ''] = callbacks;

describe('redirectKind', () => {
  const kinds: [redirectUri: string, kind: RedirectKind][] = [
    ['', 'uriHandler'],
    [vscode, 'uriHandler'],
    ['vscode://another.extension/callback', 'elsewhere'],
    [`${vscode}/`, 'uriHandler'],
    [`${vscode}?windowId=1`, 'uriHandler'],
    ['vscode://AIRisk.airisk-authentication/callback', 'uriHandler'],
    ['VSCode://airisk.AIRisk-Authentication/callback', 'uriHandler'],
    ['vscode://airisk.airisk-authentication/%63all%62ack', 'uriHandler'],
    ['vscode://airisk.airisk-authentication/Callback', 'uriHandler'],
    ['vscode://airisk.airisk-authentication', 'uriHandler'],
    ['HTTP://LocalHost:8765/callback', 'loopback'],
    ['vscode-insiders://airisk.airisk-authentication/callback', 'elsewhere'],
    ['vscodium://airisk.airisk-authentication/callback', 'elsewhere'],
    ['myapp://callback', 'elsewhere'],
    ['com.example.app:/callback', 'elsewhere'],
    // No address without its scheme is one of a browser.
    ['localhost:8765/callback', 'elsewhere'],
    ['file:///callback', 'elsewhere'],
    ['HTTPS://LocalHost/callback', 'paste'],
    ['http://localhost:8765/callback', 'loopback'],
    ['http://127.0.0.1:8765', 'loopback'],
    ['http://[::1]:8765/a/b?c=d', 'loopback'],
    ['https://localhost/callback', 'paste'],
    ['https://localhost:8765/callback', 'paste'],
    ['http://localhost/callback', 'paste'],
    ['http://localhost:0/callback', 'paste'],
    ['https://intranet.example.com/signed-in', 'paste'],
    ['http://192.168.0.1:8765/callback', 'paste'],
    // Of AIRisk no page is documented that shows a code.
    ['urn:ietf:wg:oauth:2.0:oob', 'elsewhere'],
  ];
  for (const [redirectUri, kind] of kinds) {
    it(`of ${redirectUri || 'nothing'} is ${kind}`, () =>
      assert.equal(redirectKind(redirectUri, vscode), kind));
  }

  for (const callback of callbacks) {
    it(`knows a host by its own scheme: ${callback}`, () => {
      assert.equal(redirectKind(callback, callback), 'uriHandler');
    });
  }

  const invalid = [
    'callback',
    '/callback',
    'localhost/callback',
    '//localhost/callback',
    'http://',
    'http://localhost:99999/callback',
    'https://localhost/callback#',
    `${vscode}#`,
    'https://localhost/callback#fragment',
    'http://localhost:8765/#/callback',
    ' ',
  ];
  for (const redirectUri of invalid) {
    it(`refuses ${JSON.stringify(redirectUri)}, and names the setting`, () => {
      assert.throws(() => redirectKind(redirectUri, vscode), {
        name: 'AiriskError',
        code: 'invalid_setting',
        subject: 'airisk.redirectUri',
      });
    });
  }
});
