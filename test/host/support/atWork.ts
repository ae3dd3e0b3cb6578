import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import { AiriskError } from '../../../src/core/errors.ts';
import type { ConfiguredDeployment } from '../../../src/core/oauth/configuredDeployments.ts';
import { type Deployment, deploymentOf } from '../../../src/core/oauth/deployment.ts';
import { createSession, keyOf, type Session, sessionKey } from '../../../src/core/sessions/session.ts';
import { type CommandParts, createCommands } from '../../../src/vscode/commands/commands.ts';
import type { ChosenDeployment } from '../../../src/vscode/deploymentChoice.ts';
import { ensureSetUp } from '../../../src/vscode/signIn/ensureSetUp.ts';

/** A deployment as the settings could have it. */
export function named(name: string, clientId: string): ConfiguredDeployment {
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  const { key, origin } = deploymentOf('https://demo.aicrisk.com', clientId, hash);
  return { key, origin, clientId, name, ...rest };
}
const rest = { redirectUri: '', userid: '', tokenRequestFormat: 'form', production: false } as const;

/** The deployment that the settings begin with. */
export const first = named('default', 'abc123');
/** One with the same users. */
export const next = named('default', 'xyz789');

function sessionAt(deployment: Deployment, userid: string): Session {
  const accessToken = `token at ${deployment.clientId}`;
  return createSession(
    deployment,
    userid,
    { accessToken, expiration: Date.now() + 3_600_000, clockSkew: 0 },
    Date.now(),
  );
}

/** `user_42` and `user_7` signed in at both deployments, of which the settings have the first. */
export function atWork() {
  let deployments: readonly ConfiguredDeployment[] = [first];
  const done: string[] = [];
  const records = new Map<string, Session>();
  for (const deployment of [first, next]) {
    for (const userid of ['user_42', 'user_7']) {
      const session = sessionAt(deployment, userid);
      records.set(keyOf(session), session);
    }
  }
  let failure: Error | undefined;
  const failOnce = (): void => {
    const error = failure;
    failure = undefined;
    if (error) throw error;
  };
  const act =
    (what: string) =>
    async (...[one, userid]: [Session] | [Deployment, string]): Promise<boolean> => {
      const of = 'deployment' in one ? one : { deployment: one, userid: userid ?? '' };
      failOnce();
      done.push(`${what} ${of.userid} of ${of.deployment.clientId}`);
      return true;
    };
  const settings = {
    read: () => {
      const own = deployments.find(({ name }) => name === 'default');
      const others = deployments.filter(({ name }) => name !== 'default');
      const entries = others.map(({ name, origin, clientId }) => [name, { baseUrl: origin, clientId }]);
      const { origin: baseUrl, clientId } = own ?? { origin: '', clientId: '' };
      return { statusBar: 'always', baseUrl, clientId, deployments: Object.fromEntries(entries) };
    },
    deploymentOf: ({ clientId }: { clientId: string }) =>
      [first, next].find((one) => one.clientId === clientId),
    deployments: () => deployments,
    describe: ({ key }: Deployment) => deployments.find((one) => one.key === key),
    named: (name: string) => deployments.find((one) => one.name === name) ?? assert.fail(name),
    inUse: () => deployments[0],
    deployment: () => {
      // As when the chosen one is not valid.
      if (!deployments[0]) throw new AiriskError('invalid_setting', { subject: 'airisk.deployments' });
      return deployments[0];
    },
    shown: () => undefined,
  };
  const clientSecrets = {
    get: async () => 'a secret',
    store: async ({ clientId }: Deployment, secret: string) =>
      void done.push(`stored ${secret} for ${clientId}`),
    delete: async ({ clientId }: Deployment) => {
      failOnce();
      done.push(`deleted the client secret of ${clientId}`);
    },
  };
  let pick = (items: readonly unknown[]): unknown => items[0];
  const doubles = {
    settings,
    drafts: new Map(),
    clientSecrets,
    sessions: {
      onDidChange: () => new vscode.Disposable(() => undefined),
      listStored: async ({ key }: Deployment) =>
        [...records.values()].filter(({ deployment }) => deployment.key === key),
      find: async (deployment: Deployment, userid: string) => {
        failOnce();
        return records.get(sessionKey(deployment, userid));
      },
      renew: act('renewed'),
      signOut: async (deployment: Deployment, userid: string) => {
        await act('signed out')(deployment, userid);
        const session = records.get(sessionKey(deployment, userid));
        records.delete(sessionKey(deployment, userid));
        return session;
      },
      restore: async (session: Session) => void records.set(keyOf(session), session),
    },
    signIns: {
      signIn: async (target: Session) => {
        await act('signed in')(target);
        return sessionAt(target.deployment, target.userid);
      },
    },
    state: {
      chosenUserid: () => undefined,
      chooseUserid: async (one: Deployment, userid: string) => void (await act('chose')(one, userid)),
    },
    clipboard: { copy: async (text: string) => void done.push(`copied ${text}`) },
    choice: { choose: async ({ name }: ChosenDeployment) => void done.push(`switched to ${name}`) },
    questions: {
      pick: async (items: readonly unknown[]) => pick(items),
      ask: async (_input: unknown, listen: (answer: (value: unknown) => void) => void) =>
        new Promise((resolve) => {
          listen(resolve);
        }),
    },
    redirects: { callback: 'vscode://airisk.airisk-authentication/callback' },
    ensureSetUp: async (of: ConfiguredDeployment | undefined) =>
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what it takes is there
      ensureSetUp({ settings, clientSecrets } as unknown as Parameters<typeof ensureSetUp>[0], of),
    now: Date.now,
    log: vscode.window.createOutputChannel('AIRisk test of stale targets', { log: true }),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the commands below use is there
  const parts = doubles as unknown as CommandParts;
  return {
    done,
    log: doubles.log,
    commands: createCommands(parts),
    kept: () => [...records.values()].map(({ deployment, userid }) => `${userid} of ${deployment.clientId}`),
    forget: (deployment: Deployment, userid: string) => records.delete(sessionKey(deployment, userid)),
    /** Lets the next thing that is to be done, or the next session that is to be used, fail. */
    fail: (error: Error) => (failure = error),
    configure: (...now: ConfiguredDeployment[]) => (deployments = now),
    /** What somebody picks whose settings change while the question is open. */
    onPick: (answer: typeof pick) => (pick = answer),
  };
}
