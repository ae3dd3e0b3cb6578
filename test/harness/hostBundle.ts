import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { build } from 'esbuild';

import { outputPath, projectFolder } from './paths.ts';

/** What VS Code is told for running a suite inside the host. */
export interface HostBundle {
  /** An extension without code: VS Code runs a suite only for an extension under development. */
  readonly extensionFolder: string;
  /** The folder whose index.js exports `run()`. */
  readonly suiteFolder: string;
}

const manifest = {
  name: 'host-suite',
  publisher: 'airisk-test',
  version: '0.0.1',
  engines: { vscode: '^1.105.0' },
  // The project's own manifest, further up, makes every .js file an ES module.
  type: 'commonjs',
};

/** Finds test files below a folder, as paths relative to it. */
export async function findTests(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true });
  return files.filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules')).toSorted();
}

/** Bundles test/host/suite with an entry that VS Code can run. */
export async function bundleHostSuite(): Promise<HostBundle> {
  const source = join(projectFolder, 'test', 'host', 'suite');
  const files = await findTests(source);
  const suiteFolder = await outputPath('host', 'suite');
  const extensionFolder = join(suiteFolder, '..');
  const loaders = files.map(
    (file) => `${JSON.stringify(file)}: () => import(${JSON.stringify(`./${file}`)}),`,
  );
  await rm(extensionFolder, { recursive: true, force: true });
  await mkdir(suiteFolder, { recursive: true });
  await writeFile(join(extensionFolder, 'package.json'), JSON.stringify(manifest, undefined, 2));
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
    alias: { mocha: 'mocha/lib/mocha.cjs' },
    logLevel: 'warning',
  });
  return { extensionFolder, suiteFolder };
}
