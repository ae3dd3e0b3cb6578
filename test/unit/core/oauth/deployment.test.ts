import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { deploymentOf, deploymentOrigin, isLoopback } from '../../../../src/core/oauth/deployment.ts';

describe('deploymentOrigin', () => {
  const origins: [address: string, origin: string][] = [
    ['https://demo.aicrisk.com', 'https://demo.aicrisk.com'],
    ['https://demo.aicrisk.com/', 'https://demo.aicrisk.com'],
    ['https://demo.aicrisk.com/api/oauth2?client_id=a#b', 'https://demo.aicrisk.com'],
    ['https://demo.aicrisk.com/login?returnUrl=https://a.example', 'https://demo.aicrisk.com'],
    ['https://demo.aicrisk.com./', 'https://demo.aicrisk.com'],
    ['demo.aicrisk.com.:8443/x', 'https://demo.aicrisk.com:8443'],
    ['http://localhost.:5000', 'http://localhost:5000'],
    ['HTTPS://Demo.AICrisk.com', 'https://demo.aicrisk.com'],
    ['  https://demo.aicrisk.com \n', 'https://demo.aicrisk.com'],
    ['https://demo.aicrisk.com:443', 'https://demo.aicrisk.com'],
    ['https://demo.aicrisk.com:8443/x', 'https://demo.aicrisk.com:8443'],
    ['https:/demo.aicrisk.com', 'https://demo.aicrisk.com'],
    ['http:/localhost', 'http://localhost'],
    ['demo.aicrisk.com', 'https://demo.aicrisk.com'],
    ['http-api.aicrisk.com', 'https://http-api.aicrisk.com'],
    ['demo_1.aicrisk.com', 'https://demo_1.aicrisk.com'],
    ['demo.aicrisk.com/login?returnUrl=https://a.example', 'https://demo.aicrisk.com'],
    [' demo.aicrisk.com/path ', 'https://demo.aicrisk.com'],
    ['demo.aicrisk.com:8443', 'https://demo.aicrisk.com:8443'],
    ['localhost:5000', 'https://localhost:5000'],
    ['127.0.0.1:5000', 'https://127.0.0.1:5000'],
    ['[::1]:5000', 'https://[::1]:5000'],
    ['http://localhost:5000/api', 'http://localhost:5000'],
    ['http://LOCALHOST', 'http://localhost'],
    ['http://127.0.0.1:5000', 'http://127.0.0.1:5000'],
    ['http://127.0.0.2:5000', 'http://127.0.0.2:5000'],
    ['http://127.1', 'http://127.0.0.1'],
    ['http://[::1]:5000', 'http://[::1]:5000'],
    ['http://[0:0:0:0:0:0:0:1]', 'http://[::1]'],
    ['https://[2001:db8::1]:8443/x', 'https://[2001:db8::1]:8443'],
    ['https://münchen.example', 'https://xn--mnchen-3ya.example'],
    ['https://AI-server', 'https://ai-server'],
    ['AI-demo.aicrisk.com', 'https://ai-demo.aicrisk.com'],
    ['MÜNCHEN.example', 'https://xn--mnchen-3ya.example'],
    ['https://demo.aicrisk.com\\@evil.example', 'https://demo.aicrisk.com'],
    ['https://demo.aicrisk.com#@evil.example', 'https://demo.aicrisk.com'],
  ];
  for (const [address, origin] of origins) {
    it(`is ${origin} for ${JSON.stringify(address)}`, () => assert.equal(deploymentOrigin(address), origin));
  }

  const refusals: [reason: 'address' | 'https', address: string][] = [
    ['address', ''],
    ['address', '   '],
    ['address', 'https://'],
    ['address', 'https://./'],
    ['address', 'https://demo..aicrisk.com'],
    ['address', 'https://https://demo.aicrisk.com'],
    ['address', 'https://http://localhost'],
    ['address', 'https://demo aicrisk.com'],
    ['address', 'https://demo.aicrisk.com:99999'],
    ['address', 'https://[::1'],
    ['address', 'https://%'],
    ['address', 'https://「https://demo.aicrisk.com'],
    ['address', 'https://"demo".aicrisk.com'],
    ['address', 'javascript:alert(1)'],
    ['address', 'mailto:a@b.example'],
    ['address', 'file:///etc/passwd'],
    ['address', 'blob:https://demo.aicrisk.com/1'],
    ['address', 'https://ann@demo.aicrisk.com'],
    ['address', 'https://ann:secret@demo.aicrisk.com'],
    ['address', 'https://:secret@demo.aicrisk.com'],
    ['address', 'http://ann:secret@localhost'],
    ['address', 'ann:secret@demo.aicrisk.com'],
    ['address', 'https://demo.aicrisk.com@evil.example'],
    // A client secret, which is to stand in no setting and to reach no name server.
    ['address', 'AI-0b1c2d3e'],
    ['address', '"AI-0b1c2d3e",'],
    ['address', 'AI–0b1c2d3e'],
    ['https', 'http://demo.aicrisk.com'],
    ['https', 'http://127.0.0.1.evil.example'],
    ['https', 'http://localhost.evil.example'],
    ['https', 'http://evil-localhost'],
    ['https', 'http://128.0.0.1'],
    ['https', 'http://0.0.0.0'],
    ['https', 'http://192.168.0.1'],
    ['https', 'http://[2001:db8::1]'],
    ['https', 'http://[::]'],
    ['https', 'ftp://demo.aicrisk.com'],
    ['https', 'ws://localhost'],
    ['https', 'vscode://airisk.airisk-authentication'],
  ];
  for (const [reason, address] of refusals) {
    it(`refuses ${JSON.stringify(address)}: ${reason}`, () => {
      assert.throws(() => deploymentOrigin(address), {
        name: 'AiriskError',
        code: 'invalid_setting',
        subject: 'airisk.baseUrl',
        reason,
      });
    });
  }

  it('keeps a password out of its error', () => {
    assert.throws(
      () => deploymentOrigin('https://zacharias:hunter2@demo.aicrisk.com'),
      (error: Error) => !/hunter2|zacharias/.test(String(error.stack)),
    );
  });
});

describe('isLoopback', () => {
  const cases: [hostname: string, loopback: boolean][] = [
    ['localhost', true],
    ['127.0.0.1', true],
    ['127.255.255.254', true],
    ['[::1]', true],
    ['::1', false],
    ['', false],
    ['127.0.0.1.evil.example', false],
    ['evil.127.0.0.1', false],
    ['127.0.0', false],
    ['127.0.0.1.1', false],
    ['127x0x0x1', false],
    ['1127.0.0.1', false],
    ['localhost.evil.example', false],
    ['my-localhost', false],
    ['localhost\n', false],
    ['127.0.0.1\n', false],
    ['0.0.0.0', false],
    ['[::ffff:7f00:1]', false],
  ];
  for (const [hostname, loopback] of cases) {
    it(`says ${loopback} for ${JSON.stringify(hostname)}`, () =>
      assert.equal(isLoopback(hostname), loopback));
  }
});

describe('deploymentOf', () => {
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const keyOf = (origin: string, clientId: string): string => deploymentOf(origin, clientId, sha256).key;

  it('keeps origin and client, and names them by half a hash', () => {
    const { origin, clientId, key } = deploymentOf('https://a.example', 'abc', sha256);
    assert.deepEqual([origin, clientId], ['https://a.example', 'abc']);
    assert.match(key, /^[0-9a-f]{32}$/);
    assert.equal(key, keyOf('https://a.example', 'abc'));
  });

  it('has another key for another origin, another client, and another border between the two', () => {
    const keys = [
      keyOf('https://a.example', 'abc'),
      keyOf('https://a.example:8443', 'abc'),
      keyOf('https://a.example', 'abd'),
      keyOf('https://a.exampl', 'eabc'),
    ];
    assert.equal(new Set(keys).size, keys.length);
  });
});
