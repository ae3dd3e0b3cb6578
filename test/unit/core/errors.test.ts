import assert from 'node:assert/strict';
import { AiriskError, nextStepOf } from '../../../src/core/errors.ts';

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
