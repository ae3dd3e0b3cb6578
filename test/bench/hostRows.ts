import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { guidClient, manyUsers, secondClient } from '../emulator/seed.ts';
import { changeSettings, signInForTests } from '../e2e/support/host.ts';
import { outputPath, projectFolder } from '../harness/paths.ts';
import { startStage } from '../harness/stage.ts';
import { dialog } from '../harness/workbench/dialog.ts';
import { quickInput } from '../harness/workbench/quickInput.ts';
import { screenshot } from '../harness/workbench/screenshot.ts';
import { evaluateInHost, openWindow, reloadWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import type { Bench, StartMeasurements } from './extension/measurements.ts';
import type { Effort } from './processRows.ts';
import { progress } from './progress.ts';
import { ms, type Row } from './row.ts';
import { median, quantile } from './statistics.ts';

const userid = 'user_42';
const stepTimeoutMs = 240_000;

async function buildBenchExtension(): Promise<string> {
  const source = join(projectFolder, 'test', 'bench', 'extension');
  const target = await outputPath('fixtures', 'airisk-test.bench-0.0.1');
  await mkdir(target, { recursive: true });
  await copyFile(join(source, 'package.json'), join(target, 'package.json'));
  await build({
    entryPoints: [join(source, 'extension.ts')],
    outfile: join(target, 'extension.cjs'),
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    external: ['vscode'],
    logLevel: 'warning',
  });
  return target;
}

// A measurement that hangs shows its last step and what the window looks like.
async function step<T>(window: WorkbenchWindow, what: string, action: Promise<T>): Promise<T> {
  progress(what);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      void screenshot(window.page, 'bench-hangs').finally(() =>
        reject(new Error(`${what}: not done in time`)),
      );
    }, stepTimeoutMs);
  });
  return Promise.race([action, late]).finally(() => clearTimeout(timer));
}

/** The user's consent that the bench's extension uses a provider's sessions. */
async function consent(
  window: WorkbenchWindow,
  provider: string,
  scopes: string[],
  account?: RegExp,
): Promise<void> {
  const asked = evaluateInHost(
    window,
    (api, argument) =>
      api.extensions
        .getExtension<Bench>('airisk-test.bench')
        ?.exports.ask(argument.provider, argument.scopes),
    { provider, scopes },
  );
  const answered = dialog(window.page).click('Allow');
  await Promise.race([asked, answered]);
  answered.catch(() => undefined);
  // VS Code asks for the account wherever a provider may have several.
  if (account !== undefined) await quickInput(window.page).pick(account);
  await asked;
}

async function signInAs(window: WorkbenchWindow, userids: readonly string[]): Promise<void> {
  await evaluateInHost(
    window,
    async (api, argument) => {
      for (const one of argument) {
        const signIn = { clientSecret: 's3cr3t-of-abc123', userid: one };
        await api.commands.executeCommand('airisk.signInForTests', signIn);
      }
    },
    userids,
  );
}

/** Adds two more deployments and signs the user in to both. */
async function addDeployments(window: WorkbenchWindow, baseUrl: string): Promise<void> {
  const clients = { second: secondClient, third: guidClient };
  const entries = Object.entries(clients);
  // Registered for both.
  const redirectUri = 'https://localhost/callback';
  const deployments = Object.fromEntries(
    entries.map(([name, { client_id: clientId }]) => [name, { baseUrl, clientId, redirectUri }]),
  );
  await changeSettings(window, { deployments });
  for (const [name, client] of entries) await signInForTests(window, userid, client.client_secret, name);
}

interface CallRound {
  readonly p50: number;
  readonly p99: number;
  readonly floor50: number;
  readonly floor99: number;
}

async function callRound(window: WorkbenchWindow, calls: number): Promise<CallRound> {
  const samples = await evaluateInHost(
    window,
    (api, argument) =>
      api.extensions.getExtension<Bench>('airisk-test.bench')?.exports.calls(argument.scopes, argument.calls),
    { scopes: [`userid:${userid}`], calls },
  );
  if (!samples) throw new Error('The bench extension is not installed');
  const { ours, floor } = samples;
  return {
    p50: median(ours),
    p99: quantile(ours, 0.99),
    floor50: median(floor),
    floor99: quantile(floor, 0.99),
  };
}

async function startOf(window: WorkbenchWindow): Promise<StartMeasurements> {
  const start = await evaluateInHost(
    window,
    async (api) => (await api.extensions.getExtension<Bench>('airisk-test.bench')?.activate())?.start,
  );
  if (!start) throw new Error('The bench extension is not installed');
  return start;
}

/** How long VS Code took to start an extension, ms. */
interface Activation {
  readonly load: number;
  /** From the call of `activate()` until what it returned had settled. */
  readonly activate: number;
}

type Activations = Readonly<Record<string, Activation>>;

/** Reads the table of extensions in VS Code's own startup profile: whole ms, taken in the same way for all. */
async function activationsOf(window: WorkbenchWindow): Promise<Activations> {
  const profile = await evaluateInHost(window, async (api) => {
    await api.commands.executeCommand('perfview.show');
    for (let wait = 0; wait < 100; wait++) {
      const text = api.window.activeTextEditor?.document.getText() ?? '';
      if (text.includes('Extension Activation Stats')) return text;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return '';
  });
  const rows = profile.matchAll(
    /^\|\s*[\w-]+\.(airisk|github|microsoft)-authentication\s*\|[^|]*\|\s*(\d+)\s*\|\s*(\d+)\s*\|\s*(\d+)\s*\|/gm,
  );
  return Object.fromEntries(
    [...rows].map(([, name = '', load, call, settle]) => [
      name,
      { load: Number(load), activate: Number(call) + Number(settle) },
    ]),
  );
}

/** Under what calls are measured: with so many userids, or with one at each of three deployments. */
type Load = 1 | 10 | 100 | 'three';

function callRows(rounds: Readonly<Record<Load, CallRound[]>>, calls: number): Row[] {
  const of = (load: Load, key: keyof CallRound): number => median(rounds[load].map((round) => round[key]));
  const relative = (load: Load): number => of(load, 'p50') / of(load, 'floor50');
  const how = `${calls} calls from another extension, ours and the floor's in turn, median of ${rounds[1].length} rounds`;
  return [
    {
      what: 'silent getSession, p50',
      how,
      ours: ms(of(1, 'p50')),
      beside: `floor ${ms(of(1, 'floor50'))}`,
      figure: relative(1),
      goal: 1.15,
      unit: 'of the floor',
    },
    {
      what: 'silent getSession, p99',
      how,
      ours: ms(of(1, 'p99')),
      beside: `floor ${ms(of(1, 'floor99'))}`,
      figure: of(1, 'p99') / of(1, 'floor99'),
      goal: 1.5,
      unit: 'of the floor',
    },
    {
      what: 'silent getSession, p50, three deployments',
      how: 'the same, signed in at each of them',
      ours: ms(of('three', 'p50')),
      beside: `floor ${ms(of('three', 'floor50'))}`,
      figure: relative('three'),
      goal: 1.15,
      unit: 'of the floor',
    },
    {
      what: 'silent getSession, 1 to 100 userids',
      how: 'the same in the real host, each p50 over the floor of the same round',
      ours: `${ms(of(1, 'p50'))} with 1, ${ms(of(10, 'p50'))} with 10, ${ms(of(100, 'p50'))} with 100`,
      beside: `floor ${ms(of(1, 'floor50'))}, ${ms(of(10, 'floor50'))}, ${ms(of(100, 'floor50'))}`,
      figure: relative(100) / relative(1),
      goal: 1.3,
      unit: 'of 1 userid',
    },
  ];
}

function startRows(starts: readonly StartMeasurements[], activations: readonly Activations[]): Row[] {
  const of = (name: string, key: keyof Activation): number =>
    median(activations.map((times) => times[name]?.[key] ?? NaN));
  const first = median(starts.map(({ firstGetSessions }) => firstGetSessions));
  const plain = median(starts.map(({ plainReads }) => plainReads));
  const text = (name: string): string => `${of(name, 'activate')} ms (its code ${of(name, 'load')} ms)`;
  return [
    {
      what: 'activation',
      how: `activate() until it settles, as VS Code's startup profile has it, median of ${starts.length} window loads`,
      ours: text('airisk'),
      beside: `github ${text('github')}; microsoft ${text('microsoft')}`,
      figure: of('airisk', 'activate') / of('github', 'activate'),
      goal: 1,
      unit: 'of github',
    },
    {
      what: 'first getSessions, 100 userids',
      how: 'getAccounts of another extension right after the provider is there, in the real host',
      ours: ms(first),
      beside: `a provider of keys() and Promise.all of ${starts[0]?.secrets} get() ${ms(plain)}`,
      figure: first / plain,
      goal: 1.2,
      unit: 'of plain reads',
    },
  ];
}

/** Everything that only a real VS Code can show. */
export async function hostRows(effort: Effort): Promise<Row[]> {
  const stage = await startStage({ extensions: [await buildBenchExtension()] });
  try {
    const users = manyUsers(100).map(({ id }) => id);
    await stage.emulator.client.setOptions({ users: manyUsers(100), tokenLifetimeSeconds: 8 * 3_600 });
    const window = await openWindow(stage);
    await step(window, 'start', startOf(window));
    await step(window, 'client secret', signInForTests(window));
    const rounds: Record<Load, CallRound[]> = { 1: [], 10: [], 100: [], three: [] };
    const others = users.filter((one) => one !== userid);
    await step(window, 'sign-in', signInAs(window, [userid]));
    await step(window, 'consent', consent(window, 'airisk', [`userid:${userid}`], /^user_42 /));
    await step(window, 'consent to the floor', consent(window, 'bench-floor', []));
    await step(window, 'warm-up', callRound(window, Math.min(200, effort.calls)));
    const measure = async (load: Load): Promise<void> => {
      const times = load === 1 || load === 'three' ? effort.callRounds : 1;
      for (let round = 0; round < times; round++) {
        const what = load === 'three' ? 'calls with three deployments' : `calls with ${load} userids`;
        rounds[load].push(await step(window, what, callRound(window, effort.calls)));
      }
    };
    await measure(1);
    await step(window, 'three deployments', addDeployments(window, stage.emulator.origin));
    await measure('three');
    await step(window, 'one deployment', changeSettings(window, { deployments: undefined }));
    await step(window, 'nine sign-ins', signInAs(window, others.slice(0, 9)));
    await measure(10);
    await step(window, 'ninety sign-ins', signInAs(window, others.slice(9)));
    await measure(100);
    const fill = evaluateInHost(window, (api) =>
      api.extensions.getExtension<Bench>('airisk-test.bench')?.exports.fillSecrets(101, 500),
    );
    await step(window, 'secrets to compare with', fill);
    const starts: StartMeasurements[] = [];
    const activations: Activations[] = [];
    for (let load = 0; load < effort.windowLoads; load++) {
      await step(window, 'reload', reloadWindow(window));
      starts.push(await step(window, 'start', startOf(window)));
      activations.push(await step(window, 'startup profile', activationsOf(window)));
    }
    return [...startRows(starts, activations), ...callRows(rounds, effort.calls)];
  } finally {
    await stage.close();
  }
}
