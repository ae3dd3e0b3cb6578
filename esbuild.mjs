import { build, context } from 'esbuild';
import { rm } from 'node:fs/promises';

const watch = process.argv.includes('--watch');
const development = watch || process.argv.includes('--development');
const outdir = process.argv.find((argument) => argument.startsWith('--outdir='))?.slice(9) ?? 'dist';

/**
 * One `require('vscode')` for all sources: esbuild copies the whole API once for each file that imports it, which
 * takes longer than the rest of loading.
 * @type {import('esbuild').Plugin}
 */
const vscodeOnce = {
  name: 'vscode-once',
  setup(bundle) {
    bundle.onResolve({ filter: /^vscode$/ }, ({ namespace, path }) =>
      namespace === 'vscode' ? { path, external: true } : { path, namespace: 'vscode' },
    );
    bundle.onLoad({ filter: /^vscode$/, namespace: 'vscode' }, () => ({
      contents: "export * from 'vscode';",
    }));
  },
};

/** @type {import('esbuild').BuildOptions} */
const options = {
  entryPoints: { extension: 'src/extension.ts', 'airisk-token': 'src/node/helper/main.ts' },
  outdir,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  // The web-worker host of VS Code 1.105 loads CommonJS and nothing else, and every Node host still does.
  format: 'cjs',
  platform: 'node',
  target: 'node22',
  charset: 'utf8',
  minify: !development,
  sourcemap: development,
  legalComments: 'none',
  logLevel: 'info',
  plugins: [vscodeOnce],
};

await rm(outdir, { recursive: true, force: true });
if (watch) await (await context(options)).watch();
else await build(options);
