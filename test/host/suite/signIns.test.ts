import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { type Deployment, deploymentOf } from '../../../src/core/oauth/deployment.ts';
import type { Token } from '../../../src/core/oauth/tokenRequest.ts';
import { createSession } from '../../../src/core/sessions/session.ts';
import { SignIns, type SignInsParts } from '../../../src/vscode/signIn/signIns.ts';

const deployment = deploymentOf('https://demo.aicrisk.com', 'abc123', (text) => `hash of ${text}`);
const other = deploymentOf('https://demo.aicrisk.com', 'other', (text) => `other hash of ${text}`);

/** Sign-ins whose token requests a test answers. */
function openSignIns() {
  const requests: { userid: string; answer: (token: Token) => void; refuse: (error: Error) => void }[] = [];
  const added: string[] = [];
  const parts: Pick<SignInsParts, 'log'> & Record<string, unknown> = {
    sessions: {
      add: async (of: Deployment, userid: string, token: Token) => {
        added.push(userid);
        return createSession(of, userid, token, Date.now());
      },
    },
    tokenSource: {
      requestSilently: (_deployment: Deployment, userid: string) =>
        new Promise<Token>((answer, refuse) => requests.push({ userid, answer, refuse })),
    },
    log: vscode.window.createOutputChannel('AIRisk test', { log: true }),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a silent sign-in uses is there
  return { signIns: new SignIns(parts as unknown as SignInsParts), requests, added };
}

function newToken(): Token {
  return { accessToken: crypto.randomUUID(), expiration: Date.now() + 3_600_000, clockSkew: 0 };
}

describe('a sign-in', () => {
  it('is joined by a second one for the same user, and by that one only', async () => {
    const { signIns, requests, added } = openSignIns();
    const same = [1, 2].map(() => signIns.signInSilently(deployment, 'user_1'));
    const others = [signIns.signInSilently(deployment, 'user_2'), signIns.signInSilently(other, 'user_1')];
    assert.deepEqual(
      requests.map(({ userid }) => userid),
      ['user_1', 'user_2', 'user_1'],
    );
    for (const { answer } of requests) answer(newToken());
    const [one, two] = await Promise.all(same);
    assert.equal(one?.accessToken, two?.accessToken);
    await Promise.all(others);
    assert.equal(added.length, 3);
  });

  it('that fails fails for all who joined, and nobody else; the next one asks again', async () => {
    const { signIns, requests, added } = openSignIns();
    const running = [1, 2].map(() => signIns.signInSilently(deployment, 'user_1'));
    const another = signIns.signInSilently(deployment, 'user_2');
    requests[0]?.refuse(new Error('refused'));
    for (const each of running) await assert.rejects(each, /refused/);
    requests[1]?.answer(newToken());
    await another;
    const again = signIns.signInSilently(deployment, 'user_1');
    requests[2]?.answer(newToken());
    await again;
    assert.deepEqual(added, ['user_2', 'user_1']);
  });

  it('at a deployment that has left the settings ends with a word, before anything is sent', async () => {
    const parts = { settings: { describe: () => undefined }, sessions: { add: () => assert.fail('stored') } };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing else is reached
    const gone = new SignIns(parts as unknown as SignInsParts);
    await assert.rejects(gone.signIn(deployment, 'user_1'), {
      name: 'AiriskError',
      code: 'settings_changed',
    });
  });
});
