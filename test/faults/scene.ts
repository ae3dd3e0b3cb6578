import { createHash } from 'node:crypto';
import type { Server } from 'node:net';
import { type Emulator, startEmulator } from '../emulator/emulator.ts';
import { primaryClient } from '../emulator/seed.ts';
import { findDeployment } from '../../src/core/diagnosis.ts';
import { type Deployment, deploymentOf } from '../../src/core/oauth/deployment.ts';
import type { Http } from '../../src/core/oauth/http.ts';
import { ClockCheck } from '../../src/core/sessions/clockCheck.ts';
import { Leases } from '../../src/core/sessions/leases.ts';
import { Renewals } from '../../src/core/sessions/renewals.ts';
import { type Session, sessionKey } from '../../src/core/sessions/session.ts';
import { Sessions } from '../../src/core/sessions/sessions.ts';
import { SessionStore } from '../../src/core/sessions/store.ts';
import {
  type RedirectReceiver,
  type SignInRequest,
  signIn,
  signInSilently,
} from '../../src/core/oauth/signIn.ts';
import { LoopbackReceiver } from '../../src/node/loopback.ts';
import { createSecretStore } from '../../src/vscode/secretStorage.ts';
import { type NodeBrowser, openBrowser } from './browser.ts';
import { type Plan, isHarmless } from './plan.ts';
import { type OtherWindow, openOtherWindow } from './otherWindow.ts';
import { freePort, occupy } from './ports.ts';
import { type BreakableSecrets, breakableSecrets } from './secrets.ts';

/** Everything that one run plays with: an AIRisk, a browser, a SecretStorage, and the extension's own parts on them. */
export interface Scene {
  readonly emulator: Emulator;
  readonly deployment: Deployment;
  readonly secrets: BreakableSecrets;
  readonly store: SessionStore;
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
  const silently = (userid: string, allowed?: Promise<void>) => {
    const prepare = async () => allowed?.then(() => request(userid)) ?? request(userid);
    return signInSilently(http, { deployment, redirectUri: redirectUri(0), userid }, prepare());
  };

  const secrets = breakableSecrets();
  const keep = createSecretStore(secrets.api, storageTimeoutMs);
  const store = new SessionStore(keep, () => undefined);
  const failures: unknown[] = [];
  const renewals = new Renewals({
    store,
    leases: new Leases(keep, Date.now),
    now: Date.now,
    jitter: 0,
    warningMs: () => 0,
    requestTimeoutMs: () => 30_000,
    requestToken: (_deployment, userid, allowed) => silently(userid, allowed),
    onFailure: (error) => failures.push(error),
  });
  const measureSkew = () => findDeployment(http, deployment.origin);
  const monotonic = () => performance.now();
  const clockCheck = new ClockCheck({ store, now: Date.now, monotonic, measureSkew });
  const renewsSilently = () => true;
  const sessions = new Sessions({ store, renewals, clockCheck, renewsSilently, now: Date.now, deployment });
  const browser = openBrowser(plan);
  const taken = await takePorts(plan, ports);
  const otherWindow =
    plan.flow === 'otherWindow' ? await openOtherWindow(plan.local.includes('folderBroken')) : undefined;
  const receiver = (uri: string): RedirectReceiver =>
    otherWindow?.receiver(uri) ?? new LoopbackReceiver(uri, { language: 'en', title: 'Back', body: '' });
  return {
    emulator,
    deployment,
    secrets,
    store,
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
      sessions.signIn(deployment, userid, () =>
        signIn(
          request(userid),
          {
            http,
            receiver: receiver(redirectUri(number)),
            open: (url) => browser.open(url),
            timeoutMs: signInTimeoutMs,
          },
          signal,
        ),
      ),
    signInSilently: (userid) => sessions.signIn(deployment, userid, () => silently(userid)),
    async close() {
      secrets.mood = 'works';
      await browser.close();
      sessions.dispose();
      store.dispose();
      await emulator.close();
      for (const server of taken) await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function takePorts({ local, host, takenHost }: Plan, [port = 0]: readonly number[]): Promise<Server[]> {
  if (!local.includes('portTaken')) return [];
  return [await occupy(port, host === 'localhost' ? takenHost : host.replaceAll(/[[\]]/g, ''))];
}

/** A token that came an hour ago, as another run of VS Code left it. */
export function storedBefore({ deployment, secrets }: Scene, userid: string, remainingMs: number): Session {
  const { origin, clientId } = deployment;
  const now = Date.now();
  const session: Session = {
    version: 1,
    origin,
    clientId,
    userid,
    accessToken: 'the-token-of-before',
    expiration: now + remainingMs,
    clockSkew: 0,
    obtained: now - 3_600_000,
  };
  secrets.stored.set(sessionKey(deployment, userid), JSON.stringify(session));
  return session;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
