import { once } from 'node:events';
import { createServer } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { leftovers, problemsOf } from './check.ts';
import { drawPlan, faultNames, type Plan } from './plan.ts';
import { play } from './play.ts';
import { randomOf } from './random.ts';
import { setScene } from './scene.ts';
import { startWatch, type Watch } from './watch.ts';

/** Which runs are played. */
export interface FaultRunOptions {
  readonly seed: number;
  readonly runs: number;
  /** How many at a time. */
  readonly parallel: number;
}

/** What one run came to. */
export interface RunReport {
  readonly number: number;
  readonly plan: Plan;
  readonly faults: readonly string[];
  readonly outcomes: readonly string[];
  readonly problems: readonly string[];
  readonly ms: number;
}

/** What all runs came to. */
export interface FaultReport {
  readonly runs: readonly RunReport[];
  /** What is wrong with all of them together: what is left in the process, or was sent where nobody chose. */
  readonly problems: readonly string[];
}

/** Plays runs with faults drawn from a seed. Run `n` is the same whatever the number of runs. */
export async function runFaults({ seed, runs, parallel }: FaultRunOptions): Promise<FaultReport> {
  // Where a redirected token request would end up.
  const strangers: string[] = [];
  const elsewhere = createServer((request, response) => {
    strangers.push(`${request.method} ${request.url}`);
    response.end();
  });
  elsewhere.listen(0, '127.0.0.1');
  await once(elsewhere, 'listening');
  const address = elsewhere.address();
  const origin = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
  // Mocha's own timer starts only after a test has returned its promise.
  await turn();
  const watch = startWatch();
  const reports: RunReport[] = [];
  const problems: string[] = [];
  try {
    for (let first = 0; first < runs; first += parallel) {
      const numbers = Array.from({ length: Math.min(parallel, runs - first) }, (_, index) => first + index);
      reports.push(...(await Promise.all(numbers.map((number) => playRun(watch, seed, number, origin)))));
      const left = await watch.leftInProcess();
      if (left.length > 0)
        problems.push(`after runs ${first} to ${first + numbers.length - 1}: ${left.join()}`);
    }
  } finally {
    watch.stop();
    elsewhere.close();
  }
  problems.push(...watch.rejections.map((reason) => `unhandled rejection: ${String(reason)}`));
  problems.push(...strangers.map((request) => `a redirect of the token request was followed: ${request}`));
  return { runs: reports, problems };
}

async function playRun(watch: Watch, seed: number, number: number, otherOrigin: string): Promise<RunReport> {
  const plan = drawPlan(randomOf(seed * 1_000_003 + number), otherOrigin);
  const scene = await setScene(plan);
  const played = await watch.during(number, () => play(plan, scene));
  const problems = await problemsOf(plan, scene, played);
  await scene.close();
  problems.push(...(await leftovers(scene)));
  await scene.otherWindow?.close();
  problems.push(...(await watch.timersOf(number)).map((made) => `a timer is left, made ${made}`));
  return {
    number,
    plan,
    faults: faultNames(plan),
    outcomes: played.ends.map(({ outcome }) => outcome.replace("Error: another window's", 'other window')),
    problems,
    ms: played.longestMs,
  };
}
