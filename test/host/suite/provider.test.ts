import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { deploymentOf } from '../../../src/core/oauth/deployment.ts';
import { accountOf, createSession, type Session } from '../../../src/core/session/session.ts';
import type { Sessions, SessionsChange } from '../../../src/core/session/sessions.ts';
import { AiriskAuthenticationProvider } from '../../../src/vscode/provider.ts';

type Change = vscode.AuthenticationProviderAuthenticationSessionsChangeEvent;

const deployment = deploymentOf('https://demo.aicrisk.com', 'abc123', (text) => `hash of ${text}`);

function sessionOf(userid: string, accessToken: string): Session {
  const token = { accessToken, expiration: Date.now() + 3_600_000, clockSkew: 0 };
  return createSession(deployment, userid, token, Date.now());
}

/** The provider as the extension has it, with a double of the sessions below it. */
function createProvider(): {
  provider: AiriskAuthenticationProvider;
  fire: (change: Partial<SessionsChange>) => void;
  signedOut: string[];
} {
  const listeners = new Set<(change: SessionsChange) => void>();
  const signedOut: string[] = [];
  const sessions: Partial<Sessions> = {
    deployment,
    onDidChange: (listener) => {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
    signOut: async (userid) => {
      signedOut.push(userid);
    },
  };
  const unused = (): never => assert.fail('not part of this test');
  const provider = new AiriskAuthenticationProvider({
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the tests below use is there
    sessions: sessions as Sessions,
    signIn: unused,
    renew: unused,
    chooseUserid: unused,
    currentUserid: () => undefined,
    now: Date.now,
    log: vscode.window.createOutputChannel('AIRisk test', { log: true }),
  });
  const nothing = { deployment, added: [], changed: [], removed: [], reason: 'signIn' as const };
  const fire = (change: Partial<SessionsChange>): void => {
    for (const listener of listeners) listener({ ...nothing, ...change });
  };
  return { provider, fire, signedOut };
}

describe('the provider in the host', () => {
  it('tells a renewal as changed, under the same id and with the other token', () => {
    const { provider, fire } = createProvider();
    const events: Change[] = [];
    provider.onDidChangeSessions((event) => events.push(event));
    fire({ changed: [sessionOf('user_42', 'another')], reason: 'renewal' });
    assert.equal(events.length, 1);
    assert.deepEqual([events[0]?.added, events[0]?.removed], [[], []]);
    assert.deepEqual(
      events[0]?.changed?.map(({ id, accessToken }) => [id, accessToken]),
      [[accountOf(deployment, 'user_42').id, 'another']],
    );
    provider.dispose();
  });

  it('signs out what an id names, and takes an id that is none of its own for gone', async () => {
    const { provider, signedOut } = createProvider();
    const other = deploymentOf('https://other.aicrisk.com', 'abc123', (text) => `hash of ${text}`);
    for (const id of ['', 'nobody', accountOf(other, 'user_42').id]) await provider.removeSession(id);
    assert.deepEqual(signedOut, []);
    await provider.removeSession(accountOf(deployment, 'user_42').id);
    assert.deepEqual(signedOut, ['user_42']);
    provider.dispose();
  });

  it('loses no change that comes in the turn in which it is registered', async () => {
    const { provider, fire } = createProvider();
    const heard = new Promise<void>((resolve) => {
      const subscription = vscode.authentication.onDidChangeSessions((event) => {
        if (event.provider.id !== 'airisk-test-provider') return;
        subscription.dispose();
        resolve();
      });
    });
    const registration = vscode.authentication.registerAuthenticationProvider(
      'airisk-test-provider',
      'AIRisk test',
      provider,
    );
    // Changes come from SecretStorage, across the host boundary: never sooner than the next task.
    setImmediate(() => fire({ added: [sessionOf('user_42', 'token')] }));
    await heard;
    registration.dispose();
    provider.dispose();
  });
});
