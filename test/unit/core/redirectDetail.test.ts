import assert from 'node:assert/strict';
import { redirectDetail } from '../../../src/core/diagnosis.ts';
import { isOtherEditor } from '../../../src/core/oauth/redirectUri.ts';

describe('redirectDetail', () => {
  const own = 'vscode://airisk.airisk-authentication/callback';
  const insiders = 'vscode-insiders://airisk.airisk-authentication/callback';
  const cases = [
    ['', false, 'callback', undefined],
    [own, false, 'callback', undefined],
    ['', true, 'changingCallback', undefined],
    ['http://127.0.0.1:38431/callback', false, 'loopback', undefined],
    ['https://localhost/callback', false, 'paste', undefined],
    [insiders, false, 'otherEditor', 'editor'],
    ['myapp://callback', false, 'elsewhere', 'editor'],
    ['urn:ietf:wg:oauth:2.0:oob', true, 'elsewhere', 'editor'],
  ] as const;
  for (const [redirectUri, browser, detail, nextStep] of cases) {
    it(`${redirectUri || 'none'} is ${detail}`, () => {
      const found = redirectDetail(redirectUri, own, browser);
      assert.deepEqual([found.detail, found.nextStep], [detail, nextStep]);
    });
  }

  it('takes only this extension for a different editor', () => {
    assert.ok(!isOtherEditor('vscode-insiders://other.extension/callback', own));
    assert.ok(!isOtherEditor(own, own));
    for (const scheme of ['https', 'http', 'HTTPS'])
      assert.ok(!isOtherEditor(own.replace('vscode', scheme), own), 'a page is no editor');
  });
});
