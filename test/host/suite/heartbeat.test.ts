import assert from 'node:assert/strict';
import { mock } from 'node:test';
import * as vscode from 'vscode';
import type { ConfiguredDeployment, EntryProblem } from '../../../src/core/oauth/configuredDeployments.ts';
import { deploymentOf } from '../../../src/core/oauth/deployment.ts';
import { createSession, type Session } from '../../../src/core/sessions/session.ts';
import { Heartbeat, type HeartbeatParts, nextWithoutOne } from '../../../src/vscode/heartbeat.ts';

const now = Date.UTC(2025, 2, 31, 12);
const hour = 3_600_000;

function deploymentAt(host: string): ConfiguredDeployment {
  const rest = { redirectUri: '', userid: '', tokenRequestFormat: 'form', production: false } as const;
  return { ...deploymentOf(`https://${host}`, 'abc123', (text) => text), name: host, ...rest };
}

const demo = deploymentAt('demo.example');

function sessionOf(userid: string): Session {
  const token = { accessToken: 'a token', expiration: now + hour, clockSkew: 0 };
  return createSession(demo, userid, token, now);
}

/** A heartbeat whose storage answers when the test says so. */
function slowStorage() {
  const reads: ((stored: readonly Session[]) => void)[] = [];
  /** The users who were drawn, and what went wrong. */
  const drawn: string[] = [];
  const due: (() => void)[] = [];
  let inUse: ConfiguredDeployment | undefined = demo;
  const parts: Partial<Record<keyof HeartbeatParts, unknown>> = {
    sessions: {
      onDidChange: () => ({ dispose: () => undefined }),
      listStored: () => new Promise((resolve) => void reads.push(resolve)),
      tick: () => undefined,
      unrenewable: () => [],
      isRenewing: ({ userid }: Session) => void drawn.push(userid),
      failureOf: () => undefined,
      needsPerson: () => false,
    },
    settings: {
      inUse: () => inUse,
      read: () => ({ statusBar: 'never', expiryWarningMinutes: 5, renewal: 'silent' }),
      shown: () => undefined,
      deployments: () => [],
      problems: () => [],
    },
    state: { chosenUserid: () => undefined },
    clientSecrets: { get: async () => 'a secret' },
    timers: {
      now: () => now,
      setTimeout: (callback: () => void) => due.push(callback),
      clearTimeout: () => undefined,
    },
    terminals: () => false,
    welcome: () => undefined,
    log: { error: (error: unknown) => void drawn.push(String(error)) },
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a heartbeat without prompts needs is there
  const heartbeat = new Heartbeat(parts as unknown as HeartbeatParts);
  const runDue = async (): Promise<void> => {
    for (const callback of due.splice(0)) callback();
    await new Promise(setImmediate);
  };
  return {
    heartbeat,
    drawn,
    use: (deployment: ConfiguredDeployment | undefined) => (inUse = deployment),
    runDue,
    read: async () => {
      heartbeat.refresh();
      await runDue();
      const answer = reads.pop() ?? assert.fail('nothing was read');
      return async (...userids: string[]) => {
        answer(userids.map(sessionOf));
        await new Promise(setImmediate);
        await runDue();
      };
    },
  };
}

describe('what is shown while the storage is slow', () => {
  const opened: vscode.Disposable[] = [];
  afterEach(() => vscode.Disposable.from(...opened.splice(0)).dispose());
  const scene = () => {
    const made = slowStorage();
    opened.push(made.heartbeat);
    return made;
  };

  it('is what was read in order', async () => {
    const { read, drawn } = scene();
    const [first, second] = [await read(), await read()];
    await first('user_1');
    await second('user_2');
    assert.deepEqual(drawn, ['user_1', 'user_2']);
  });

  it('is never what a later reading has replaced', async () => {
    const { read, drawn } = scene();
    const [first, second] = [await read(), await read()];
    await second('user_2');
    await first('user_1');
    assert.deepEqual(drawn, ['user_2']);
  });

  it('is nothing of a deployment that is no longer in use', async () => {
    const { read, use, drawn } = scene();
    const answer = await read();
    use(deploymentAt('other.example'));
    await answer('user_1');
    assert.deepEqual(drawn, []);
  });

  it('lets the palette offer what takes a deployment while one is in use, and only then', async () => {
    const { heartbeat, read, use, runDue } = scene();
    const contexts: unknown[] = [];
    const executed = mock.method(vscode.commands, 'executeCommand', async (...call: unknown[]) =>
      contexts.push(call),
    );
    await (
      await read()
    )();
    use(undefined);
    heartbeat.refresh();
    await runDue();
    await runDue();
    executed.mock.restore();
    assert.deepEqual(
      contexts,
      [true, false].map((isConfigured) => ['setContext', 'airisk.configured', isConfigured]),
    );
  });
});

describe('what the status bar leads to while no deployment is in use', () => {
  const broken: EntryProblem = { name: 'test', reason: 'object' };
  for (const [what, deployments, problems, next] of [
    ['the choice of another one, while the chosen one is not valid', [demo], [broken], 'switch'],
    ['the choice of another one, when the chosen one has left the settings', [demo], [], 'switch'],
    ['the set-up, while none is valid', [], [broken], 'setUp'],
    ['nothing, before anybody has begun', [], [], undefined],
  ] as const) {
    it(what, () => {
      const settings = { deployments: () => deployments, problems: () => problems };
      assert.equal(nextWithoutOne(settings), next);
    });
  }
});
