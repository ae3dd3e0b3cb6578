import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import * as vscode from 'vscode';
import { AiriskError } from '../../../src/core/errors.ts';
import { type Deployment, deploymentOf } from '../../../src/core/oauth/deployment.ts';
import { accountLabel } from '../../../src/core/sessions/accountLabel.ts';
import { createSession, type Session, sessionKey } from '../../../src/core/sessions/session.ts';
import type { SessionsChange } from '../../../src/core/sessions/entries.ts';
import type { Sessions } from '../../../src/core/sessions/sessions.ts';
import { AiriskAuthenticationProvider, type ProviderParts } from '../../../src/vscode/provider.ts';

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

type Change = vscode.AuthenticationProviderAuthenticationSessionsChangeEvent;

const deployment = deploymentOf('https://demo.aicrisk.com', 'abc123', hash);
const otherDeployment = deploymentOf('https://other.aicrisk.com', 'abc123', hash);

function newToken(accessToken = 'a token') {
  return { accessToken, expiration: Date.now() + 3_600_000, clockSkew: 0 };
}

function sessionOf(userid: string, accessToken: string): Session {
  return createSession(deployment, userid, newToken(accessToken), Date.now());
}

/** The provider as the extension has it, with doubles of the sessions and settings below it. */
function createProvider(parts: Partial<Sessions> & Pick<Partial<ProviderParts>, 'signIn'> = {}): {
  provider: AiriskAuthenticationProvider;
  fire: (change: Partial<SessionsChange>) => void;
  signedOut: string[];
  configure: (...deployments: Deployment[]) => void;
  choose: (userid: (at: Deployment) => string) => void;
} {
  const listeners = new Set<(change: SessionsChange) => void>();
  const signedOut: string[] = [];
  let configured: readonly Deployment[] = [deployment];
  const sessions: Partial<Sessions> = {
    onDidChange: (listener) => {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
    signOut: async ({ key }, userid) => {
      signedOut.push(`${userid} of ${key}`);
      return undefined;
    },
    listStored: async () => [],
    ...parts,
  };
  const settings = {
    deployments: () => configured,
    inUse: () => configured[0],
    named: (name: string) => configured.find(({ origin }) => origin.includes(name)) ?? assert.fail(name),
    describe: ({ key }: Deployment) =>
      configured
        .filter((one) => one.key === key)
        .map((one) => ({ ...one, name: one === deployment ? 'demo' : 'other' }))[0],
  };
  const unused = (): never => assert.fail('not part of this test');
  let chosenUserid = (_at: Deployment): string | undefined => undefined;
  const doubles = { sessions, settings, state: { chosenUserid: (at: Deployment) => chosenUserid(at) } };
  const provider = new AiriskAuthenticationProvider({
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the tests below use is there
    ...(doubles as unknown as Pick<ProviderParts, 'sessions' | 'settings' | 'state'>),
    signIn: parts.signIn ?? unused,
    renew: unused,
    chooseUser: unused,
    ensureSetUp: async () => ({
      ...deployment,
      name: 'default',
      redirectUri: '',
      userid: '',
      tokenRequestFormat: 'form',
      production: false,
    }),
    now: Date.now,
    log: vscode.window.createOutputChannel('AIRisk test', { log: true }),
  });
  const nothing = { added: [], changed: [], removed: [], reason: 'signIn' as const };
  const fire = (change: Partial<SessionsChange>): void => {
    for (const listener of listeners) listener({ ...nothing, ...change });
  };
  return {
    provider,
    fire,
    signedOut,
    configure: (...deployments) => (configured = deployments),
    choose: (userid) => (chosenUserid = userid),
  };
}

describe('the provider in the host', () => {
  it('tells a renewal as changed, under the same id and with the other token', async () => {
    const { provider, fire } = createProvider();
    const events: Change[] = [];
    provider.onDidChangeSessions((event) => events.push(event));
    await nextTurn();
    fire({ changed: [sessionOf('user_42', 'another')], reason: 'renewal' });
    assert.equal(events.length, 1);
    assert.deepEqual([events[0]?.added, events[0]?.removed], [[], []]);
    assert.deepEqual(
      events[0]?.changed?.map(({ id, accessToken }) => [id, accessToken]),
      [[{ id: sessionKey(deployment, 'user_42'), label: accountLabel(deployment, 'user_42') }.id, 'another']],
    );
    provider.dispose();
  });

  it('tells a session of a userid with blanks by the scopes that VS Code parts at them, too', async () => {
    const { provider, fire } = createProvider();
    const added: string[] = [];
    provider.onDidChangeSessions((event) =>
      added.push(...(event.added ?? []).map(({ scopes }) => JSON.stringify(scopes))),
    );
    await nextTurn();
    fire({ added: [sessionOf('Ada  King Lovelace', 'token')] });
    // As the request's key, one text, is split again: microsoft/vscode, authenticationExtensionsService.ts.
    const asked = 'userid:Ada  King Lovelace';
    assert.ok(added.includes(JSON.stringify([asked])));
    assert.ok(added.includes(JSON.stringify(asked.split(' '))));
    provider.dispose();
  });

  it('signs out what an id names, and takes an id that is none of its own for gone', async () => {
    const { provider, signedOut } = createProvider();
    for (const id of [
      '',
      'nobody',
      { id: sessionKey(otherDeployment, 'user_42'), label: accountLabel(otherDeployment, 'user_42') }.id,
    ])
      await provider.removeSession(id);
    assert.deepEqual(signedOut, []);
    await provider.removeSession(
      { id: sessionKey(deployment, 'user_42'), label: accountLabel(deployment, 'user_42') }.id,
    );
    assert.deepEqual(signedOut, [`user_42 of ${deployment.key}`]);
    provider.dispose();
  });

  it('keeps the changes from before VS Code listens, each once and in their order', async () => {
    const { provider, fire } = createProvider();
    const userids = (event: Change): string[] => (event.added ?? []).map(({ account }) => account.label);
    const events: string[] = [];
    const heard: string[] = [];
    const subscription = vscode.authentication.onDidChangeSessions(({ provider: { id } }) => heard.push(id));
    fire({ added: [sessionOf('user_1', 'token')] });
    const registration = vscode.authentication.registerAuthenticationProvider(
      'airisk-test-provider',
      'AIRisk test',
      provider,
    );
    fire({ added: [sessionOf('user_2', 'token')] });
    provider.onDidChangeSessions((event) => events.push(...new Set(userids(event))));
    fire({ added: [sessionOf('user_3', 'token')] });
    // Three events and not one more: then comes one that is fired to those who listen.
    while (heard.filter((id) => id === 'airisk-test-provider').length < 3) await nextTurn();
    fire({ removed: [sessionOf('user_1', 'token')] });
    while (heard.filter((id) => id === 'airisk-test-provider').length < 4) await nextTurn();
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(heard.filter((id) => id === 'airisk-test-provider').length, 4);
    assert.deepEqual(
      events.map((label) => label.split(' ')[0]),
      ['user_1', 'user_2', 'user_3'],
    );
    subscription.dispose();
    registration.dispose();
    provider.dispose();
  });

  it('ends with a word when the deployment has left the settings during the sign-in', async () => {
    const stale = sessionOf('user_42', 'of_abc123');
    const { provider, configure } = createProvider({
      find: async () => undefined,
      signIn: async () => {
        configure(otherDeployment);
        return stale;
      },
    });
    await assert.rejects(provider.createSession(['userid:user_42']), /settings have changed/);
    provider.dispose();
  });

  it('signs out at the deployment that an id names, of all that are configured', async () => {
    const { provider, signedOut, configure } = createProvider();
    configure(deployment, otherDeployment);
    await provider.removeSession(
      { id: sessionKey(otherDeployment, 'user_42'), label: accountLabel(otherDeployment, 'user_42') }.id,
    );
    assert.deepEqual(signedOut, [`user_42 of ${otherDeployment.key}`]);
    provider.dispose();
  });

  it('gives what the window uses, and what a scope or an account names wherever it is', async () => {
    const asked: string[] = [];
    const { provider, configure } = createProvider({
      list: async ({ origin }) => {
        asked.push(`all at ${origin}`);
        return [];
      },
      find: async ({ origin }, userid) => {
        asked.push(`${userid} at ${origin}`);
        return undefined;
      },
      listStored: async () => [],
    });
    configure(deployment, otherDeployment);
    const account = {
      id: sessionKey(otherDeployment, 'user_42'),
      label: accountLabel(otherDeployment, 'user_42'),
    };
    const calls: [scopes: string[], options?: object][] = [
      [[]],
      [['user']],
      [['userid:user_42']],
      [['deployment:other']],
      [['deployment:other', 'user']],
      [['deployment:other', 'userid:user_42']],
      [[], { account }],
      [['user'], { account }],
      [['userid:user_42'], { account }],
      [['deployment:demo', 'userid:user_42'], { account }],
      [['userid:user_7'], { account }],
    ];
    for (const [scopes, options] of calls) await provider.getSessions(scopes, options);
    const [here, there] = [deployment.origin, otherDeployment.origin];
    assert.deepEqual(asked, [
      `all at ${here}`,
      `all at ${here}`,
      `user_42 at ${here}`,
      `all at ${there}`,
      `all at ${there}`,
      `user_42 at ${there}`,
      `user_42 at ${there}`,
      `user_42 at ${there}`,
      `user_42 at ${there}`,
    ]);
    provider.dispose();
  });

  it('takes an account of a deployment that is gone, or not asked for, for no other one', async () => {
    const { provider, configure } = createProvider({
      list: async () => assert.fail('Sessions are renewed for nobody.'),
    });
    const account = { id: sessionKey(otherDeployment, 'user_42'), label: 'Ada' };
    const refuses = async (scopes: string[]): Promise<void> => {
      assert.deepEqual(await provider.getSessions(scopes, { account }), []);
      await assert.rejects(provider.createSession(scopes, { account }), {
        name: 'AiriskWrongAccount',
        message: 'The extension cannot use the AIRisk account Ada. Try again with a different one.',
      });
    };
    await refuses([]);
    await refuses(['user']);
    configure(deployment, otherDeployment);
    await refuses(['deployment:demo']);
    provider.dispose();
  });

  it('gives the menus all that are usable, of each deployment first whoever was chosen there', async () => {
    const { provider, configure, choose } = createProvider({
      listUsable: async (at, chosen = '') => [createSession(at, chosen, newToken(), Date.now())],
    });
    configure(deployment, otherDeployment);
    choose(({ key }) => `chosen at ${key === deployment.key ? 'demo' : 'other'}`);
    const ids = (await provider.getSessions(undefined)).map(({ id }) => id);
    assert.deepEqual(ids, [
      sessionKey(deployment, 'chosen at demo'),
      sessionKey(otherDeployment, 'chosen at other'),
    ]);
    provider.dispose();
  });

  it('tells a sign-in to whoever asked for it, and of another deployment to nobody who meant the one in use', async () => {
    const { provider, fire, configure } = createProvider();
    configure(deployment, otherDeployment);
    const events: Change[] = [];
    provider.onDidChangeSessions((event) => events.push(event));
    await nextTurn();
    const there = createSession(otherDeployment, 'user_42', newToken(), Date.now());
    fire({ added: [sessionOf('user_42', 'token')] });
    fire({ added: [there] });
    const scopes = events.map(({ added = [] }) =>
      added.map((session) => session.scopes.join(' ')).toSorted(),
    );
    assert.deepEqual(scopes, [
      [
        '',
        'deployment:demo',
        'deployment:demo user',
        'deployment:demo userid:user_42',
        'user',
        'userid:user_42',
      ],
      ['deployment:other', 'deployment:other user', 'deployment:other userid:user_42'],
    ]);
    provider.dispose();
  });

  it('has callers ask again when the window uses another deployment', async () => {
    const { provider } = createProvider({ listUsable: async () => [sessionOf('user_42', 'token')] });
    const events: Change[] = [];
    provider.onDidChangeSessions((event) => events.push(event));
    await nextTurn();
    await provider.notifySwitch();
    assert.deepEqual(
      events.map(({ changed = [] }) => changed.map(({ accessToken }) => accessToken)),
      [['token']],
    );
    provider.dispose();
  });

  it('gives the menus what can be read when a different deployment cannot', async () => {
    const other = createSession(otherDeployment, 'user_7', newToken(), Date.now());
    const { provider, configure } = createProvider({
      listUsable: async ({ key }) => {
        if (key === deployment.key) throw new AiriskError('storage');
        return [other];
      },
    });
    configure(deployment, otherDeployment);
    assert.deepEqual(
      (await provider.getSessions(undefined, {})).map(({ account }) => account.label),
      [other.label],
    );
    provider.dispose();
  });

  it('gives no session where they cannot be read, so that the Accounts menu stays as it is', async () => {
    const locked = (): Promise<never> => Promise.reject(new AiriskError('storage'));
    const { provider } = createProvider({
      find: locked,
      list: locked,
      listUsable: locked,
      listStored: locked,
    });
    const account = { id: sessionKey(deployment, 'user_42'), label: accountLabel(deployment, 'user_42') };
    for (const scopes of [undefined, [], ['generic'], ['userid:user_42']]) {
      for (const options of [{}, { account }]) {
        assert.deepEqual(await provider.getSessions(scopes, options), []);
      }
    }
    provider.dispose();
  });

  it('tells a caller nothing but the message: not what an error came from', async () => {
    const failed = new AiriskError('storage', { cause: new Error('cannot store marked-token-4d1c') });
    const { provider } = createProvider({
      find: async () => undefined,
      signIn: async () => Promise.reject(failed),
    });
    const bare = (error: unknown): boolean =>
      error instanceof Error && error.cause === undefined && !inspect(error).includes('marked-token');
    await assert.rejects(provider.createSession(['userid:user_42']), bare);
    await assert.rejects(provider.getSessions(['openid']), bare);
    provider.dispose();
  });
});

/** Lets what is due in this turn happen first. */
async function nextTurn(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1));
}
