import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mock } from 'node:test';
import * as vscode from 'vscode';
import type { ConfiguredDeployment } from '../../../src/core/oauth/configuredDeployments.ts';
import { type Deployment, deploymentOf } from '../../../src/core/oauth/deployment.ts';
import { createSession, keyOf, type Session, sessionKey } from '../../../src/core/sessions/session.ts';
import { type CommandParts, createCommands } from '../../../src/vscode/commands/commands.ts';
import { ensureSetUp } from '../../../src/vscode/signIn/ensureSetUp.ts';
import { until } from '../../harness/until.ts';
import { withUndo } from '../support/undo.ts';

function named(name: string, clientId: string): ConfiguredDeployment {
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  const { key, origin } = deploymentOf('https://demo.aicrisk.com', clientId, hash);
  return { key, origin, clientId, name, ...rest };
}
const rest = { redirectUri: '', userid: '', tokenRequestFormat: 'form', production: false } as const;

const first = named('default', 'abc123');
const next = named('default', 'xyz789');
const changed = { name: 'AiriskError', code: 'settings_changed' };

/** `user_42` and `user_7` signed in at both deployments, of which the settings have the first. */
function atWork() {
  let deployments: readonly ConfiguredDeployment[] = [first];
  const done: string[] = [];
  const records = new Map<string, Session>();
  for (const deployment of [first, next]) {
    for (const userid of ['user_42', 'user_7']) {
      const token = { accessToken: 'a.b.c', expiration: Date.now() + 3_600_000, clockSkew: 0 };
      const session = createSession(deployment, userid, token, Date.now());
      records.set(keyOf(session), session);
    }
  }
  const act =
    (what: string) =>
    async (...[one, userid]: [Session] | [Deployment, string]): Promise<boolean> => {
      const of = 'deployment' in one ? one : { deployment: one, userid: userid ?? '' };
      done.push(`${what} ${of.userid} of ${of.deployment.clientId}`);
      return true;
    };
  const settings = {
    read: () => ({ statusBar: 'always' }),
    deployments: () => deployments,
    describe: ({ key }: Deployment) => deployments.find((one) => one.key === key),
    named: (name: string) => deployments.find((one) => one.name === name) ?? assert.fail(name),
    inUse: () => deployments[0],
    deployment: () => deployments[0],
    shown: () => undefined,
  };
  const clientSecrets = { get: async () => 'a secret' };
  let pick = (items: readonly unknown[]): unknown => items[0];
  const doubles = {
    settings,
    clientSecrets,
    sessions: {
      onDidChange: () => new vscode.Disposable(() => undefined),
      listStored: async ({ key }: Deployment) =>
        [...records.values()].filter(({ deployment }) => deployment.key === key),
      find: async (deployment: Deployment, userid: string) => records.get(sessionKey(deployment, userid)),
      renew: act('renewed'),
      signOut: async (deployment: Deployment, userid: string) => {
        await act('signed out')(deployment, userid);
        const session = records.get(sessionKey(deployment, userid));
        records.delete(sessionKey(deployment, userid));
        return session;
      },
      restore: async (session: Session) => void records.set(keyOf(session), session),
    },
    signIns: { signIn: act('signed in') },
    state: {
      chosenUserid: () => undefined,
      chooseUserid: async (one: Deployment, userid: string) => void (await act('chose')(one, userid)),
    },
    choice: { choose: async (name: string) => void done.push(`switched to ${name}`) },
    questions: {
      pick: async (items: readonly unknown[]) => pick(items),
      ask: async (_input: unknown, listen: (answer: (value: unknown) => void) => void) =>
        new Promise((resolve) => {
          listen(resolve);
        }),
    },
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
    commands: createCommands(parts),
    kept: () => [...records.values()].map(({ deployment, userid }) => `${userid} of ${deployment.clientId}`),
    forget: (deployment: Deployment, userid: string) => records.delete(sessionKey(deployment, userid)),
    configure: (...now: ConfiguredDeployment[]) => (deployments = now),
    /** What somebody picks whose settings change while the question is open. */
    onPick: (answer: typeof pick) => (pick = answer),
  };
}

/**
 * Opens the picker of accounts, and does something in it as a person would whose list is from before.
 * @returns what comes of the command behind it
 */
async function inAccountsPicker(
  { commands }: ReturnType<typeof atWork>,
  meanwhile: () => unknown,
  click: 'Sign Out' | 'Renew Token' | 'Copy Access Token' | 'the row',
): Promise<unknown> {
  const accepted = new vscode.EventEmitter<void>();
  const buttons = new vscode.EventEmitter<vscode.QuickInputButton>();
  const itemButtons = new vscode.EventEmitter<vscode.QuickPickItemButtonEvent<vscode.QuickPickItem>>();
  const picker: Partial<vscode.QuickPick<vscode.QuickPickItem>> = {
    activeItems: [],
    onDidAccept: accepted.event,
    onDidTriggerButton: buttons.event,
    onDidTriggerItemButton: itemButtons.event,
  };
  const created = mock.method(vscode.window, 'createQuickPick', () => picker);
  let executed: { mock: { restore: () => void } } | undefined;
  const command = new Promise<unknown>((resolve) => {
    executed = mock.method(vscode.commands, 'executeCommand', async (name: string, argument: unknown) =>
      resolve(commands[name.replace('airisk.', '')]?.(argument)),
    );
  });
  try {
    const shown = commands['showAccounts']?.(undefined);
    await until(async () => (picker.items?.length ?? 0) > 0);
    meanwhile();
    const [item] = picker.items ?? [];
    const button = item?.buttons?.find(({ tooltip }) => tooltip === click);
    if (item && button) {
      itemButtons.fire({ item, button });
      return await command;
    }
    Object.assign(picker, { selectedItems: [item] });
    accepted.fire();
    return await shown;
  } finally {
    created.mock.restore();
    executed?.mock.restore();
  }
}

describe('what was begun at a deployment whose name a different one has by then', () => {
  it('goes on nowhere else', async () => {
    for (const command of ['renew', 'switchDeployment']) {
      const { commands, done, onPick, configure } = atWork();
      configure(first, named('test', 'def456'));
      onPick((items) => {
        configure(next);
        return items[0];
      });
      await assert.rejects(async () => commands[command]?.({}), changed, command);
      assert.deepEqual(done, [], command);
    }
  });

  it('signs out whom the list showed, and Undo brings that one back', async () => {
    const { commands, done, onPick, configure, kept } = atWork();
    const before = kept();
    onPick((items) => {
      configure(next);
      return items[0];
    });
    const said = await withUndo(async () => void (await commands['signOut']?.({})));
    assert.deepEqual(done, ['signed out user_42 of abc123']);
    assert.deepEqual(said, ['Signed out of user_42.', 'Undid the sign-out of user_42.']);
    assert.deepEqual(kept().toSorted(), before.toSorted());
  });

  it('ends with a word in the accounts picker', async () => {
    for (const button of ['Sign Out', 'Renew Token', 'Copy Access Token', 'the row'] as const) {
      const world = atWork();
      const before = world.kept();
      const clicked = inAccountsPicker(world, () => world.configure(next), button);
      await assert.rejects(clicked, changed, button);
      assert.deepEqual([world.kept(), world.done], [before, []], button);
    }
  });

  it('is found by a button under the name that it has by then', async () => {
    const world = atWork();
    const swap = (): unknown => world.configure(next, { ...first, name: 'old' });
    await inAccountsPicker(world, swap, 'Renew Token');
    assert.deepEqual(world.done, ['renewed user_42 of abc123']);
  });
});

describe('the accounts picker with an account that has been signed out elsewhere', () => {
  it('says so at its button, and Undo brings nobody back who was signed out there', async () => {
    const world = atWork();
    const said: unknown[] = [];
    const say = async (message: string): Promise<undefined> => void said.push(message);
    const shown = mock.method(vscode.window, 'showInformationMessage', say);
    await inAccountsPicker(world, () => world.forget(first, 'user_42'), 'Sign Out');
    shown.mock.restore();
    assert.deepEqual(said, ['user_42 is not signed in to AIRisk.']);
    assert.deepEqual(world.kept(), ['user_7 of abc123', 'user_42 of xyz789', 'user_7 of xyz789']);
  });
});
