import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { build } from 'esbuild';

import { outputPath, projectFolder } from './paths.ts';

/** The extensions that only tests use. */
export type Fixture = 'consumer-one' | 'consumer-two' | 'rpc' | 'conversations';

/** Where the sources are; the example for authors is laid out like an extension of its own. */
const sources: Readonly<Record<Fixture, readonly [folder: string, entry: string]>> = {
  'consumer-one': ['test/e2e/fixtures/consumer-one', 'extension.ts'],
  'consumer-two': ['test/e2e/fixtures/consumer-two', 'extension.ts'],
  rpc: ['test/e2e/fixtures/rpc', 'extension.ts'],
  conversations: ['test/host/consumer', 'src/extension.ts'],
};

/** Builds a test's extension and returns the unpacked folder of it. */
export async function buildFixture(name: Fixture): Promise<string> {
  const [folder, entry] = sources[name];
  const source = join(projectFolder, folder);
  const target = await outputPath('fixtures', `airisk-test.${name}-0.0.1`);
  await mkdir(target, { recursive: true });
  await copyFile(join(source, 'package.json'), join(target, 'package.json'));
  await build({
    entryPoints: [join(source, entry)],
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
