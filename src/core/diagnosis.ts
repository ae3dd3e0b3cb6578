import { AiriskError, hasCode, type NextStep, nextStepOf } from './errors.ts';
import { authorizeSilently, refusal } from './oauth/authorizationRequest.ts';
import type { EntryProblem } from './oauth/configuredDeployments.ts';
import { createState } from './oauth/state.ts';
import type { Deployment } from './oauth/deployment.ts';
import { errorDetails, isAiriskError, isPassing, movedTo, redirectTarget } from './oauth/errorResponse.ts';
import { type Http, httpDate, send, watch } from './oauth/http.ts';
import { isOtherEditor, redirectKind } from './oauth/redirectUri.ts';
import { requestToken } from './oauth/tokenRequest.ts';
import type { SecretStore } from './sessions/store.ts';
import { plainText } from './text.ts';

/** What is looked at, in the order in which one thing depends on the one before. */
export type Check =
  | 'settings'
  | 'secretStorage'
  | 'clientSecret'
  | 'redirectUri'
  | 'uriScheme'
  | 'deployment'
  | 'clock'
  | 'authorization'
  | 'token';

/** What stands beside a check when no error says it. */
type Detail =
  | 'callback'
  | 'changingCallback'
  | 'otherEditor'
  | 'elsewhere'
  | 'loopback'
  | 'paste'
  | 'browserOpens'
  | 'opener'
  | 'noOpener'
  | 'page'
  | 'skew'
  | 'missing'
  | 'invalid'
  | 'unexpected';

/** The result of one check. Texts in it may come from outside: {@link redact} before showing. */
export interface Finding {
  readonly check: Check;
  /** `undefined` when another failure left nothing to look at. */
  readonly ok: boolean | undefined;
  readonly error?: AiriskError;
  readonly detail?: Detail;
  /** What the words name: an address, a client id, a number of seconds, a setting. */
  readonly fact?: string;
  /** Why a deployment is left out. */
  readonly problem?: EntryProblem;
  readonly nextStep?: NextStep | undefined;
}

/** What a test of the whole is made with. */
interface Diagnosed {
  readonly deployment: Deployment;
  readonly clientSecret: string | undefined;
  readonly format: 'form' | 'json';
  /** As a sign-in would send it; `undefined` when there is none that could work. */
  readonly redirectUri: string | undefined;
}

// Sessions allow for a skew that was measured; a clock that is off by more makes certificates and logs wrong too.
const largestSkewMs = 60_000;

/**
 * Rehearses a sign-in against the deployment without a browser and without keeping what comes of it: is it
 * AIRisk, is this computer's clock right, does AIRisk know the client and the redirect URI, and when it redirects
 * at once: does it accept the client secret.
 * @param secrets takes every state, code and token that passes
 * @throws `AbortError` when `signal` aborts; failures are findings
 */
export async function rehearse(
  http: Http,
  diagnosed: Diagnosed,
  secrets: Set<string>,
  signal: AbortSignal,
): Promise<Finding[]> {
  const { deployment, clientSecret, format, redirectUri } = diagnosed;
  const findings: Finding[] = [];
  let clockSkew = 0;
  let dated = false;
  const watched = watch(
    noteDates(http, () => (dated = true)),
    secrets,
  );
  let code: string | undefined;
  const look = async (check: Check, task: (() => Promise<Partial<Finding>>) | undefined): Promise<void> => {
    if (!task || findings.some(({ error }) => error)) findings.push({ check, ok: undefined });
    else findings.push(await examine(check, task));
  };

  await look('deployment', async () => {
    clockSkew = await findDeployment(watched, deployment.origin, signal);
    return { fact: deployment.origin };
  });
  await look('clock', dated ? async () => skewDetail(clockSkew) : undefined);
  await look(
    'authorization',
    redirectUri === undefined
      ? undefined
      : async () => {
          code = await codeOrPage(watched, { deployment, redirectUri, userid: '' }, signal);
          return code === undefined ? { detail: 'page' } : {};
        },
  );
  await look(
    'token',
    code === undefined || redirectUri === undefined || clientSecret === undefined
      ? undefined
      : async () => {
          const request = { deployment, clientSecret, redirectUri, code: code ?? '', userid: '', format };
          secrets.add((await requestToken(watched, request, signal)).accessToken);
          return {};
        },
  );
  return findings;
}

/** One check: what `task` throws as an AiriskError is what is wrong, and so is what it returns with a next step. */
export async function examine(check: Check, task: () => Promise<Partial<Finding>>): Promise<Finding> {
  try {
    const finding = await task();
    return { ok: finding.nextStep === undefined, ...finding, check };
  } catch (error) {
    if (!(error instanceof AiriskError)) throw error;
    return { check, ok: false, error, nextStep: nextStepOf(error) };
  }
}

/**
 * Compares the configured redirect URI with the callback of this editor.
 * @param browser whether the editor runs in one: its callback then changes with every sign-in
 */
export function redirectDetail(redirectUri: string, callback: string, browser: boolean): Partial<Finding> {
  const kind = redirectKind(redirectUri, callback);
  if (kind === 'uriHandler') return { detail: browser ? 'changingCallback' : 'callback', fact: callback };
  const fact = redirectUri;
  if (kind !== 'elsewhere') return { detail: kind, fact };
  return { detail: isOtherEditor(redirectUri, callback) ? 'otherEditor' : kind, fact, nextStep: 'editor' };
}

/**
 * Checks that SecretStorage keeps and forgets what it is asked to.
 * @param secrets takes what is stored meanwhile
 * @throws AiriskError `storage`
 */
export async function probe(store: SecretStore, secrets: Set<string>): Promise<Record<string, never>> {
  const value = createState();
  secrets.add(value);
  // Another one each time: two windows may be diagnosed at once.
  const key = `probe:${crypto.randomUUID()}`;
  let read: string | undefined;
  try {
    await store.store(key, value);
    read = await store.get(key);
  } finally {
    // Also after a time-out: it may have been written all the same.
    await store.delete(key);
  }
  if (read !== value || (await store.get(key)) !== undefined) throw new AiriskError('storage');
  return {};
}

/**
 * Asks the token endpoint for nothing: AIRisk names a field that is missing, `Invalid …`, or describes the problem
 * (airisk-api.md, Token endpoint, errors), whatever answers in its place does not. Nothing secret is sent.
 * @returns server clock minus this computer's clock, ms
 * @throws AiriskError `invalid_response` when it is not AIRisk, `moved`, `server_error`, and what {@link send} throws
 */
export async function findDeployment(http: Http, origin: string, signal?: AbortSignal): Promise<number> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const url = `${origin}/api/oauth2/Token`;
  const answer = await send(http, url, { method: 'POST', headers, body: '' }, signal);
  const { status, location, body, clockSkew } = answer;
  const subject = new URL(origin).host;
  if (isPassing(answer)) throw new AiriskError('server_error', errorDetails(answer));
  if (isAiriskError(answer)) return clockSkew;
  const moved = movedTo(url, location);
  if (moved) throw new AiriskError('moved', { subject, status, reason: moved });
  const title = /<title>([^<]*)/i.exec(body)?.[1] ?? '';
  throw new AiriskError('invalid_response', {
    subject,
    status,
    reason: plainText(title) || plainText(redirectTarget(url, location)),
  });
}

async function codeOrPage(
  http: Http,
  request: Parameters<typeof authorizeSilently>[1],
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return await authorizeSilently(http, request, signal);
  } catch (error) {
    if (!hasCode(error, 'not_silent')) throw error;
    if (error.reason) throw refusal(error, request);
    return undefined;
  }
}

// A skew of 0 can also mean that the answer had no time in it.
function noteDates(http: Http, note: () => void): Http {
  return {
    ...http,
    fetch: async (input, init) => {
      const response = await http.fetch(input, init);
      if (!Number.isNaN(httpDate(response.headers.get('date')))) note();
      return response;
    },
  };
}

function skewDetail(clockSkew: number): Partial<Finding> {
  if (Math.abs(clockSkew) < largestSkewMs) return {};
  return { detail: 'skew', fact: String(Math.round(clockSkew / 1_000)), nextStep: 'clock' };
}
