import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { deploymentOf } from '../../../src/core/oauth/deployment.ts';
import { createSession, keyOf, type Session, storedText } from '../../../src/core/sessions/session.ts';
import { SessionStore } from '../../../src/core/sessions/store.ts';
import { forgetDeployment, type ForgetParts } from '../../../src/vscode/commands/forgetDeployment.ts';
import { clientSecretKey } from '../../../src/vscode/secretStorage.ts';
import { withUndo } from '../support/undo.ts';

const here = deploymentOf('https://demo.aicrisk.com', 'abc123', (text) => `a${text.length}`);
const gone = deploymentOf('https://old.aicrisk.com', 'abc123', (text) => `b${text.length}`);

function sessionOf(deployment: typeof here, userid: string): Session {
  const token = { accessToken: `token-of-${userid}`, expiration: Date.now() + 3_600_000, clockSkew: 0 };
  return createSession(deployment, userid, token, Date.now());
}

/** What is stored at the beginning. */
function filled(): Map<string, string> {
  const sessions = [sessionOf(here, 'user_42'), sessionOf(gone, 'user_42'), sessionOf(gone, '')];
  return new Map([
    ...sessions.map((session) => [keyOf(session), storedText(session)] as const),
    [clientSecretKey(here), 'a secret'],
    [clientSecretKey(gone), 'another secret'],
    [`session:v1:${gone.key}:damaged`, '{'],
    [`recent:v1:${gone.key}:user_42`, '{"userid":"user_42","at":1}'],
    [`recent:v1:${here.key}:user_43`, '{"userid":"user_43","at":1}'],
    ['windows:v1', 'something else'],
  ]);
}

/**
 * Runs the command on secrets, with one of the entries picked after `meanwhile`; gives what was offered, which client
 * secrets there should be from then on, and who was chosen last at each deployment.
 */
async function forget(stored: Map<string, string>, pick: string, meanwhile = (): void => undefined) {
  const offered: string[] = [];
  const secrets: string[] = [];
  const chosen = new Map<string, string | undefined>([here, gone].map(({ key }) => [key, 'user_42']));
  const secretStore = {
    keys: async () => [...stored.keys()],
    get: async (key: string) => stored.get(key),
    store: async (key: string, text: string) => void stored.set(key, text),
    delete: async (key: string) => void stored.delete(key),
    onDidChange: () => ({ dispose: () => undefined }),
  };
  const store = new SessionStore(secretStore, () => undefined);
  const described = { ...here, name: 'demo', production: true };
  const parts: Record<keyof ForgetParts, unknown> = {
    settings: { describe: ({ key }: { key: string }) => (key === described.key ? described : undefined) },
    sessions: {
      signOut: (deployment: typeof here, userid: string) => store.delete(deployment, userid),
      restore: (session: Session) => store.restore(session),
    },
    secretStore,
    state: {
      setHadSecret: async ({ key }: { key: string }, had: boolean) => void secrets.push(`${key} ${had}`),
      chosenUserid: ({ key }: { key: string }) => chosen.get(key),
      chooseUserid: async ({ key }: { key: string }, userid?: string) => void chosen.set(key, userid),
    },
    questions: {
      pick: async (items: readonly vscode.QuickPickItem[]) => {
        offered.push(...items.map(({ label, description }) => `${label}: ${description}`));
        meanwhile();
        return items.find(({ label }) => label.includes(pick));
      },
    },
    log: vscode.window.createOutputChannel('AIRisk test', { log: true }),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the command uses is there
  await forgetDeployment(parts as unknown as ForgetParts);
  return { offered, secrets, chosen };
}

describe('forgetting a deployment', () => {
  it('says what there is of each, also of one that is configured no more', async () => {
    assert.deepEqual((await forget(filled(), 'nothing of them')).offered, [
      'demo (production) · demo.aicrisk.com: Sessions: 1, Client secret, Recent users: 1',
      'abc123 @ old.aicrisk.com · not configured any more: Sessions: 2, Unreadable sessions: 1, Client secret, Recent users: 1',
    ]);
  });

  it('deletes all of that one, and nothing else', async () => {
    const stored = filled();
    const { chosen } = await forget(stored, 'old.aicrisk.com');
    assert.deepEqual(
      [here, gone].map(({ key }) => chosen.get(key)),
      ['user_42', undefined],
    );
    assert.deepEqual(
      [...stored.keys()].toSorted(),
      [
        keyOf(sessionOf(here, 'user_42')),
        clientSecretKey(here),
        `recent:v1:${here.key}:user_43`,
        'windows:v1',
      ].toSorted(),
    );
  });

  it('changes nothing when the picker is left, and asks nothing where nothing is stored', async () => {
    const stored = filled();
    await forget(stored, 'nothing of them');
    assert.equal(stored.size, filled().size);
    assert.deepEqual((await forget(new Map(), '')).offered, []);
  });

  it('deletes what came while the picker was open too, says so, and Undo brings back what was deleted', async () => {
    const stored = filled();
    const renewed = storedText({ ...sessionOf(here, 'user_42'), accessToken: 'renewed' });
    const added = sessionOf(here, 'user_43');
    const meanwhile = (): void => {
      stored.set(keyOf(sessionOf(here, 'user_42')), renewed);
      stored.set(keyOf(added), storedText(added));
      stored.set(clientSecretKey(here), 'a newer secret');
    };
    let before = new Map<string, string>();
    let chosen = new Map<string, string | undefined>();
    const said = await withUndo(async () => {
      ({ chosen } = await forget(stored, 'demo.aicrisk.com', () => {
        meanwhile();
        before = new Map(stored);
      }));
    });
    assert.deepEqual(said, [
      'Deleted for demo (production) · demo.aicrisk.com: Sessions: 2, Client secret, Recent users: 1.',
      'Restored for demo (production) · demo.aicrisk.com: Sessions: 2, Client secret, Recent users: 1.',
    ]);
    // A session that is put back counts as the next sign-in.
    const kept = (texts: typeof before): string[] =>
      [...texts].map(([key, text]) => `${key} ${text.replace(/"signIn":"[^"]*"/, '')}`).toSorted();
    assert.deepEqual(kept(stored), kept(before));
    assert.equal(chosen.get(here.key), 'user_42');
  });

  it('asks again when what was picked is gone by then', async () => {
    const stored = filled();
    const { offered } = await forget(stored, 'old.aicrisk.com', () => {
      for (const key of stored.keys()) if (key.includes(gone.key)) stored.delete(key);
    });
    assert.deepEqual(
      offered.map((item) => item.split(':')[0]),
      [
        'demo (production) · demo.aicrisk.com',
        'abc123 @ old.aicrisk.com · not configured any more',
        'demo (production) · demo.aicrisk.com',
      ],
    );
  });

  it('leaves no client secret to be missed by the next window, until Undo', async () => {
    let secrets: string[] = [];
    await withUndo(async () => {
      ({ secrets } = await forget(filled(), 'demo.aicrisk.com'));
    });
    assert.deepEqual(secrets, [`${here.key} false`, `${here.key} true`]);
  });
});
