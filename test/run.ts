import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { prepareClients } from './harness/programs.ts';
import { mainVsix } from './harness/mainVsix.ts';
import { prepareVsCode } from './harness/prepare.ts';

/** A command that counts tests, and what it stands for in the closing lines. */
interface Run {
  readonly name: string;
  readonly script: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

await prepareVsCode();
const floor = await prepareVsCode({ version: 'floor' });
await prepareClients((line) => console.error(`prepare: ${line}`));
const onFloor = { AIRISK_VSCODE: 'floor' };
const oldest = `on ${floor.version.vscode}`;

// The desktop run needs a VS Code from the internet: it is a command of its own.
const runs: readonly Run[] = [
  { name: 'unit', script: 'test:unit' },
  { name: 'helper on Windows', script: 'test:windows' },
  { name: 'host', script: 'test:host' },
  { name: `host ${oldest}`, script: 'test:host', env: onFloor },
  { name: `e2e ${oldest}`, script: 'test:e2e', args: ['everyday', 'mcp'], env: onFloor },
  { name: 'e2e', script: 'test:e2e' },
];

const env = { ...process.env, AIRISK_VSIX: await mainVsix() };

const text = ({ passed, failed, skipped }: Counts): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;
const lines: string[] = [];
const failures: string[] = [];

/** Runs a command, shows what it prints, and counts what mocha's summary lines say. */
async function run({ name, script, args = [], env: own }: Run): Promise<Counts> {
  const started = performance.now();
  console.log(`\n── ${name}: npm run ${[script, ...(args.length > 0 ? ['--'] : []), ...args].join(' ')}`);
  const child = spawn('npm', ['run', '--silent', script, '--', ...args], {
    env: { ...env, ...own },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
    process.stdout.write(chunk);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const output = stripVTControlCharacters(printed);
  const count = (word: string): number =>
    [...output.matchAll(new RegExp(`^\\s*(\\d+) ${word}`, 'gm'))].reduce((sum, [, n]) => sum + Number(n), 0);
  // The real hosts say their result in a line of their own.
  const said = [...output.matchAll(/^(?:host|e2e): (\d+) passed, (\d+) failed, (\d+) skipped$/gm)].at(-1);
  const [passed, failed, skipped] = said
    ? said.slice(1).map(Number)
    : [count('passing'), count('failing'), count('pending')];
  const counts: Counts = { passed: passed ?? 0, failed: failed ?? 1, skipped: skipped ?? 0 };
  // A run that dies or runs nothing has failed, whatever it printed.
  if ((code !== 0 || counts.passed === 0) && counts.failed === 0) counts.failed = 1;
  const seconds = Math.round((performance.now() - started) / 1000);
  lines.push(`${name}: ${text(counts)} (${seconds} s)`);
  // What failed is said again at the end: a log may be cut off before it.
  for (const [block] of output.matchAll(/^ +\d+ failing$[^]*?(?=^(?:\S+\.test\.ts|host|e2e): |(?![^]))/gm))
    failures.push(`\n── ${name}:\n${block.trimEnd()}`);
  return counts;
}

const total: Counts = { passed: 0, failed: 0, skipped: 0 };
for (const one of runs) {
  const counts = await run(one);
  for (const how of ['passed', 'failed', 'skipped'] as const) total[how] += counts[how];
}
console.log([...failures, '', ...lines, text(total)].join('\n'));
process.exitCode = total.failed === 0 ? 0 : 1;
