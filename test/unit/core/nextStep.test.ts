import assert from 'node:assert/strict';
import { AiriskError } from '../../../src/core/errors.ts';
import { isOtherEditor, nextStepOf, redirectDetail } from '../../../src/core/nextStep.ts';

describe('nextStepOf', () => {
  const reasons: [reason: string, nextStep: string][] = [
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
    ['EPROTO', 'tls'],
    ['Error: Proxy response (407) !== 200 when HTTP Tunneling', 'proxy'],
    ['ECONNREFUSED', 'network'],
    ['ECONNRESET', 'network'],
    ['UND_ERR_CONNECT_TIMEOUT', 'network'],
  ];
  for (const [reason, nextStep] of reasons) {
    it(`${reason} leads to ${nextStep}`, () => {
      assert.equal(nextStepOf(new AiriskError('unreachable', { reason })), nextStep);
    });
  }

  const codes = [
    ['request_timeout', 'network'],
    ['port_in_use', 'port'],
    ['storage', 'keyring'],
    ['not_configured', 'setUp'],
    ['invalid_setting', 'settings'],
    ['invalid_code', 'administrator'],
  ] as const;
  for (const [code, nextStep] of codes) {
    it(`${code} leads to ${nextStep}`, () => assert.equal(nextStepOf(new AiriskError(code)), nextStep));
  }
});

describe('redirectDetail', () => {
  const own = 'vscode://airisk.airisk-authentication/callback';
  const insiders = 'vscode-insiders://airisk.airisk-authentication/callback';
  const cases = [
    ['', 'uriHandler', false, 'callback', undefined],
    [own, 'uriHandler', false, 'callback', undefined],
    ['', 'uriHandler', true, 'changingCallback', undefined],
    ['http://127.0.0.1:38431/callback', 'loopback', false, 'loopback', undefined],
    ['https://localhost/callback', 'paste', false, 'paste', undefined],
    [insiders, 'paste', false, 'otherEditor', 'editor'],
  ] as const;
  for (const [redirectUri, kind, browser, detail, nextStep] of cases) {
    it(`${redirectUri || 'none'} is ${detail}`, () => {
      const found = redirectDetail(redirectUri, own, kind, browser);
      assert.deepEqual([found.detail, found.nextStep], [detail, nextStep]);
    });
  }

  it('takes only this extension for another editor', () => {
    assert.ok(!isOtherEditor('vscode-insiders://other.extension/callback', own));
    assert.ok(!isOtherEditor(own, own));
  });
});
