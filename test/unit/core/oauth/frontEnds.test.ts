import assert from 'node:assert/strict';
import { authorizeSilently } from '../../../../src/core/oauth/authorizationRequest.ts';
import { requestToken } from '../../../../src/core/oauth/tokenRequest.ts';
import { listUsers } from '../../../../src/core/oauth/users.ts';
import type { FaultInput } from '../../../emulator/faultSchema.ts';
import { primaryClient } from '../../../emulator/seed.ts';
import { emulate, getCode, getToken } from '../../../emulator/support.ts';
import { callback, deploymentAt, http } from '../../support/airisk.ts';

describe('what servers and what stands before them answer', () => {
  const airisk = emulate();
  const clientSecret = primaryClient.client_secret;

  const requests = {
    authorize: (redirectUri = callback) =>
      authorizeSilently(http, { deployment: deploymentAt(airisk.origin), redirectUri, userid: '' }),
    token: async (code?: string) => {
      const request = { redirectUri: callback, clientSecret, userid: '', format: 'form' as const };
      const deployment = deploymentAt(airisk.origin);
      return requestToken(http, { ...request, deployment, code: code ?? (await getCode(airisk.origin)) });
    },
    users: async () =>
      (await listUsers(http, deploymentAt(airisk.origin), await getToken(airisk.origin))).users,
  };

  const moved = { kind: 'redirect', origin: 'http://localhost:9' } as const;
  const answers: [endpoint: keyof typeof requests, fault: Omit<FaultInput, 'endpoint'>, error: object][] = [
    ['authorize', { kind: 'loginProxy' }, { code: 'not_silent' }],
    ['authorize', { kind: 'negotiate' }, { code: 'not_silent' }],
    ['authorize', { kind: 'forbidden' }, { code: 'not_silent' }],
    ['authorize', { kind: 'badRequest' }, { code: 'not_silent' }],
    ['authorize', { kind: 'notFound' }, { code: 'not_silent' }],
    ['authorize', { kind: 'signInPage' }, { code: 'not_silent' }],
    ['authorize', moved, { code: 'moved', reason: 'http://localhost:9' }],
    ['authorize', { kind: 'missingState' }, { code: 'state_missing' }],
    ['authorize', { kind: 'retryAfter' }, { code: 'server_error', retryAfterMs: 7_000 }],
    ['token', { kind: 'loginProxy' }, { code: 'not_airisk', status: 401 }],
    ['token', { kind: 'negotiate' }, { code: 'not_airisk', status: 401 }],
    ['token', { kind: 'forbidden' }, { code: 'forbidden' }],
    ['token', { kind: 'badRequest' }, { code: 'invalid_request', reason: undefined }],
    ['token', { kind: 'notFound' }, { code: 'wrong_address' }],
    ['token', { kind: 'signInPage' }, { code: 'not_airisk', status: 302 }],
    ['token', moved, { code: 'moved', reason: 'http://localhost:9' }],
    ['token', { kind: 'retryAfter' }, { code: 'server_error', retryAfterMs: 7_000 }],
    ['users', { kind: 'loginProxy' }, { code: 'not_airisk', status: 401 }],
    ['users', { kind: 'negotiate' }, { code: 'not_airisk', status: 401 }],
    ['users', { kind: 'forbidden' }, { code: 'forbidden' }],
    ['users', { kind: 'badRequest' }, { code: 'invalid_response' }],
    ['users', { kind: 'notFound', times: 2 }, { code: 'wrong_address' }],
    ['users', { kind: 'signInPage' }, { code: 'not_airisk', status: 302 }],
    ['users', moved, { code: 'moved', reason: 'http://localhost:9' }],
    ['users', { kind: 'retryAfter' }, { code: 'server_error', retryAfterMs: 7_000 }],
  ];
  for (const [endpoint, fault, error] of answers) {
    it(`${endpoint}: ${fault.kind}`, async () => {
      await airisk.admin.inject({ ...fault, endpoint });
      await assert.rejects(requests[endpoint](), { name: 'AiriskError', ...error });
    });
  }

  it('reads why a code was refused, whatever form the refusal has', async () => {
    await assert.rejects(requests.token('no code'), { code: 'invalid_code', reason: 'Invalid Code' });
    const accepting: typeof fetch = (input, init) => {
      const headers = new Headers(init?.headers);
      headers.set('accept', 'application/json');
      return fetch(input, { ...init, headers });
    };
    const [deployment, redirectUri] = [deploymentAt(airisk.origin), callback];
    const request = {
      deployment,
      clientSecret,
      redirectUri,
      code: 'no code',
      userid: '',
      format: 'json',
    } as const;
    await assert.rejects(requestToken({ ...http, fetch: accepting }, request), {
      code: 'invalid_code',
      reason: 'Invalid Code',
    });
  });

  it('is silent with an issuer, and with a server that spells the redirect URI in its own way', async () => {
    await airisk.admin.inject({ endpoint: 'authorize', kind: 'issuer' });
    assert.ok(await requests.authorize());
    await airisk.admin.setOptions({ redirectMatch: 'normalized' });
    assert.ok(await requests.authorize('HTTPS://LocalHost:443/callback'));
  });

  it('has no users where the list is null or nothing, and ids of 64 bits as they are', async () => {
    for (const listUsersShape of ['null', 'none'] as const) {
      await airisk.admin.setOptions({ listUsersShape });
      assert.deepEqual(await requests.users(), []);
    }
    const users = [{ id: '9223372036854775807', name: 'Ann' }];
    await airisk.admin.setOptions({ listUsersShape: 'users', numericIds: true, users });
    assert.deepEqual(await requests.users(), [{ userid: '9223372036854775807', name: 'Ann' }]);
  });
});
