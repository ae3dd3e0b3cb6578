import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { AiriskError } from '../../../src/core/errors.ts';
import type { ConfiguredDeployment } from '../../../src/core/oauth/configuredDeployments.ts';
import { type Deployment, deploymentOf } from '../../../src/core/oauth/deployment.ts';
import { createSession, type Session } from '../../../src/core/sessions/session.ts';
import { removeClientSecret, signOutOf } from '../../../src/vscode/commands/undoable.ts';
import { withUndo } from '../support/undo.ts';

const deployment = deploymentOf('https://demo.aicrisk.com', 'abc123', (text) => `hash of ${text}`);
const log = vscode.window.createOutputChannel('AIRisk test', { log: true });

describe('signing out of several accounts', () => {
  const settings = { shown: () => undefined };
  const sessionOf = (userid: string): Session => {
    const token = { accessToken: userid, expiration: Date.now() + 3_600_000, clockSkew: 0 };
    return createSession(deployment, userid, token, Date.now());
  };

  it('goes on when one cannot be deleted, says so, and undoes what is done', async () => {
    const restored: string[] = [];
    const sessions = {
      signOut: async (_of: Deployment, userid: string) => {
        if (userid === 'user_2') throw new AiriskError('storage');
        return undefined;
      },
      restore: async ({ userid }: Session) => void restored.push(userid),
    };
    const said = await withUndo(() =>
      assert.rejects(signOutOf({ sessions, settings, log }, ['user_1', 'user_2', 'user_3'].map(sessionOf)), {
        code: 'storage',
      }),
    );
    assert.deepEqual(said, ['Signed out of 2 AIRisk accounts.', 'Undid the sign-out of 2 AIRisk accounts.']);
    assert.deepEqual(restored, ['user_1', 'user_3']);
  });

  it('undoes it with what was deleted: a token may have been renewed while the question was open', async () => {
    const [read, renewed] = [sessionOf('user_1'), { ...sessionOf('user_1'), accessToken: 'renewed' }];
    const restored: Session[] = [];
    const sessions = {
      signOut: async () => renewed,
      restore: async (session: Session) => void restored.push(session),
    };
    await withUndo(() => signOutOf({ sessions, settings, log }, [read]));
    assert.deepEqual(restored, [renewed]);
  });
});

describe('removing a client secret', () => {
  const test: ConfiguredDeployment = {
    ...deployment,
    name: 'test',
    redirectUri: '',
    userid: '',
    tokenRequestFormat: 'form',
    production: false,
  };
  /** Removes a secret from a storage that holds one, and clicks Undo after `meanwhile`. */
  const remove = async (
    secrets: Map<string, string>,
    meanwhile = (): void => undefined,
  ): Promise<string[]> => {
    const clientSecrets = {
      get: async ({ key }: Deployment) => secrets.get(key),
      store: async ({ key }: Deployment, secret: string) => void secrets.set(key, secret),
      delete: async ({ key }: Deployment) => {
        secrets.delete(key);
        meanwhile();
      },
    };
    return withUndo(() =>
      removeClientSecret({ clientSecrets, settings: { shown: () => test }, log }, deployment),
    );
  };

  it('can be undone, since it may have been shown only once', async () => {
    const secrets = new Map([[deployment.key, 's3cret']]);
    const [removed, undone] = await remove(secrets);
    assert.match(removed ?? '', /removed\. Sessions last until they expire\.$/);
    assert.equal(undone, 'Client secret for test · demo.aicrisk.com restored.');
    assert.equal(secrets.get(deployment.key), 's3cret');
  });

  it('is not undone over one that was entered since', async () => {
    const secrets = new Map([[deployment.key, 'old']]);
    const [, undone] = await remove(secrets, () => secrets.set(deployment.key, 'new'));
    assert.equal(undone, 'A newer client secret is stored and was kept.');
    assert.equal(secrets.get(deployment.key), 'new');
  });
});
