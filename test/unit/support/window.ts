import { http } from './airisk.ts';
import type { Deployment } from '../../../src/core/oauth/deployment.ts';
import type { Token } from '../../../src/core/oauth/tokenRequest.ts';
import type { Session } from '../../../src/core/sessions/session.ts';
import { createSessionLayer } from '../../../src/core/sessions/sessionLayer.ts';
import type { SessionsChange } from '../../../src/core/sessions/entries.ts';
import type { Sessions } from '../../../src/core/sessions/sessions.ts';
import type { SessionStore } from '../../../src/core/sessions/store.ts';
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
  readonly deployments?: readonly Deployment[];
  readonly jitter?: number;
  readonly now?: () => number;
  readonly monotonic?: () => number;
}

/** The session layer of one window, put together as in `extension.ts`, and what came of it. */
export interface Window {
  readonly secrets: SecretWindow;
  readonly store: SessionStore;
  readonly sessions: Sessions;
  /** What listeners were told, each as `added user_1 (signIn)`. */
  readonly told: string[];
  /** The userids that tokens were requested for without asking anybody. */
  readonly requests: string[];
  readonly failures: unknown[];
  readonly damaged: string[];
  /** How often a renewal has begun or ended. */
  activities: number;
  renewsSilently: boolean;
  /** Whether somebody has this window before them. */
  isAttended: boolean;
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
  const { deployments = [deployment] } = options;
  const secrets = host.openWindow();
  const [told, requests, failures, damaged]: [string[], string[], unknown[], string[]] = [[], [], [], []];
  const kept: SessionStore[] = [];
  const { sessions, dispose } = createSessionLayer({
    secrets,
    tokenSource: (store) => {
      kept.push(store);
      return {
        request: () => Promise.reject(new Error('Nobody signs in through a browser here.')),
        requestSilently: (_deployment, userid) => {
          requests.push(userid);
          return window.answer(userid);
        },
      };
    },
    http: () => http,
    measureSkew: () => window.measureSkew(),
    deployments,
    renewsSilently: () => window.renewsSilently,
    isAttended: () => window.isAttended,
    warningMs: () => 0,
    jitter,
    now,
    monotonic,
    onDamaged: (key) => damaged.push(key),
    onFailure: (error) => failures.push(error),
    onActivity: () => void (window.activities += 1),
  });
  sessions.onDidChange((change) => told.push(...lines(change)));
  const [store] = kept;
  if (!store) throw new Error('The session layer has asked for no source of tokens.');
  const window: Window = {
    secrets,
    store,
    sessions,
    told,
    requests,
    failures,
    damaged,
    activities: 0,
    renewsSilently: true,
    isAttended: false,
    answer: () => Promise.resolve(newToken()),
    measureSkew: () => Promise.resolve(Date.now() - now()),
    signIn: (userid, token = newToken()) => sessions.add(deployments[0] ?? deployment, userid, token),
    close: dispose,
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
