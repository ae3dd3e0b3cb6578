import assert from 'node:assert/strict';
import { AiriskError, isAbort, nextStepOf } from '../../../src/core/errors.ts';

describe('nextStepOf', () => {
  const reasons: [reason: string, nextStep: string][] = [
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'plainHttp'],
    ['EPROTO', 'plainHttp'],
    ['Error: Proxy response (407) !== 200 when HTTP Tunneling', 'proxy'],
    ['bad port', 'otherPort'],
    ['ECONNREFUSED', 'network'],
    ['ECONNRESET', 'network'],
    ['UND_ERR_CONNECT_TIMEOUT', 'network'],
  ];
  for (const [reason, nextStep] of reasons) {
    it(`${reason} leads to ${nextStep}`, () => {
      assert.equal(nextStepOf(new AiriskError('unreachable', { reason })), nextStep);
    });
  }

  it('storage that does not answer leads to the question that VS Code asks, not to a keyring that is broken', () => {
    assert.equal(nextStepOf(new AiriskError('storage', { reason: 'time-out' })), 'keyringQuestion');
  });

  const codes = [
    ['request_timeout', 'network'],
    ['port_in_use', 'port'],
    ['storage', 'keyring'],
    ['not_configured', 'setUp'],
    ['invalid_setting', 'settings'],
    ['invalid_code', undefined],
  ] as const;
  for (const [code, nextStep] of codes) {
    it(`${code} leads to ${nextStep}`, () => assert.equal(nextStepOf(new AiriskError(code)), nextStep));
  }

  const request = { redirectUri: 'https://localhost/callback', userid: '' };
  const asUser = { ...request, userid: 'user_42' };
  const rejections = [
    ['authorization_error', { status: 401, request }, 'clientId'],
    ['authorization_error', { status: 401, request: asUser }, 'user'],
    ['authorization_error', { reason: 'Invalid client_id', request: asUser }, 'clientId'],
    ['authorization_error', { status: 401, reason: 'Invalid client_id', request: asUser }, 'clientId'],
    ['authorization_error', { status: 401, reason: 'No such user or client.', request }, 'clientId'],
    ['authorization_error', { status: 401, reason: 'No such user or client.', request: asUser }, 'user'],
    ['authorization_error', { reason: 'There is no user with this userid.', request: asUser }, 'user'],
    ['authorization_error', { reason: 'The redirect_uri is not registered.', request }, 'redirectUri'],
    ['authorization_error', { reason: 'Bad Request', request }, 'administrator'],
    ['authorization_error', { reason: 'invalid redirect' }, 'administrator'],
    [
      'authorization_error',
      { oauthError: 'unauthorized_client', reason: 'The client is disabled until 1 May' },
      'administrator',
    ],
    ['authorization_error', { oauthError: 'server_error', reason: 'The user store is down' }, 'wait'],
    [
      'authorization_error',
      { oauthError: 'temporarily_unavailable', reason: 'No redirect', request },
      'wait',
    ],
    [
      'authorization_error',
      { oauthError: 'interaction_required', reason: 'End-User interaction is required', request: asUser },
      'administrator',
    ],
    ['invalid_request', { reason: 'Invalid client_secret' }, 'clientSecret'],
    ['invalid_request', { reason: 'Invalid client_id' }, 'clientId'],
    ['invalid_request', {}, 'administrator'],
  ] as const;
  for (const [code, details, nextStep] of rejections) {
    it(`${code} with ${JSON.stringify(details)} leads to ${nextStep}`, () => {
      assert.equal(nextStepOf(new AiriskError(code, details)), nextStep);
    });
  }
});

describe('AiriskError', () => {
  it('says its code and its facts, and keeps the cause', () => {
    const cause = new Error('why');
    const facts = { subject: 'a.example', reason: 'Oops', status: 500, traceId: '00-de' };
    const error = new AiriskError('server_error', { ...facts, cause });
    assert.equal(error.message, 'server_error: a.example: Oops: HTTP 500: traceId 00-de');
    assert.equal(error.name, 'AiriskError');
    assert.equal(error.code, 'server_error');
    assert.equal(error.cause, cause);
    const { subject, reason, status, traceId } = error;
    assert.deepEqual({ subject, reason, status, traceId }, facts);
  });

  it('leaves out what it was not told', () => {
    assert.equal(new AiriskError('sign_in_timeout').message, 'sign_in_timeout');
    assert.equal(
      new AiriskError('server_error', { status: 502, reason: '' }).message,
      'server_error: HTTP 502',
    );
  });
});

describe('isAbort', () => {
  it('is true for what an aborted signal throws, and for nothing else', () => {
    const aborted = AbortSignal.abort();
    assert.ok(isAbort(aborted.reason));
    assert.throws(() => aborted.throwIfAborted(), isAbort);
    const others = [
      new Error('AbortError'),
      new AiriskError('sign_in_timeout'),
      'AbortError',
      undefined,
      null,
    ];
    for (const other of [...others, { name: 'AbortError' }]) assert.ok(!isAbort(other));
  });
});
