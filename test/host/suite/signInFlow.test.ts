import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { deploymentOf } from '../../../src/core/oauth/deployment.ts';
import { createSession, type Session } from '../../../src/core/sessions/session.ts';
import { SignInFlow, type SignInFlowParts } from '../../../src/vscode/signIn/signInFlow.ts';

const deployment = deploymentOf('https://demo.aicrisk.com', 'abc123', (text) => `hash of ${text}`);
const others = [
  deploymentOf('https://other.aicrisk.com', 'abc123', (text) => `hash of ${text}`),
  deploymentOf('https://demo.aicrisk.com', 'other', (text) => `hash of ${text}`),
];
const callback = 'https://localhost/callback';

const generic = (of: typeof deployment, accessToken: string): Session =>
  createSession(of, '', { accessToken, expiration: Date.now() + 3_600_000, clockSkew: 0 }, Date.now());

/** The `Authorization` headers of a silent sign-in as user_42 while these generic sessions are there. */
async function headersSent(usable: readonly Session[]): Promise<(string | null)[]> {
  const sent: (string | null)[] = [];
  const answer = async (input: string, init: RequestInit): Promise<Response> => {
    const headers = new Headers(init.headers);
    const url = new URL(input);
    if (init.method === 'POST') {
      sent.push(headers.get('authorization'));
      const expiration = new Date(Date.now() + 3_600_000).toISOString();
      return Response.json({ access_token: 'token', expiration });
    }
    const location = `${callback}?code=a&state=${url.searchParams.get('state')}`;
    return new Response(null, { status: 302, headers: { location } });
  };
  const parts = {
    sessions: { listUsable: async () => usable },
    clientSecrets: { get: async () => 'secret' },
    readSettings: () => ({ redirectUri: callback, tokenRequestFormat: 'form' }),
    http: () => ({ fetch: answer, now: Date.now, timeoutMs: 1_000 }),
    callback,
    log: vscode.window.createOutputChannel('AIRisk test', { log: true }),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a silent sign-in uses is there
  const flow = new SignInFlow(parts as unknown as SignInFlowParts);
  await flow.requestTokenSilently(deployment, 'user_42');
  return sent;
}

describe("the application's token in a sign-in as a user", () => {
  it('goes to its own deployment', async () => {
    assert.deepEqual(await headersSent([generic(deployment, 'ours')]), ['Bearer ours']);
  });

  it('goes to no other deployment, though the settings may change meanwhile', async () => {
    assert.deepEqual(await headersSent(others.map((other) => generic(other, 'theirs'))), [null]);
  });
});
