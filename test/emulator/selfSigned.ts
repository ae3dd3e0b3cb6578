import { once } from 'node:events';
import { createServer } from 'node:https';

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

/** Starts a server on loopback whose certificate nobody vouches for. */
export async function startSelfSigned(): Promise<{ origin: string; close: () => Promise<void> }> {
  const server = createServer({ key, cert });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    origin: `https://127.0.0.1:${address.port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
