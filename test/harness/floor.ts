import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as z from 'zod/mini';

const dependencies = z.optional(z.record(z.string(), z.string()));
const manifestSchema = z.looseObject({ dependencies });
const lockSchema = z.looseObject({
  packages: z.record(z.string(), z.looseObject({ version: z.optional(z.string()), dependencies })),
});

async function readJson(file: string): Promise<unknown> {
  return JSON.parse(await readFile(file, 'utf8'));
}

/**
 * Takes what VS Code wants from a git commit, its file watcher, from the npm registry in the same version: a
 * machine that reaches a registry need not reach a git host.
 */
async function replaceGitDependencies(folder: string): Promise<void> {
  const manifestFile = join(folder, 'package.json');
  const lockFile = join(folder, 'npm-shrinkwrap.json');
  const manifest = manifestSchema.parse(await readJson(manifestFile));
  const lock = lockSchema.parse(await readJson(lockFile));
  const root = lock.packages['']?.dependencies;
  const fromGit = Object.entries(manifest.dependencies ?? {}).filter(([, wanted]) => wanted.includes('#'));
  for (const [name] of fromGit) {
    const version = lock.packages[`node_modules/${name}`]?.version;
    if (version === undefined || manifest.dependencies === undefined || root === undefined) continue;
    manifest.dependencies[name] = version;
    root[name] = version;
    delete lock.packages[`node_modules/${name}`];
  }
  if (fromGit.length === 0) return;
  await writeFile(manifestFile, JSON.stringify(manifest, undefined, 2));
  await writeFile(lockFile, JSON.stringify(lock, undefined, 2));
}

/** code-server hashes passwords with argon2, which would have to be compiled first; these servers have no password. */
async function replaceArgon2(root: string): Promise<void> {
  const folder = join(root, 'node_modules', 'argon2');
  await writeFile(join(folder, 'argon2.js'), 'module.exports = {};\n');
}

/** Lets an environment variable turn on the smoke-test driver, for which this code-server has no option. */
async function addSmokeTestDriver(root: string): Promise<void> {
  const file = join(root, 'node_modules', 'code-server', 'out', 'node', 'cli.js');
  const anchor = 'help: !!args.help,';
  const source = await readFile(file, 'utf8');
  if (!source.includes(anchor)) throw new Error(`${file} is not as expected.`);
  const added = `"enable-smoke-test-driver": process.env.AIRISK_SMOKE_TEST_DRIVER === "1",`;
  await writeFile(file, source.replace(anchor, `${anchor} ${added}`));
}

/** Changes the code-server that carries VS Code 1.105 so that it installs and runs in tests. */
export async function makeFloorRun(root: string, vscode: string): Promise<void> {
  await replaceGitDependencies(vscode);
  await replaceArgon2(root);
  await addSmokeTestDriver(root);
}
