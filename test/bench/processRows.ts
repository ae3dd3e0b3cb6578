import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import { bytes, ms, type Row } from './row.ts';
import { runChild } from './runChild.ts';
import type { Bundles } from './stageBundles.ts';
import { median } from './statistics.ts';

/** How often the measurements of one run are repeated. */
export interface Effort {
  /** Fresh processes for each figure. */
  readonly processes: number;
  /** Calls of `getSession` in one round. */
  readonly calls: number;
  readonly callRounds: number;
  readonly signIns: number;
  readonly windowLoads: number;
}

/** What is needed to measure in processes of one's own, without a VS Code. */
export interface ProcessBench {
  /** The Node that runs VS Code's own extensions. */
  readonly node: string;
  readonly bundles: Bundles;
  readonly effort: Effort;
}

const duration = z.object({ ms: z.number() });
const heap = z.object({ bytes: z.number() });
const idleCounts = z.object({ updates: z.number(), timers: z.number(), pending: z.number() });

async function repeat<T>(times: number, measure: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let round = 0; round < times; round++) results.push(await measure());
  return results;
}

/** Bytes of the bundles and of the package. */
export async function sizeRows({ ours, helper, github, microsoft, vsixBytes }: Bundles): Promise<Row[]> {
  const [own, githubs, microsofts] = await Promise.all(
    [[ours, helper], [github], [microsoft]].map(async (files) => {
      const content = Buffer.concat(await Promise.all(files.map((file) => readFile(file))));
      return {
        length: content.length,
        text: `${bytes(content.length)}, gzip ${bytes(gzipSync(content).length)}`,
      };
    }),
  );
  return [
    {
      what: 'bundle, minified',
      how: 'bytes of all JavaScript in the .vsix',
      ours: own?.text ?? '',
      beside: `github ${githubs?.text}; microsoft ${microsofts?.text}`,
      figure: (own?.length ?? NaN) / (githubs?.length ?? NaN),
      goal: 0.6,
      unit: 'of github',
    },
    {
      what: '.vsix',
      how: 'bytes of the package without screenshots',
      ours: bytes(vsixBytes),
      beside: '',
      figure: vsixBytes,
      goal: 150 * 1024,
      unit: 'bytes',
    },
  ];
}

/** `require` of the bundles in fresh processes, in turn. */
export async function loadRow({ node, bundles, effort }: ProcessBench): Promise<Row> {
  const load = (bundle: string): Promise<{ ms: number }> =>
    runChild(node, [bundles.child('load'), bundle], duration);
  const rounds = await repeat(effort.processes, async () => ({
    ours: (await load(bundles.ours)).ms,
    github: (await load(bundles.github)).ms,
    microsoft: (await load(bundles.microsoft)).ms,
  }));
  const ours = median(rounds.map((round) => round.ours));
  const github = median(rounds.map((round) => round.github));
  const microsoft = median(rounds.map((round) => round.microsoft));
  return {
    what: 'load',
    how: `require of the bundle in a fresh Node process, median of ${rounds.length}`,
    ours: ms(ours),
    beside: `github ${ms(github)}; microsoft ${ms(microsoft)}`,
    figure: ours / github,
    goal: 0.33,
    unit: 'of github',
  };
}

/** The heap that an extension adds, after forced garbage collection. */
export async function memoryRows({ node, bundles, effort }: ProcessBench): Promise<Row[]> {
  const measure = async (bundle: string, count: number | ''): Promise<number> =>
    (await runChild(node, ['--expose-gc', bundles.child('memory'), bundle, count], heap)).bytes;
  const rounds = await repeat(Math.ceil(effort.processes / 2), async () => ({
    ours: await measure(bundles.ours, ''),
    github: await measure(bundles.github, ''),
    none: await measure(bundles.ours, 0),
    many: await measure(bundles.ours, 1_000),
  }));
  const of = (key: keyof (typeof rounds)[number]): number => median(rounds.map((round) => round[key]));
  const each = (of('many') - of('none')) / 1_000;
  return [
    {
      what: 'memory, signed out',
      how: 'heap after load and activation, after forced GC',
      ours: bytes(of('ours')),
      beside: `github ${bytes(of('github'))}`,
      figure: of('ours') / of('github'),
      goal: 0.5,
      unit: 'of github',
    },
    {
      what: 'memory, each session',
      how: 'the same with 1,000 sessions read, tokens of 300 characters',
      ours: bytes(each),
      beside: '',
      figure: each,
      goal: 4 * 1024,
      unit: 'bytes',
    },
  ];
}

/** Redraws and timers in an hour, counted on a fake clock. */
export async function idleRows({ node, bundles }: ProcessBench): Promise<Row[]> {
  const cases = [
    { what: 'idle, signed out', count: 0, goal: 0 },
    { what: 'idle, one session of 8 h', count: 1, goal: 60 },
    { what: 'idle, ten sessions', count: 10, goal: 60 },
    { what: 'idle, ten sessions at each of three deployments', count: 10, others: 2, goal: 60 },
  ];
  return Promise.all(
    cases.map(async ({ what, count, others = 0, goal }) => {
      const idle = await runChild(node, [bundles.child('idle'), bundles.ours, count, others], idleCounts);
      return {
        what,
        how: 'status bar updates and timers fired in an hour of a fake clock',
        ours: `${idle.updates} updates, ${idle.timers} timers, ${idle.pending} at a time`,
        beside: '',
        figure: Math.max(idle.updates, idle.timers, idle.pending),
        goal,
        unit: 'an hour',
      };
    }),
  );
}

/** Calls with thousands of sessions in a storage that takes as long as the real one, and the first one. */
export async function storageRows({ node, bundles, effort }: ProcessBench): Promise<Row[]> {
  const measure = async (count: number): Promise<number> => {
    const child = ['--expose-gc', bundles.child('storage'), bundles.ours, count, effort.calls];
    return (await runChild(node, child, duration)).ms;
  };
  const rounds = await repeat(Math.ceil(effort.processes / 3), async () => ({
    one: await measure(1),
    thousand: await measure(1_000),
    most: await measure(5_000),
  }));
  const p50 = (key: 'one' | 'thousand' | 'most'): number => median(rounds.map((round) => round[key]));
  const alone = median(
    (await repeat(3, () => runChild(node, [bundles.child('oneOfMany'), bundles.ours, 1_000], duration))).map(
      (one) => one.ms,
    ),
  );
  return [
    {
      what: 'silent getSession, 1 to 5,000 userids',
      how: `p50 of ${effort.calls} calls of the provider, storage double with the measured delays`,
      ours: `${ms(p50('one'))} with 1, ${ms(p50('thousand'))} with 1,000, ${ms(p50('most'))} with 5,000`,
      beside: '',
      figure: p50('most') / p50('one'),
      goal: 1.3,
      unit: 'of 1 userid',
    },
    {
      what: 'first getSessions for one userid of 1,000',
      how: 'every other record takes a second to read',
      ours: ms(alone),
      beside: 'waiting for another one: 1000 ms',
      figure: alone,
      goal: 500,
      unit: 'ms',
    },
  ];
}

const flows = z.object({
  signIn: z.array(z.number()),
  bareSignIn: z.array(z.number()),
  renewal: z.array(z.number()),
  bareRenewal: z.array(z.number()),
});

/** Sign-in and renewal beside a bare script, the emulator's own time taken off both. */
export async function signInRows({ node, bundles, effort }: ProcessBench, origin: string): Promise<Row[]> {
  const samples = await runChild(
    node,
    [bundles.child('signIn'), bundles.ours, origin, effort.signIns],
    flows,
  );
  const row = (what: string, ours: number, bare: number, how: string): Row => ({
    what,
    how,
    ours: ms(ours),
    beside: `bare script ${ms(bare)}`,
    figure: ours / bare,
    goal: 1.3,
    unit: 'of the bare script',
  });
  return [
    row(
      'sign-in overhead',
      median(samples.signIn),
      median(samples.bareSignIn),
      `redirect delivered to session returned, without the emulator's time, median of ${effort.signIns}`,
    ),
    row(
      'silent renewal',
      median(samples.renewal),
      median(samples.bareRenewal),
      `two requests and what is stored, without the emulator's time, median of ${effort.signIns}`,
    ),
  ];
}
