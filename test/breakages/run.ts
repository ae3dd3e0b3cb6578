import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { exitOnSignals } from '../harness/cleanup.ts';
import { projectFolder } from '../harness/paths.ts';
import { breakages } from './breakages.ts';

// Takes every defence away, one after the other, in a copy of the project, and shows which test fails for it.
// Names of defences as arguments: only those.

const notCopied = ['.git', '.test-output', 'dist', 'node_modules'];

/** Runs test files of one kind in the copy, and gives the title of the first that fails. */
async function failureOf(folder: string, tests: readonly string[]): Promise<string | undefined> {
  const [, kind = '', ...rest] = (tests[0] ?? '').split('/');
  const commands: Record<string, readonly string[]> = {
    unit: [
      'npx',
      'mocha',
      '--no-config',
      '--exit',
      '-t',
      '20000',
      '-r',
      'tsx',
      '-r',
      './test/unit/support/rejections.ts',
      ...tests,
    ],
    host: ['npm', 'run', '--silent', 'test:host'],
    e2e: ['npm', 'run', '--silent', 'test:e2e', '--', rest.join('/')],
  };
  const [program = '', ...args] = commands[kind] ?? [];
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (child.exitCode === 0) return undefined;
  const title = /^\s+\d+\) (.+)$/m.exec(output)?.[1];
  // Else it did not even start, and shows nothing.
  if (title === undefined) throw new Error(`${tests.join()} did not run:\n${output.slice(-2_000)}${errors}`);
  return title;
}

exitOnSignals();
const folder = await mkdtemp(join(tmpdir(), 'airisk-breakages-'));
const missed: string[] = [];
try {
  await cp(projectFolder, folder, {
    recursive: true,
    filter: (path) => !notCopied.some((name) => path === join(projectFolder, name)),
  });
  await symlink(join(projectFolder, 'node_modules'), join(folder, 'node_modules'));
  const chosen = breakages.filter(
    ({ defence }) => process.argv.length < 3 || process.argv.slice(2).some((name) => defence.includes(name)),
  );
  const whole = new Set(chosen.map(({ tests }) => tests.join(' ')));
  for (const tests of whole) {
    const failed = await failureOf(folder, tests.split(' '));
    if (failed !== undefined) throw new Error(`${tests} fails with every defence in place: ${failed}`);
  }
  console.log(`${whole.size} sets of tests pass with every defence in place\n`);
  for (const { defence, file, find, replace, tests } of chosen) {
    const path = join(folder, file);
    const source = await readFile(path, 'utf8');
    await writeFile(
      path,
      source.replaceAll(find, () => replace),
    );
    const failed = await failureOf(folder, tests);
    await writeFile(path, source);
    if (failed === undefined) missed.push(defence);
    console.log(`| ${defence} | \`${file}\` | ${failed ?? '**not noticed**'} |`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.log(missed.length === 0 ? '\nEach was noticed.' : `\nNot noticed: ${missed.join('; ')}`);
process.exitCode = missed.length === 0 ? 0 : 1;
