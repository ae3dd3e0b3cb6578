import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { type Deployment, deploymentOf } from '../../../src/core/oauth/deployment.ts';
import type { Token } from '../../../src/core/oauth/tokenRequest.ts';
import type { AuthorizationResponse } from '../../../src/core/oauth/authorizationResponse.ts';
import type { RedirectReceiver } from '../../../src/core/oauth/signIn.ts';
import { createSession } from '../../../src/core/sessions/session.ts';
import { until } from '../../harness/until.ts';
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
    settings: { describe: () => ({}) },
    names: { find: async () => undefined },
    tokenSource: {
      requestSilently: (_deployment: Deployment, userid: string) =>
        new Promise<Token>((answer, refuse) => requests.push({ userid, answer, refuse })),
    },
    log: vscode.window.createOutputChannel('AIRisk test', { log: true }),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a silent sign-in uses is there
  return { signIns: new SignIns(parts as unknown as SignInsParts), requests, added };
}

/** Sign-ins through a browser that a test brings back; nothing is shown in it. */
function openBrowserSignIns() {
  const configured = { is: true };
  const added: string[] = [];
  const begun: { readonly state: string; readonly signal: AbortSignal; answer: () => void }[] = [];
  const receiver: RedirectReceiver = {
    begin: async (state, signal) => {
      const response = new Promise<AuthorizationResponse>((resolve) => {
        const answer = (): void =>
          resolve({ code: 'code', state, error: undefined, errorDescription: undefined });
        begun.push({ state, signal, answer });
      });
      return { redirectUri: 'https://localhost/callback', response };
    },
  };
  // Redirects at once, and gives a token for any code.
  const answers = async (url: string, init?: RequestInit): Promise<Response> => {
    if (init?.method === 'POST')
      return Response.json({ access_token: 'token', expiration: new Date(Date.now() + 3_600_000) });
    const { searchParams } = new URL(url);
    const location = `${searchParams.get('redirect_uri')}?code=at-once&state=${searchParams.get('state')}`;
    return new Response(null, { status: 302, headers: { location } });
  };
  const parts = {
    settings: {
      describe: () => (configured.is ? { redirectUri: '' } : undefined),
      shown: ({ key }: Deployment) => (key === other.key ? { name: 'live', production: true } : undefined),
      read: () => ({ signInTimeoutMinutes: 1 }),
    },
    sessions: {
      add: async (of: Deployment, userid: string, token: Token) => {
        added.push(userid);
        return createSession(of, userid, token, Date.now());
      },
    },
    names: { find: async () => undefined },
    tokenSource: {
      request: async (of: Deployment, userid: string) => ({
        deployment: of,
        clientSecret: 's3cret',
        userid,
        format: 'form',
      }),
      requestSilently: async () => newToken(),
    },
    questions: { behind: async () => true },
    http: () => ({ fetch: answers, now: Date.now, timeoutMs: 10_000 }),
    receiverFor: () => receiver,
    log: vscode.window.createOutputChannel('AIRisk test', { log: true }),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a sign-in uses is there
  return { signIns: new SignIns(parts as unknown as SignInsParts), begun, added, configured };
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
    const settings = { describe: () => undefined, shown: () => undefined };
    const parts = { settings, sessions: { add: () => assert.fail('stored') } };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing else is reached
    const gone = new SignIns(parts as unknown as SignInsParts);
    await assert.rejects(gone.signIn({ deployment, userid: 'user_1' }), {
      name: 'AiriskError',
      code: 'settings_changed',
    });
  });

  it('at a deployment that leaves the settings meanwhile ends with a word too, and its session is kept', async () => {
    const { signIns, begun, added, configured } = openBrowserSignIns();
    const asked = signIns.signIn({ deployment, userid: 'user_1' });
    await until(async () => begun.length === 1);
    configured.is = false;
    begun[0]?.answer();
    await assert.rejects(asked, { name: 'AiriskError', code: 'settings_changed' });
    assert.deepEqual(added, ['user_1']);
  });

  it('ends when all have left who asked for it, and not before', async () => {
    const { signIns, begun } = openBrowserSignIns();
    const [first, second] = [new AbortController(), new AbortController()];
    const asked = [first, second].map(({ signal }) => signIns.signIn({ deployment, userid: '' }, signal));
    await until(async () => begun.length === 1);
    first.abort();
    await assert.rejects(asked[0] ?? Promise.resolve(), { name: 'AbortError' });
    assert.equal(begun[0]?.signal.aborted, false);
    second.abort();
    assert.equal(begun[0]?.signal.aborted, true);
    await assert.rejects(asked[1] ?? Promise.resolve(), { name: 'AbortError' });
  });

  it('goes on for whoever cannot leave, and begins anew for whoever asks after all have left', async () => {
    const { signIns, begun } = openBrowserSignIns();
    const left = new AbortController();
    const leaves = signIns.signIn({ deployment, userid: '' }, left.signal);
    await until(async () => begun.length === 1);
    left.abort();
    const again = signIns.signIn({ deployment, userid: '' });
    await assert.rejects(leaves, { name: 'AbortError' });
    await until(async () => begun.length === 2);
    const more = new AbortController();
    const joins = signIns.signIn({ deployment, userid: '' }, more.signal);
    more.abort();
    await assert.rejects(joins, { name: 'AbortError' });
    begun[1]?.answer();
    assert.equal((await again).accessToken, 'token');
    await assert.rejects(signIns.signIn({ deployment, userid: '' }, left.signal), { name: 'AbortError' });
    assert.equal(begun.length, 2);
  });

  it('says where it leads, and is cancelled by that name without those elsewhere', async () => {
    const { signIns, begun } = openBrowserSignIns();
    const { withProgress } = vscode.window;
    const titles: (string | undefined)[] = [];
    const noted: typeof withProgress = (options, task) => {
      titles.push(options.title);
      return withProgress(options, task);
    };
    Object.assign(vscode.window, { withProgress: noted });
    try {
      const [here, there] = [deployment, other].map((at) => signIns.signIn({ deployment: at, userid: '' }));
      await until(async () => begun.length === 2);
      assert.deepEqual(titles, [
        'Signing in to AIRisk as Application',
        'Signing in to AIRisk as Application at live (production)',
      ]);
      assert.ok(signIns.cancel('Application at live (production)'));
      await assert.rejects(there ?? Promise.resolve(), { name: 'Canceled' });
      assert.equal(begun[0]?.signal.aborted, false);
      begun[0]?.answer();
      assert.equal((await here)?.accessToken, 'token');
    } finally {
      Object.assign(vscode.window, { withProgress });
    }
  });

  it('that waits for the browser keeps no silent one waiting', async () => {
    const { signIns, begun } = openBrowserSignIns();
    const waiting = signIns.signIn({ deployment, userid: '' });
    await until(async () => begun.length === 1);
    assert.ok(await signIns.signInSilently(deployment, ''));
    begun[0]?.answer();
    await waiting;
  });
});
