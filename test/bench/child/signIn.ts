import * as z from 'zod/mini';
import { createAdminClient } from '../../emulator/adminClient.ts';
import { createHost, loadExtension } from './host.ts';
import { createSecretsDouble, measuredDelays } from './secrets.ts';
import { seedSessions } from './seed.ts';

/**
 * Prints how long sign-ins (from the redirect on) and silent renewals take, and a bare script for the same requests
 * and one secret write, each without the emulator's own time, ms.
 */
const [, , bundle = '', origin = '', rounds = '20'] = process.argv;
const settings = { baseUrl: origin, clientId: 'abc123', userid: '' };
const emulator = createAdminClient(origin);
const secrets = createSecretsDouble(measuredDelays);
seedSessions(secrets, settings, 0);
const clientSecret = 's3cr3t-of-abc123';
const redirectUri = 'code-oss://airisk.airisk-authentication/callback';
const userid = 'user_42';
const scopes = [`userid:${userid}`];

let redirected = 0;
const host = createHost({ bundle, secrets, settings, openExternal: (url) => void playBrowser(url) });
await loadExtension(bundle, host).activate(host.context);
const provider = host.provider();

async function redirectOf(url: string): Promise<string> {
  const answer = await fetch(url, { redirect: 'manual' });
  await answer.arrayBuffer();
  return answer.headers.get('location') ?? '';
}

async function playBrowser(url: string): Promise<void> {
  const location = await redirectOf(url);
  await emulator.clearRequests();
  redirected = performance.now();
  const { searchParams, pathname: path } = new URL(location);
  const query = `code=${searchParams.get('code')}&state=${searchParams.get('state')}`;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all that a handler reads
  void host.uriHandler().handleUri({ path, query } as never);
}

async function withoutEmulator(started: number): Promise<number> {
  const took = performance.now() - started;
  const requests = await emulator.requests();
  await emulator.clearRequests();
  if (requests.some(({ status }) => status >= 400)) throw new Error('A request failed');
  return took - requests.reduce((sum, request) => sum + request.ms, 0);
}

async function signIn(): Promise<number> {
  // A session that is there would be given instead of a sign-in.
  for (const { id } of await provider.getSessions(scopes, {})) await provider.removeSession(id);
  redirected = NaN;
  await provider.createSession(scopes, {});
  if (Number.isNaN(redirected)) throw new Error('There was no sign-in');
  return withoutEmulator(redirected);
}

async function renew(): Promise<number> {
  const before = secrets.records.get(sessionRecord());
  await emulator.clearRequests();
  const started = performance.now();
  await host.commands.get('airisk.renew')?.({ userid });
  const took = await withoutEmulator(started);
  if (before === secrets.records.get(sessionRecord())) throw new Error('The token was not renewed');
  // What goes on behind it (a lease is given back) is over before the next round.
  await new Promise((resolve) => setTimeout(resolve, 30));
  return took;
}

function sessionRecord(): string {
  return [...secrets.records.keys()].find((key) => key.startsWith('session:')) ?? '';
}

const tokenResponse = z.object({ access_token: z.string(), expiration: z.string() });

async function buyToken(code: string): Promise<void> {
  const fields = {
    grant_type: 'authorization_code',
    client_id: settings.clientId,
    client_secret: clientSecret,
  };
  const answer = await fetch(`${origin}/api/oauth2/Token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...fields, redirect_uri: redirectUri, code, userid }),
  });
  const token = tokenResponse.parse(await answer.json());
  await secrets.store('bare', JSON.stringify(token));
}

async function bareCode(): Promise<string> {
  const parameters = { client_id: settings.clientId, redirect_uri: redirectUri, userid, state: 'bare' };
  const location = await redirectOf(`${origin}/api/oauth2?${new URLSearchParams(parameters).toString()}`);
  return new URL(location).searchParams.get('code') ?? '';
}

async function bareSignIn(): Promise<number> {
  const code = await bareCode();
  await emulator.clearRequests();
  const started = performance.now();
  await buyToken(code);
  return withoutEmulator(started);
}

async function bareRenewal(): Promise<number> {
  await emulator.clearRequests();
  const started = performance.now();
  await buyToken(await bareCode());
  return withoutEmulator(started);
}

const result = {
  signIn: [] as number[],
  bareSignIn: [] as number[],
  renewal: [] as number[],
  bareRenewal: [] as number[],
};
// The first rounds warm the code up and count for nothing.
for (let round = -3; round < Number(rounds); round++) {
  const samples = [await signIn(), await bareSignIn(), await renew(), await bareRenewal()];
  if (round < 0) continue;
  const [a = 0, b = 0, c = 0, d = 0] = samples;
  result.signIn.push(a);
  result.bareSignIn.push(b);
  result.renewal.push(c);
  result.bareRenewal.push(d);
}
console.log(JSON.stringify(result));
process.exit();
