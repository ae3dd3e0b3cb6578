import { copyFile, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, normalize } from 'node:path';

import { build } from 'esbuild';

import { outputPath, projectFolder } from './paths.ts';

/** The extensions that only tests use. */
export type Fixture =
  'consumer-one' | 'consumer-two' | 'consumer-worker' | 'rpc' | 'hello-airisk' | 'conversations';

/** Where the sources are; those of INTEGRATION.md are laid out as an author has them. */
const sources: Readonly<Record<Fixture, readonly [folder: string, entry: string]>> = {
  'consumer-one': ['test/e2e/fixtures/consumer-one', 'extension.ts'],
  'consumer-two': ['test/e2e/fixtures/consumer-two', 'extension.ts'],
  'consumer-worker': ['test/e2e/fixtures/consumer-worker', 'extension.ts'],
  rpc: ['test/e2e/fixtures/rpc', 'extension.ts'],
  'hello-airisk': ['test/guide/first', 'src/extension.ts'],
  conversations: ['test/guide/whole', 'src/extension.ts'],
};

/** Builds a test's extension and returns the unpacked folder of it. */
export async function buildFixture(name: Fixture): Promise<string> {
  const [folder, entry] = sources[name];
  const source = join(projectFolder, folder);
  const target = await outputPath('fixtures', `airisk-test.${name}-0.0.1`);
  const manifest: { main?: string; browser?: string } = JSON.parse(
    await readFile(join(source, 'package.json'), 'utf8'),
  );
  // What runs in the browser's host has another name for its program.
  const main = normalize(manifest.main ?? manifest.browser ?? '');
  await mkdir(join(target, dirname(main)), { recursive: true });
  // Another run may be copying the folder that this one writes: each file comes from elsewhere, in one step.
  const building = await outputPath('building', `${name}-${process.pid}`);
  await mkdir(building, { recursive: true });
  const partial = (file: string): string => join(building, basename(file));
  await copyFile(join(source, 'package.json'), partial('package.json'));
  await build({
    entryPoints: [join(source, entry)],
    outfile: partial(main),
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    external: ['vscode'],
    logLevel: 'warning',
  });
  for (const file of [main, 'package.json']) await rename(partial(file), join(target, file));
  await rm(building, { recursive: true });
  return target;
}
