import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { build } from 'esbuild';

import { buildFixture } from './fixtures.ts';
import { outputPath, projectFolder } from './paths.ts';

/** What VS Code is told for running a suite inside the host. */
export interface HostBundle {
  /** The extension of INTEGRATION.md, under development: the suite runs as a part of it, as an author's tests do. */
  readonly extensionFolder: string;
  /** The folder whose index.js exports `run()`. */
  readonly suiteFolder: string;
}

/** Finds test files below a folder, as paths relative to it. */
export async function findTests(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true });
  return files.filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules')).toSorted();
}

/** Bundles test/host/suite with an entry that VS Code can run. */
export async function bundleHostSuite(): Promise<HostBundle> {
  const source = join(projectFolder, 'test', 'host', 'suite');
  const files = await findTests(source);
  const kit = join(projectFolder, 'test', 'emulator', 'kit');
  const suiteFolder = await outputPath('host', 'suite');
  const extensionFolder = join(suiteFolder, '..');
  const loaders = files.map(
    (file) => `${JSON.stringify(file)}: () => import(${JSON.stringify(`./${file}`)}),`,
  );
  await rm(extensionFolder, { recursive: true, force: true });
  await mkdir(suiteFolder, { recursive: true });
  await cp(await buildFixture('conversations'), extensionFolder, { recursive: true });
  await build({
    stdin: {
      contents: [
        "import { runInHost } from '../../harness/suite.ts';",
        "import { playBrowser } from '../../harness/desktopBrowser.ts';",
        'const opener = process.env.AIRISK_OPENER;',
        'if (opener) playBrowser(opener);',
        `export const run = () => runInHost({ ${loaders.join(' ')} });`,
      ].join('\n'),
      resolveDir: source,
      sourcefile: 'index.ts',
      loader: 'ts',
    },
    outfile: join(suiteFolder, 'index.js'),
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    sourcemap: 'inline',
    // Found in the project's own dependencies; bundled, mocha loses the files that it looks for beside itself.
    // Its ES entry gives a different value to require in Node 22 and in Node 24.
    external: ['vscode', 'mocha/lib/mocha.cjs'],
    alias: {
      mocha: 'mocha/lib/mocha.cjs',
      'airisk-emulator/vscode': join(kit, 'vscode.ts'),
      'airisk-emulator': join(kit, 'index.ts'),
    },
    logLevel: 'warning',
  });
  return { extensionFolder, suiteFolder };
}
