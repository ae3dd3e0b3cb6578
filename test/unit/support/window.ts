import type { Deployment } from '../../../src/core/oauth/deployment.ts';
import type { Token } from '../../../src/core/oauth/tokenRequest.ts';
import { ClockCheck } from '../../../src/core/sessions/clockCheck.ts';
import { Leases } from '../../../src/core/sessions/leases.ts';
import { Renewals } from '../../../src/core/sessions/renewals.ts';
import type { Session } from '../../../src/core/sessions/session.ts';
import { Sessions, type SessionsChange } from '../../../src/core/sessions/sessions.ts';
import { SessionStore } from '../../../src/core/sessions/store.ts';
import type { SecretHost, SecretWindow } from './secretStorage.ts';

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

export const deployment: Deployment = {
  origin: 'https://demo.aicrisk.com',
  clientId: 'abc123',
  key: 'a'.repeat(32),
};
export const otherDeployment: Deployment = { ...deployment, clientId: 'xyz789', key: 'b'.repeat(32) };

/** A token like no other that lives for so long, from a server whose clock agrees. */
export function newToken(lifetime = hour): Token {
  return { accessToken: `token-${crypto.randomUUID()}`, expiration: Date.now() + lifetime, clockSkew: 0 };
}

/** What a test may set about a window; the rest is as it is for most users. */
export interface WindowOptions {
  readonly deployment?: Deployment | undefined;
  readonly jitter?: number;
  readonly now?: () => number;
  readonly monotonic?: () => number;
  readonly requestTimeoutMs?: number;
}

/** The session layer of one window, wired as in `extension.ts`, and what came of it. */
export interface Window {
  readonly secrets: SecretWindow;
  readonly store: SessionStore;
  readonly renewals: Renewals;
  readonly sessions: Sessions;
  /** What listeners were told, each as `added user_1 (signIn)`. */
  readonly told: string[];
  /** The userids for which a silent request has begun, with the one for a code. */
  readonly begun: string[];
  /** The userids that tokens were requested for without asking anybody. */
  readonly requests: string[];
  readonly failures: unknown[];
  readonly damaged: string[];
  renewsSilently: boolean;
  /** How AIRisk answers a silent request. */
  answer: (userid: string) => Promise<Token>;
  /** What AIRisk says about this window's clock: server clock minus this clock, ms. */
  measureSkew: () => Promise<number>;
  readonly signIn: (userid: string, token?: Token) => Promise<Session>;
  /** Ends the window, without a word to the others. */
  readonly close: () => void;
}

/** Opens a window on a host's secrets. */
export function openWindow(host: SecretHost, options: WindowOptions = {}): Window {
  const { jitter = 0, now = Date.now, monotonic = () => performance.now() } = options;
  const current = 'deployment' in options ? options.deployment : deployment;
  const secrets = host.openWindow();
  const [told, requests, failures, damaged]: [string[], string[], unknown[], string[]] = [[], [], [], []];
  const begun: string[] = [];
  const store = new SessionStore(secrets, (key) => damaged.push(key));
  const renewals = new Renewals({
    store,
    leases: new Leases(secrets, now),
    now,
    jitter,
    warningMs: () => 0,
    requestTimeoutMs: () => options.requestTimeoutMs ?? 30 * second,
    requestToken: async (_deployment, userid, allowed) => {
      begun.push(userid);
      await allowed;
      requests.push(userid);
      return window.answer(userid);
    },
    onFailure: (error) => failures.push(error),
  });
  const renewsSilently = (): boolean => window.renewsSilently;
  const clockCheck = new ClockCheck({ store, now, monotonic, measureSkew: () => window.measureSkew() });
  const sessions = new Sessions({ store, renewals, clockCheck, renewsSilently, now, deployment: current });
  sessions.onDidChange((change) => told.push(...lines(change)));
  const window: Window = {
    secrets,
    store,
    renewals,
    sessions,
    told,
    begun,
    requests,
    failures,
    damaged,
    renewsSilently: true,
    answer: () => Promise.resolve(newToken()),
    measureSkew: () => Promise.resolve(Date.now() - now()),
    signIn: (userid, token = newToken()) =>
      sessions.signIn(sessions.deployment ?? deployment, userid, () => Promise.resolve(token)),
    close() {
      sessions.dispose();
      store.dispose();
    },
  };
  return window;
}

/** The userids of sessions, in order. */
export function userids(sessions: readonly Session[]): string[] {
  return sessions.map(({ userid }) => userid);
}

function lines({ added, changed, removed, reason }: SessionsChange): string[] {
  const line = (verb: string) => (session: Session) =>
    `${verb} ${session.userid || 'the application'} (${reason})`;
  return [...added.map(line('added')), ...changed.map(line('changed')), ...removed.map(line('removed'))];
}
