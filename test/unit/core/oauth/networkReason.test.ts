import assert from 'node:assert/strict';
import { rehearse } from '../../../../src/core/diagnosis.ts';
import { AiriskError, nextStepOf } from '../../../../src/core/errors.ts';
import { send } from '../../../../src/core/oauth/http.ts';
import { callback, deploymentAt, http } from '../../support/airisk.ts';
import { startSelfSigned } from '../../../emulator/selfSigned.ts';

/** What a request ends with whose fetch fails because of `cause`. */
async function failureBy(cause: Error): Promise<AiriskError> {
  const fetch = (): Promise<never> => Promise.reject(new TypeError('fetch failed', { cause }));
  const error: unknown = await send({ ...http, fetch }, 'https://demo.aicrisk.com/', {}).catch(
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof AiriskError);
  return error;
}

describe('the reason that a request did not arrive', () => {
  it('is what a proxy said, below errors that say only that fetch failed', async () => {
    const message = 'Proxy response (407) !== 200 when HTTP Tunneling';
    const aborted = Object.assign(new Error(message), { name: 'AbortError', code: 'UND_ERR_ABORTED' });
    const error = await failureBy(
      new DOMException('Request was cancelled.', { name: 'Error', cause: aborted }),
    );
    assert.deepEqual([error.code, error.reason, nextStepOf(error)], ['unreachable', message, 'proxy']);
  });

  it('is the code of the operating system, however deep it stands', async () => {
    const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    assert.equal((await failureBy(new Error('tunnel', { cause: refused }))).reason, 'ECONNREFUSED');
  });

  it('is the innermost message where nothing has a code, in plain text', async () => {
    const cause = new Error('outer', { cause: new Error('[a](b)\nc') });
    assert.equal((await failureBy(cause)).reason, '[a] (b) c');
  });

  it('is found though errors cause one another', async () => {
    const cause = new Error('round');
    cause.cause = cause;
    assert.equal((await failureBy(cause)).reason, 'round');
  });

  it('leads to the certificate where nobody vouches for it', async () => {
    const server = await startSelfSigned();
    try {
      const subject = {
        deployment: deploymentAt(server.origin),
        clientSecret: 's3cret',
        format: 'form' as const,
        redirectUri: callback,
      };
      const [deployment] = await rehearse(http, subject, new Set(), new AbortController().signal);
      assert.equal(deployment?.error?.reason, 'DEPTH_ZERO_SELF_SIGNED_CERT');
      assert.equal(deployment.nextStep, 'tls');
    } finally {
      await server.close();
    }
  });
});
