import assert from 'node:assert/strict';
import { assertInvalid, authorize, emulate, locationOf, requestToken } from './support.ts';

describe('faults of the redirect', () => {
  const airisk = emulate();

  async function faultyRedirect(
    kind:
      | 'issuer'
      | 'errorRedirect'
      | 'wrongState'
      | 'missingState'
      | 'doubledState'
      | 'missingCode'
      | 'wrongCode',
  ): Promise<URLSearchParams> {
    await airisk.admin.inject({ endpoint: 'authorize', kind });
    return locationOf(await authorize(airisk.origin, { state: 'xyz' })).searchParams;
  }

  it('errorRedirect: access_denied unless told otherwise', async () => {
    assert.deepEqual(
      [...(await faultyRedirect('errorRedirect'))],
      [
        ['error', 'access_denied'],
        ['error_description', 'The request was refused.'],
        ['state', 'xyz'],
      ],
    );
  });

  it('errorRedirect: with an error, description and URI of its own', async () => {
    const [error, errorDescription, errorUri] = ['server_error', 'a+b & c', 'https://example.com/?a=1'];
    await airisk.admin.inject({
      endpoint: 'authorize',
      kind: 'errorRedirect',
      error,
      errorDescription,
      errorUri,
    });
    const { searchParams } = locationOf(await authorize(airisk.origin));
    assert.deepEqual([...searchParams.values()], [error, errorDescription, errorUri]);
  });

  it('wrongState', async () => {
    const parameters = await faultyRedirect('wrongState');
    assert.equal(parameters.getAll('state').length, 1);
    assert.notEqual(parameters.get('state'), 'xyz');
    assert.ok(parameters.has('code'));
  });

  it('missingState', async () => {
    assert.deepEqual([...(await faultyRedirect('missingState')).keys()], ['code']);
  });

  it('doubledState', async () => {
    assert.deepEqual((await faultyRedirect('doubledState')).getAll('state'), ['xyz', 'xyz']);
  });

  it('issuer', async () => {
    assert.deepEqual([...(await faultyRedirect('issuer')).keys()], ['code', 'state', 'iss']);
  });

  it('missingCode', async () => {
    assert.deepEqual([...(await faultyRedirect('missingCode'))], [['state', 'xyz']]);
  });

  it('wrongCode: the token endpoint does not know it', async () => {
    const code = (await faultyRedirect('wrongCode')).get('code') ?? '';
    assert.match(code, /\+.*\/.*=/);
    await assertInvalid(await requestToken(airisk.origin, { code }), 'Code');
  });

  it('noRedirect: a page that leads nowhere', async () => {
    await airisk.admin.inject({ endpoint: 'authorize', kind: 'noRedirect' });
    const answer = await authorize(airisk.origin, { state: 'xyz' });
    assert.deepEqual([answer.status, answer.headers.has('location')], [200, false]);
    assert.match(await answer.text(), /<html/);
  });
});
