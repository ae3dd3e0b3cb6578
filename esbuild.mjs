import { context } from 'esbuild';
import { rm } from 'node:fs/promises';

const watch = process.argv.includes('--watch');
const development = watch || process.argv.includes('--development');

await rm('dist', { recursive: true, force: true });
const build = await context({
  entryPoints: { extension: 'src/extension.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  // The web-worker host of VS Code 1.105 loads CommonJS only, and every Node host still does.
  format: 'cjs',
  platform: 'node',
  target: 'node22',
  external: ['vscode'],
  minify: !development,
  sourcemap: true,
  legalComments: 'none',
  logLevel: 'info',
});
if (watch) {
  await build.watch();
} else {
  await build.rebuild();
  await build.dispose();
}
