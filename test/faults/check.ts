import { inspect, isDeepStrictEqual } from 'node:util';
import * as z from 'zod/mini';
import {
  keyOf,
  readStoredSession,
  type Session,
  sessionKeyPrefix,
  storedText,
} from '../../src/core/sessions/session.ts';
import { type Plan, isHarmless, isHopeless } from './plan.ts';
import type { End, Played } from './play.ts';
import { isFree } from '../harness/ports.ts';
import type { Scene } from './scene.ts';

/** What is wrong with how a run ended; the scene still stands. */
export async function problemsOf(plan: Plan, scene: Scene, played: Played): Promise<string[]> {
  scene.secrets.mood = 'works';
  await scene.secrets.settled();
  return [
    ...played.ends.flatMap((end) => endProblems(plan, scene, end)),
    ...(await storeProblems(scene, played)),
    ...(await requestProblems(scene, played)),
    ...(await neighbourProblems(scene)),
  ];
}

/** What is wrong after the scene has been cleared. */
export async function leftovers({ ports, secrets, otherWindow }: Scene): Promise<string[]> {
  const taken = await Promise.all(ports.map(async (port) => ((await isFree(port)) ? [] : [port])));
  return [
    ...taken.flat().map((port) => `port ${port} is still taken`),
    ...((await otherWindow?.leftovers()) ?? []).map((file) => `${file} is left for another window`),
    ...(secrets.listeners() > 0 ? [`${secrets.listeners()} listeners on SecretStorage`] : []),
  ];
}

// What an event loop is late by that many runs share.
const slackMs = 3_000;

function endProblems(plan: Plan, scene: Scene, { userid, outcome, session, ms }: End): string[] {
  if (outcome === 'sign_in_timeout' && ms > scene.signInTimeoutMs + slackMs)
    return [`its time was up after ${scene.signInTimeoutMs} ms, and it ended after ${Math.round(ms)}`];
  if (session) {
    if (isHopeless(plan)) return ['a session from answers that allow none'];
    return isGranted(scene, userid, session) ? [] : ['a session that AIRisk did not grant'];
  }
  if (isHarmless(plan)) return [`${outcome}, though nothing went wrong`];
  if (outcome === 'cancelled') return plan.local.includes('cancel') ? [] : ['cancelled by nobody'];
  if (outcome === "Error: another window's") return [];
  return /^[a-z_]+$/.test(outcome) ? [] : [`not one clear error: ${outcome}`];
}

const Claims = z.object({ client_id: z.string(), userid: z._default(z.string(), ''), exp: z.number() });

function isGranted({ deployment }: Scene, userid: string, session: Session): boolean {
  const [, payload] = session.accessToken.split('.');
  if (payload === undefined) return false;
  const claims = Claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
  return (
    session.userid === userid &&
    claims.userid === userid &&
    claims.client_id === deployment.clientId &&
    Math.abs(claims.exp * 1_000 - session.expiration) <= 1_000
  );
}

/** SecretStorage holds what was confirmed, nothing else, and the window shows the same. */
async function storeProblems(scene: Scene, { ends, before }: Played): Promise<string[]> {
  const { secrets, deployment, sessions } = scene;
  const confirmed = new Map(before);
  for (const { userid, session } of ends) if (session) confirmed.set(userid, session);
  const prefix = sessionKeyPrefix(deployment);
  const stored = new Map<string, Session>();
  for (const [key, text] of secrets.stored) {
    if (!key.startsWith(prefix)) continue;
    const session = readStoredSession(key, text);
    if (session) stored.set(session.userid, session);
  }
  const shown = new Map((await sessions.listStored(deployment)).map((session) => [session.userid, session]));
  // A write that came late was neither confirmed nor undone: it is there, and it is shown.
  for (const { userid, outcome } of ends) {
    const late = stored.get(userid);
    if (outcome === 'storage' && late && isGranted(scene, userid, late)) confirmed.set(userid, late);
  }
  return [
    ...(isDeepStrictEqual(stored, confirmed)
      ? []
      : [`stored ${names(stored)}, confirmed ${names(confirmed)}`]),
    ...(isDeepStrictEqual(shown, stored) ? [] : [`shown ${names(shown)}, stored ${names(stored)}`]),
  ];
}

function names(sessions: ReadonlyMap<string, Session>): string {
  return `[${[...sessions.keys()].map((userid) => userid || 'the application').join(', ')}]`;
}

/** The other deployment is as it was, and has heard of nothing. */
async function neighbourProblems({ neighbour, sessions, secrets }: Scene): Promise<string[]> {
  const { emulator, session } = neighbour;
  const requests = (await emulator.client.requests()).length;
  const shown = await sessions.listStored(session.deployment);
  return [
    ...(requests > 0 ? [`${requests} requests went to the other deployment`] : []),
    ...(secrets.stored.get(keyOf(session)) === storedText(session)
      ? []
      : ['the session of the other deployment is not what it was']),
    ...(isDeepStrictEqual(shown, [session]) ? [] : [`the other deployment shows ${shown.length} sessions`]),
  ];
}

/** A code is sent once; no error holds a secret. */
async function requestProblems(
  { emulator, clientSecret, secrets }: Scene,
  { ends }: Played,
): Promise<string[]> {
  const requests = await emulator.client.requests().catch(() => []);
  const sent = requests.filter(({ method }) => method === 'POST').map(({ body }) => body['code'] ?? '');
  const codes = sent.filter((code) => code !== '');
  const marked = [
    clientSecret,
    ...codes,
    ...requests.map(({ query }) => query['state'] ?? ''),
    ...[...secrets.stored].flatMap(([, text]) => /"accessToken":"([^"]+)"/.exec(text)?.[1] ?? ''),
  ].filter((secret) => secret !== '');
  // With all causes: VS Code hands them on as well.
  const told = ends.map(({ error }) => inspect(error, { depth: Infinity })).join();
  return [
    ...(new Set(codes).size === codes.length ? [] : ['a code was sent twice']),
    ...(marked.some((secret) => told.includes(secret)) ? ['an error holds a secret'] : []),
  ];
}
