import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { AiriskError } from '../../../src/core/errors.ts';
import type { ConfiguredDeployment } from '../../../src/core/oauth/configuredDeployments.ts';
import { type Deployment, deploymentOf } from '../../../src/core/oauth/deployment.ts';
import { createSession } from '../../../src/core/sessions/session.ts';
import { createTokenAccounts } from '../../../src/vscode/terminal/tokenAccounts.ts';
import { createTokenAnswers, type TokenAnswerParts } from '../../../src/vscode/terminal/tokenAnswers.ts';

const configured = (['default', 'live'] as const).map((name): ConfiguredDeployment => ({
  ...deploymentOf(`https://${name}.aicrisk.com`, 'abc123', (text) => `hash of ${text}`),
  name,
  redirectUri: '',
  userid: '',
  tokenRequestFormat: 'form',
  production: name === 'live',
}));

/** What a terminal finds, in a window that uses one of two deployments. */
function accountsOf(inUse: ConfiguredDeployment | undefined) {
  const parts: Record<keyof Parameters<typeof createTokenAccounts>[0], unknown> = {
    sessions: {
      listStored: async (deployment: Deployment) => {
        const token = { accessToken: 'token', expiration: Date.now() + 3_600_000, clockSkew: 0 };
        return [createSession(deployment, 'user_42', token, Date.now())];
      },
    },
    settings: {
      deployments: () => configured,
      inUse: () => inUse,
      shown: (one: ConfiguredDeployment) => one,
    },
    state: { chosenUserid: () => undefined },
    now: Date.now,
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what finding an account takes is there
  return createTokenAccounts(parts as unknown as Parameters<typeof createTokenAccounts>[0]);
}

describe('the account that a terminal asks for', () => {
  const [own, live] = configured;

  for (const [name, inUse, found] of [
    [undefined, own, 'default · default.aicrisk.com, false'],
    [undefined, live, 'live (production) · live.aicrisk.com, true'],
    ['live', own, 'live (production) · live.aicrisk.com, true'],
    ['LIVE', own, 'live (production) · live.aicrisk.com, true'],
    ['default', live, 'default · default.aicrisk.com, false'],
  ] as const) {
    it(`is at ${found} for --deployment ${name ?? '(none)'} where ${inUse?.name} is in use`, async () => {
      const account = await accountsOf(inUse)({ userid: 'user_42', deployment: name });
      assert.equal(`${account?.deployment}, ${account?.production}`, found);
    });
  }

  it('is none at a deployment that is not configured, nor where none is', async () => {
    assert.equal(await accountsOf(own)({ userid: 'user_42', deployment: 'prod' }), undefined);
    assert.equal(await accountsOf(undefined)({ userid: undefined, deployment: undefined }), undefined);
  });
});

describe('a token that a person has allowed', () => {
  for (const [what, stays, says] of [
    ['nobody is signed in any more', false, /^Nobody is signed in to AIRisk there\./],
    ['it cannot be renewed', true, /^The AIRisk token for user_42 has expired/],
  ] as const) {
    it(`is refused with the reason when ${what}`, async () => {
      const account = {
        account: 'a',
        name: 'user_42',
        deployment: 'demo',
        production: false,
        userid: 'user_42',
        origin: 'https://demo.aicrisk.com',
        token: async () => undefined,
      };
      const found = [account, stays ? account : undefined];
      // The person picks the second row, Allow Once.
      const ask = async (picker: vscode.QuickPick<vscode.QuickPickItem>): Promise<unknown> => {
        const { items } = picker;
        picker.dispose();
        return items[1];
      };
      const parts: Record<keyof TokenAnswerParts, unknown> = {
        questions: { ask },
        allowed: { has: async () => false, add: async () => undefined },
        findAccount: async () => found.shift(),
        now: Date.now,
        log: { info: () => undefined, warn: () => undefined },
      };
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what an answer takes is there
      const answer = createTokenAnswers(parts as unknown as TokenAnswerParts);
      const request = { minLifetimeSeconds: 30, ancestors: [], terminal: 't' };
      const given = await answer(request, new AbortController().signal);
      assert.ok('refusal' in given && given.refusal === 'signedOut');
      assert.match(given.message, says);
    });
  }
});

describe('a token whose deployment changes in the settings after the question', () => {
  const described = configured[0] ?? assert.fail();
  for (const [what, later] of [
    ['that has left them', undefined],
    ['that is the production one now', { ...described, production: true }],
  ] as const) {
    for (const when of ['before its renewal', 'during its renewal'] as const) {
      it(`is not handed out for one ${what}, ${when}`, async () => {
        const token = { accessToken: 'a.b.c', expiration: Date.now() + 3_600_000, clockSkew: 0 };
        const stored = createSession(described, 'user_42', token, Date.now());
        let now: ConfiguredDeployment | undefined = described;
        let renewed = 0;
        const parts = {
          sessions: {
            listStored: async () => [stored],
            find: async () => stored,
            renew: async () => {
              renewed += 1;
              now = later;
              return true;
            },
          },
          settings: {
            inUse: () => described,
            describe: () => now,
            shown: () => undefined,
            read: () => ({ renewal: 'silent' }),
          },
          state: { chosenUserid: () => 'user_42' },
          now: Date.now,
        };
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is used of it is there
        const find = createTokenAccounts(parts as unknown as Parameters<typeof createTokenAccounts>[0]);
        const account = (await find({})) ?? assert.fail();
        if (when === 'before its renewal') now = later;
        await assert.rejects(account.token(Infinity), { name: 'AiriskError', code: 'settings_changed' });
        assert.equal(renewed, when === 'before its renewal' ? 0 : 1);
      });
    }
  }
});

describe('an expired token that a terminal asks for', () => {
  /** Asks for it when its renewal fails so; how often it is tried. */
  async function ask(failure: unknown, renewal: 'silent' | 'off') {
    const described = configured[0] ?? assert.fail();
    const token = { accessToken: 'a.b.c', expiration: Date.now() - 1_000, clockSkew: 0 };
    const stored = createSession(described, 'user_42', token, Date.now());
    let tried = 0;
    const parts = {
      sessions: {
        listStored: async () => [stored],
        find: async () => undefined,
        renew: async () => {
          tried += 1;
          return false;
        },
        failureOf: () => ({ error: failure }),
      },
      settings: {
        inUse: () => described,
        describe: () => described,
        shown: () => undefined,
        read: () => ({ renewal }),
      },
      state: { chosenUserid: () => 'user_42' },
      now: Date.now,
    };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is used of it is there
    const find = createTokenAccounts(parts as unknown as Parameters<typeof createTokenAccounts>[0]);
    const account = (await find({})) ?? assert.fail();
    const answer = await account.token(0).catch((error: unknown) => error);
    return { answer, tried };
  }

  it('is refused with the reason', async () => {
    const offline = new AiriskError('unreachable');
    assert.deepEqual(await ask(offline, 'silent'), { answer: offline, tried: 1 });
  });

  it('is none when only a person can go on', async () => {
    assert.deepEqual(await ask(new AiriskError('not_silent'), 'silent'), { answer: undefined, tried: 1 });
  });

  it('is not renewed when the person has turned that off', async () => {
    assert.deepEqual(await ask(undefined, 'off'), { answer: undefined, tried: 0 });
  });
});
