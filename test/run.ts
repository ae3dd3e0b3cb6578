import { spawn } from 'node:child_process';
import { prepareClients } from './harness/programs.ts';
import { mainVsix } from './harness/mainVsix.ts';
import { prepareVsCode } from './harness/prepare.ts';

// The desktop run needs a VS Code from the internet: it is a command of its own.
const suites = ['unit', 'host', 'e2e'];

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Runs one suite, shows what it prints, and counts what mocha's summary lines say. */
async function runSuite(suite: string, env: NodeJS.ProcessEnv): Promise<Counts> {
  console.log(`\n── npm run test:${suite}`);
  const child = spawn('npm', ['run', '--silent', `test:${suite}`], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    process.stdout.write(chunk);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const count = (word: string): number =>
    [...output.matchAll(new RegExp(`^\\s*(\\d+) ${word}`, 'gm'))].reduce((sum, [, n]) => sum + Number(n), 0);
  // The real hosts say their result in a line of their own; a file that was run twice counts once there.
  const said = [
    ...output.matchAll(new RegExp(`^${suite}: (\\d+) passed, (\\d+) failed, (\\d+) skipped$`, 'gm')),
  ].at(-1);
  const [passed, failed, skipped] = said
    ? said.slice(1).map(Number)
    : [count('passing'), count('failing'), count('pending')];
  const counts: Counts = { passed: passed ?? 0, failed: failed ?? 1, skipped: skipped ?? 0 };
  // A suite that dies or runs nothing has failed, whatever it printed.
  if ((code !== 0 || counts.passed === 0) && counts.failed === 0) counts.failed = 1;
  return counts;
}

await prepareVsCode();
await prepareClients((line) => console.error(`prepare: ${line}`));
const env = { ...process.env, AIRISK_VSIX: await mainVsix() };
const total: Counts = { passed: 0, failed: 0, skipped: 0 };
for (const suite of suites) {
  const counts = await runSuite(suite, env);
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
}
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;
