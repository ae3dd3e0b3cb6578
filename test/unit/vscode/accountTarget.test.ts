import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { AiriskError } from '../../../src/core/errors.ts';
import type { ConfiguredDeployment } from '../../../src/core/oauth/configuredDeployments.ts';
import { type Deployment, deploymentOf } from '../../../src/core/oauth/deployment.ts';
import { accountOf, createSession } from '../../../src/core/sessions/session.ts';
import { storedAt, targetOf } from '../../../src/vscode/accountTarget.ts';

function configured(name: string): ConfiguredDeployment {
  const deployment = deploymentOf(`https://${name}.aicrisk.com`, 'abc123', (text) =>
    createHash('sha256').update(text).digest('hex'),
  );
  return { ...deployment, name, redirectUri: '', userid: '', tokenRequestFormat: 'form', production: false };
}

describe('accounts at several deployments', () => {
  const [damaged, sound] = [configured('damaged'), configured('sound')];
  const settings = { deployments: () => [damaged, sound] };
  const session = createSession(sound, 'user_42', { accessToken: 'a token', expiration: 2, clockSkew: 0 }, 1);
  const reads: string[] = [];
  const sessions = {
    listStored: async ({ key, origin }: Deployment) => {
      reads.push(origin);
      if (key === damaged.key) throw new AiriskError('storage');
      return [session];
    },
  };
  beforeEach(() => reads.splice(0));

  it('are all those that can be read, whichever deployment cannot', async () => {
    assert.deepEqual(await storedAt(sessions, settings.deployments()), [session]);
  });

  it('are an error where nothing is left to show for it', async () => {
    await assert.rejects(storedAt(sessions, [damaged]), { code: 'storage' });
    assert.deepEqual(await storedAt(sessions, []), []);
  });

  it('are found by their ids without a look at any other deployment', async () => {
    const target = await targetOf(sessions, settings, accountOf(session));
    assert.deepEqual([target?.deployment, target?.userid], [sound, 'user_42']);
    assert.deepEqual(reads, [sound.origin]);
  });

  it('are found by their labels past a deployment that cannot be read', async () => {
    const target = await targetOf(sessions, settings, { id: '', label: session.label });
    assert.deepEqual([target?.deployment.key, target?.userid], [sound.key, 'user_42']);
  });
});
