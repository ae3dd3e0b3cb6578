import { createHash } from 'node:crypto';
import type { Server } from 'node:net';
import { type Emulator, startEmulator } from '../emulator/emulator.ts';
import { primaryClient } from '../emulator/seed.ts';
import { findDeployment } from '../../src/core/diagnosis.ts';
import { type Deployment, deploymentOf } from '../../src/core/oauth/deployment.ts';
import type { Http } from '../../src/core/oauth/http.ts';
import { createSession, type Session, sessionKey, storedText } from '../../src/core/sessions/session.ts';
import { createSessionLayer } from '../../src/core/sessions/sessionLayer.ts';
import type { Sessions } from '../../src/core/sessions/sessions.ts';
import type { Token } from '../../src/core/oauth/tokenRequest.ts';
import { joinTasks } from '../../src/core/tasks.ts';
import {
  type RedirectReceiver,
  type SignInRequest,
  signIn,
  signInSilently,
} from '../../src/core/oauth/signIn.ts';
import { loopbackReceiver } from '../../src/node/loopback.ts';
import { createSecretStore } from '../../src/vscode/secretStorage.ts';
import { type NodeBrowser, openBrowser } from './browser.ts';
import { type Plan, isHarmless } from './plan.ts';
import { type OtherWindow, openOtherWindow } from './otherWindow.ts';
import { freePort, occupy } from '../harness/ports.ts';
import { type BreakableSecrets, breakableSecrets } from './secrets.ts';

/** Everything that one run plays with: an AIRisk, a browser, a SecretStorage, and the extension's own parts on them. */
export interface Scene {
  readonly emulator: Emulator;
  readonly deployment: Deployment;
  /** A second deployment that is signed in to as the same user, and that nothing of the run is about. */
  readonly neighbour: { readonly emulator: Emulator; readonly session: Session };
  readonly secrets: BreakableSecrets;
  readonly sessions: Sessions;
  readonly browser: NodeBrowser;
  readonly ports: readonly number[];
  readonly clientSecret: string;
  /** What renewals failed with. */
  readonly failures: unknown[];
  /** How long one step may take, in ms; the machine may be slow. */
  readonly limitMs: number;
  readonly signInTimeoutMs: number;
  readonly otherWindow: OtherWindow | undefined;
  readonly redirectUri: (number: 0 | 1) => string;
  readonly signIn: (userid: string, signal: AbortSignal, number?: 0 | 1) => Promise<Session>;
  readonly signInSilently: (userid: string) => Promise<Session>;
  readonly http: Http;
  readonly close: () => Promise<void>;
}

/** Sets the scene for a plan. */
export async function setScene(plan: Plan): Promise<Scene> {
  const ports = [await freePort(), await freePort()];
  const redirectUri = (number: 0 | 1): string =>
    `http://${plan.host}:${ports[plan.samePort ? 0 : number]}/callback`;
  const registered = { ...primaryClient, redirect_uri: [redirectUri(0), redirectUri(1)].join(',') };
  const emulator = await startEmulator({ clients: [registered], mode: plan.mode });
  if (plan.local.includes('clock')) {
    await emulator.client.setOptions({ clockSkewSeconds: plan.strikesAtMs < 125 ? 3_600 : -3_600 });
  }
  for (const fault of plan.injected) await emulator.client.inject(fault);
  // Where nothing may go wrong, a slow machine must not make it.
  const patience = isHarmless(plan) ? 20 : 1;
  const http: Http = { fetch, now: Date.now, timeoutMs: 500 * patience };
  const signInTimeoutMs = plan.local.includes('timeout') ? plan.strikesAtMs + 20 : 2_000 * patience;
  const storage = plan.local.some((fault) => fault.startsWith('storage'));
  const storageTimeoutMs = plan.local.includes('storageForAWhile') ? 20_000 : 600;

  const deployment = deploymentOf(emulator.origin, primaryClient.client_id, sha256);
  const clientSecret = plan.local.includes('wrongSecret') ? 'not-the-secret' : primaryClient.client_secret;
  const request = (userid: string): SignInRequest => ({
    deployment,
    clientSecret,
    userid,
    format: plan.format,
    genericToken: plan.local.includes('revoked') ? 'a-token-that-was-revoked' : undefined,
  });
  const silently = (userid: string): Promise<Token> => signInSilently(http, request(userid), redirectUri(0));

  const secrets = breakableSecrets();
  const neighbour = await moveIn(plan, secrets);
  const failures: unknown[] = [];
  const { sessions, dispose } = createSessionLayer({
    secrets: createSecretStore(secrets.api, storageTimeoutMs),
    tokenSource: () => ({
      request: (_deployment, userid) => Promise.resolve(request(userid)),
      requestSilently: (_deployment, userid) => silently(userid),
    }),
    http: () => http,
    measureSkew: () => findDeployment(http, deployment.origin),
    deployments: [deployment, neighbour.session.deployment],
    renewsSilently: () => true,
    isAttended: () => false,
    warningMs: () => 0,
    jitter: 0,
    now: Date.now,
    monotonic: () => performance.now(),
    onDamaged: () => undefined,
    onFailure: (error) => failures.push(error),
    onActivity: () => undefined,
  });
  const underWay = joinTasks<Session>();
  const join = (userid: string, token: () => Promise<Token>): Promise<Session> =>
    underWay(userid, async () => sessions.add(deployment, userid, await token()));
  const browser = openBrowser(plan);
  const taken = await takePorts(plan, ports);
  const otherWindow =
    plan.flow === 'otherWindow' ? await openOtherWindow(plan.local.includes('folderBroken')) : undefined;
  const receiver = (uri: string): RedirectReceiver =>
    otherWindow?.receiver(uri) ?? loopbackReceiver(uri, { language: 'en', title: 'Back', body: '' });
  return {
    emulator,
    deployment,
    neighbour,
    secrets,
    sessions,
    browser,
    ports,
    clientSecret,
    failures,
    limitMs: 2_000 * patience + (storage ? 4 * storageTimeoutMs : 0) + 3_000,
    signInTimeoutMs,
    otherWindow,
    redirectUri,
    http,
    signIn: (userid, signal, number = 0) =>
      join(userid, () =>
        signIn(
          request(userid),
          {
            http,
            receiver: receiver(redirectUri(number)),
            open: ({ url }) => browser.open(url),
            timeoutMs: signInTimeoutMs,
          },
          signal,
        ),
      ),
    signInSilently: (userid) => join(userid, () => silently(userid)),
    async close() {
      secrets.mood = 'works';
      await browser.close();
      dispose();
      await emulator.close();
      await neighbour.emulator.close();
      for (const server of taken) await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function takePorts({ local, host, takenHost }: Plan, [port = 0]: readonly number[]): Promise<Server[]> {
  if (!local.includes('portTaken')) return [];
  return [await occupy(port, host === 'localhost' ? takenHost : host.replaceAll(/[[\]]/g, ''))];
}

/** A second deployment with the same client and the same user. */
async function moveIn({ userid }: Plan, secrets: BreakableSecrets): Promise<Scene['neighbour']> {
  const emulator = await startEmulator({});
  const deployment = deploymentOf(emulator.origin, primaryClient.client_id, sha256);
  const token = { accessToken: "the-neighbour's-token", expiration: Date.now() + 3_600_000, clockSkew: 0 };
  const session = createSession(deployment, userid, token, Date.now());
  secrets.stored.set(sessionKey(deployment, userid), storedText(session));
  return { emulator, session };
}

/** A token that came an hour ago, as another run of VS Code left it. */
export function storedBefore({ deployment, secrets }: Scene, userid: string, remainingMs: number): Session {
  const now = Date.now();
  const token = { accessToken: 'the-token-of-before', expiration: now + remainingMs, clockSkew: 0 };
  const session = createSession(deployment, userid, token, now - 3_600_000);
  secrets.stored.set(sessionKey(deployment, userid), storedText(session));
  return session;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
