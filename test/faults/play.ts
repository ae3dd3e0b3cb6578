import { setTimeout as sleep } from 'node:timers/promises';
import { isAbort, AiriskError } from '../../src/core/errors.ts';
import { listUsers } from '../../src/core/oauth/users.ts';
import { type Session, sessionKey } from '../../src/core/sessions/session.ts';
import { strayCallbacks } from './browser.ts';
import type { Plan } from './plan.ts';
import { type Scene, storedBefore } from './scene.ts';

/** How one sign-in or renewal ended. */
export interface End {
  readonly userid: string;
  /** `session`, `cancelled`, an error's code, `another window's`; anything else is a problem. */
  readonly outcome: string;
  readonly session?: Session;
  readonly error?: unknown;
  readonly ms: number;
}

/** What a run came to. */
export interface Played {
  readonly ends: readonly End[];
  /** What was stored before, by userid. */
  readonly before: ReadonlyMap<string, Session>;
  readonly longestMs: number;
}

/** Plays a plan to its end. */
export async function play(plan: Plan, scene: Scene): Promise<Played> {
  const before = new Map<string, Session>();
  if (plan.flow === 'renewal') {
    before.set(plan.userid, storedBefore(scene, plan.userid, plan.remainingMs));
  }
  const controller = new AbortController();
  const strikes = strike(plan, scene, controller);
  const started = performance.now();
  const ends = await perform(plan, scene, controller.signal);
  const longestMs = performance.now() - started;
  await strikes;
  return { ends, before, longestMs };
}

async function perform(plan: Plan, scene: Scene, signal: AbortSignal): Promise<End[]> {
  const { userid } = plan;
  const end = (task: Promise<Session>, user: string = userid): Promise<End> => endOf(scene, user, task);
  switch (plan.flow) {
    case 'browser':
    case 'otherWindow':
      return [await end(scene.signIn(userid, signal))];
    case 'silent':
      return [await end(scene.signInSilently(userid))];
    case 'renewal':
      return [await renewed(plan, scene)];
    case 'listed':
      return listed(plan, scene, signal);
    case 'twiceOne':
      return Promise.all([end(scene.signIn(userid, signal)), end(scene.signIn(userid, signal, 1))]);
    case 'twoUsers':
      return Promise.all([
        end(scene.signIn('user_7', signal), 'user_7'),
        end(scene.signIn('user_88', signal, 1), 'user_88'),
      ]);
  }
}

/** The two-step process: a generic token, the list, a user's token. */
async function listed(plan: Plan, scene: Scene, signal: AbortSignal): Promise<End[]> {
  const generic = await endOf(scene, '', scene.signIn('', signal));
  if (!generic.session) return [generic];
  const { accessToken } = generic.session;
  const user = await endOf(
    scene,
    plan.userid,
    (async () => {
      const { users } = await listUsers(scene.http, scene.deployment, accessToken, signal);
      if (!users.some(({ userid }) => userid === plan.userid)) throw new Error('the user is not listed');
      return scene.signIn(plan.userid, signal);
    })(),
  );
  return [generic, user];
}

async function renewed({ userid, local }: Plan, scene: Scene): Promise<End> {
  const { secrets, deployment, sessions, failures } = scene;
  if (local.includes('leaseHeld')) {
    const lease = { owner: 'another window', until: Date.now() + 300 };
    secrets.stored.set(`lease:v1:${sessionKey(deployment, userid)}`, JSON.stringify(lease));
  }
  return endOf(
    scene,
    userid,
    (async () => {
      const session = await sessions.find(deployment, userid);
      if (session && session.accessToken !== 'the-token-of-before') return session;
      const [failure] = failures;
      if (failure !== undefined) throw failure;
      throw new Error(local.includes('leaseHeld') ? "another window's" : 'neither a token nor an error');
    })(),
  );
}

async function endOf({ limitMs }: Scene, userid: string, task: Promise<Session>): Promise<End> {
  const started = performance.now();
  const end = (outcome: string): Pick<End, 'userid' | 'outcome' | 'ms'> => ({
    userid,
    outcome,
    ms: performance.now() - started,
  });
  const late = new AbortController();
  const limit = sleep(limitMs, undefined, { signal: late.signal, ref: false }).then(() => {
    throw new Error(`no end after ${limitMs} ms`);
  });
  try {
    const session = await Promise.race([task, limit]);
    return { ...end('session'), session };
  } catch (error) {
    if (error instanceof AiriskError) return { ...end(error.code), error };
    return { ...end(isAbort(error) ? 'cancelled' : String(error)), error };
  } finally {
    late.abort();
    limit.catch(() => undefined);
  }
}

async function strike(plan: Plan, scene: Scene, controller: AbortController): Promise<void> {
  const { local, strikesAtMs } = plan;
  const { secrets, emulator } = scene;
  if (local.includes('storageForAWhile')) secrets.mood = 'waits';
  // Half of the time when a session is written: no moment drawn at random would meet that often.
  const atWrite = strikesAtMs % 2 === 1;
  if (atWrite && local.includes('storageFails')) secrets.moodAtWrite = 'fails';
  if (atWrite && local.includes('storageHangs')) secrets.moodAtWrite = 'hangs';
  if (atWrite && local.includes('storageLate')) secrets.moodAtWrite = 'late';
  await sleep(strikesAtMs);
  for (const fault of local) {
    if (fault === 'cancel') controller.abort();
    if (fault === 'storageFails' && !atWrite) secrets.mood = 'fails';
    if (fault === 'storageHangs' && !atWrite) secrets.mood = 'hangs';
    if (fault === 'storageLate' && !atWrite) secrets.mood = 'late';
    if (fault === 'storageForAWhile') secrets.mood = 'works';
    if (fault === 'unreachable') await emulator.close();
    if (fault === 'strayCallbacks') await strayCallbacks(scene.redirectUri(0));
  }
}
