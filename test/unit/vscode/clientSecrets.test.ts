import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { deploymentOf } from '../../../src/core/oauth/deployment.ts';
import { createClientSecrets, createSecretStore } from '../../../src/vscode/secretStorage.ts';
import { breakableSecrets } from '../../faults/secrets.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const deployment = deploymentOf('https://demo.aicrisk.com', 'abc123', sha256);

const forgetful = { setHadSecret: () => Promise.resolve() };

describe('a client secret', () => {
  const others = [
    deploymentOf('https://demo.aicrisk.com:8443', 'abc123', sha256),
    deploymentOf('https://demo.aicrisk.com.evil.example', 'abc123', sha256),
    deploymentOf('http://demo.aicrisk.com', 'abc123', sha256),
    deploymentOf('https://demo.aicrisk.com', 'abc1234', sha256),
  ];
  for (const other of others) {
    it(`is not given for ${other.origin} and ${other.clientId}`, async () => {
      const secrets = createClientSecrets(createSecretStore(breakableSecrets().api), forgetful);
      await secrets.store(deployment, 's3cret');
      assert.equal(await secrets.get(deployment), 's3cret');
      assert.equal(await secrets.get(other), undefined);
      await secrets.delete(other);
      assert.equal(await secrets.get(deployment), 's3cret');
    });
  }
});

describe('SecretStorage that does not work', () => {
  for (const mood of ['fails', 'hangs'] as const) {
    it(`ends in one error without the secret: ${mood}`, async () => {
      const had: boolean[] = [];
      const remembered = { setHadSecret: async (_: unknown, one: boolean) => void had.push(one) };
      const broken = breakableSecrets();
      broken.mood = mood;
      const secrets = createClientSecrets(createSecretStore(broken.api, 20), remembered);
      await assert.rejects(secrets.store(deployment, 's3cret'), (error: Error) => {
        assert.equal('code' in error && error.code, 'storage');
        assert.doesNotMatch(inspect(error), /s3cret/);
        return true;
      });
      assert.deepEqual(had, []);
    });
  }
});
