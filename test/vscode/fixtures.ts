import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { build } from 'esbuild';

import { outputPath, projectFolder } from './paths.ts';

/** The extensions that only tests use. */
export type Fixture = 'consumer-one' | 'consumer-two' | 'rpc';

/** Builds a test's extension and returns the unpacked folder of it. */
export async function buildFixture(name: Fixture): Promise<string> {
  const source = join(projectFolder, 'test', 'e2e', 'fixtures', name);
  const target = await outputPath('fixtures', `airisk-test.${name}-0.0.1`);
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
