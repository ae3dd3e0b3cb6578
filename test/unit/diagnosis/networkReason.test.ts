import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import { AiriskError } from '../../../src/core/errors.ts';
import { rehearse } from '../../../src/core/diagnosis.ts';
import { nextStepOf } from '../../../src/core/nextStep.ts';
import { send } from '../../../src/core/oauth/http.ts';
import { callback, deploymentAt, http } from '../support/airisk.ts';

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
    const server = createServer({ key, cert });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const address = server.address();
      assert.ok(address && typeof address === 'object');
      const subject = {
        deployment: deploymentAt(`https://127.0.0.1:${address.port}`),
        clientSecret: 's3cret',
        format: 'form' as const,
        redirectUri: callback,
      };
      const [deployment] = await rehearse(http, subject, new Set(), new AbortController().signal);
      assert.equal(deployment?.error?.reason, 'DEPTH_ZERO_SELF_SIGNED_CERT');
      assert.equal(deployment.nextStep, 'tls');
    } finally {
      server.close();
    }
  });
});

const pem = (label: string, ...lines: readonly string[]): string =>
  [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\n');

// For "localhost", signed by itself, good from 2020 to 2120.
const key = pem(
  'PRIVATE KEY',
  'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgG7e6WHMNSMK6mH+7',
  'gykeVH21L8VGkEFde1S1A13JK6ihRANCAAQPIP8FEKIg8eJSYEegD4HuI3Y2dujh',
  'aY/QH/+DEltZYXqSauE30OpM1rw85IpQ1mh9bz8GFJBt/VuLS9IjmcO3',
);
const cert = pem(
  'CERTIFICATE',
  'MIIBEjCBuAIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwIBcN',
  'MjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMMCWxvY2Fs',
  'aG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABA8g/wUQoiDx4lJgR6APge4j',
  'djZ26OFpj9Af/4MSW1lhepJq4TfQ6kzWvDzkilDWaH1vPwYUkG39W4tL0iOZw7cw',
  'CgYIKoZIzj0EAwIDSQAwRgIhAL///XRy4ZuvolQ0w5GXe7hOaPKqKaUxOkkdQJqc',
  'lbNaAiEAg67rmnu3FCySlpi6aBS5/IUlb3bfO20ssuPhZCc//H4=',
);
