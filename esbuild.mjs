import { build, context, transform } from 'esbuild';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Script } from 'node:vm';

const watch = process.argv.includes('--watch');
const development = watch || process.argv.includes('--development');
const folder = process.argv.find((argument) => argument.startsWith('--outdir='))?.slice(9) ?? 'dist';

/** @type {import('esbuild').BuildOptions} */
const options = {
  entryPoints: { extension: 'src/extension.ts' },
  outdir: folder,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node22',
  charset: 'utf8',
  external: ['vscode'],
  legalComments: 'none',
  logLevel: 'info',
};

const vscodeOnce = 'const vscode = require("vscode");';

/**
 * A file with `require` for its imports: the web-worker host of VS Code 1.105 loads CommonJS and nothing else, and
 * every Node host still does. esbuild's own conversion copies the whole `vscode` API once for each source that imports
 * it, which takes longer than all the rest of loading; here they share one `require`.
 * @param {string} module
 */
function requireImports(module) {
  return module
    .replace('import * as vscode', `${vscodeOnce}\n$&`)
    .replaceAll(/^import \* as vscode\d* from "vscode";$/gm, '')
    .replaceAll(/\bvscode\d+\b/g, 'vscode')
    .replaceAll(/^import \{([^}]*)\} from "(node:[^"]+)";$/gm, 'const {$1} = require("$2");')
    .replaceAll(/\bimport\("(\.\/[^"]+)"\)/g, 'Promise.resolve().then(() => require("$1"))');
}

/**
 * Minifies a file that has no imports any more, and writes it as CommonJS.
 * @param {string} name
 * @param {string} module
 */
async function write(name, module) {
  const { code } = await transform(module, {
    // With its exports, which are changed afterwards: esbuild wraps CommonJS in helpers that nothing here needs.
    format: 'esm',
    platform: 'node',
    target: 'node22',
    charset: 'utf8',
    minify: true,
    treeShaking: true,
  });
  const commonJs = code.replace(
    /\bexport\{([^}]*)\};\s*$/,
    (_, names) => `Object.assign(exports,{${names.replaceAll(/([\w$]+) as ([\w$]+)/g, '$2:$1')}});`,
  );
  // Throws where an import or export has a form that is not known here.
  void new Script(`(() => {${commonJs}\n})`, { filename: name });
  await writeFile(`${folder}/${name}`, commonJs);
}

const fromBoth = /^import \{([^}]*)\} from "\.\/chunk\.cjs";$/m;
const exportList = /^export \{([^}]*)\};$/m;

/**
 * Builds what every window reads, and apart from it what only its use takes: src/actions.ts. esbuild has what both
 * need in a third file; it goes in front of the first one, since a file takes longer to find than to read.
 */
async function release() {
  const { outputFiles } = await build({
    ...options,
    format: 'esm',
    splitting: true,
    chunkNames: '[name]',
    minifySyntax: true,
    write: false,
  });
  if (outputFiles.length !== 3) {
    throw new Error('Only src/actions.ts is imported when it is needed: another file would not be shipped.');
  }
  const [start = '', actions = '', both = ''] = ['extension', 'actions', 'chunk'].map((name) => {
    const file = outputFiles.find(({ path }) => basename(path, '.cjs') === name);
    return requireImports(file?.text ?? '');
  });
  if ([start, actions].some((text) => / as /.test(fromBoth.exec(text)?.[1] ?? ' as '))) {
    throw new Error(
      'Something that both files need has the name of something else in one of them: rename it.',
    );
  }
  // Each with a short name on the way from file to file.
  const shared = (fromBoth.exec(actions)?.[1] ?? '')
    .split(',')
    .map((name, index) => [name.trim(), `s${index.toString(36)}`]);
  /** @param {(pair: string[]) => string} form */
  const pairs = (form) => shared.map(form).join(', ');
  await mkdir(folder, { recursive: true });
  await Promise.all([
    write(
      'actions.cjs',
      actions.replace(
        fromBoth,
        () => `const {${pairs(([name, short]) => `${short}: ${name}`)}} = require("./extension.cjs");`,
      ),
    ),
    write(
      'extension.cjs',
      `${both.replace(exportList, '')}
      const activate = (() => { ${start.replace(vscodeOnce, '').replace(fromBoth, '').replace(exportList, 'return {$1}.activate;')} })();
      export { activate, ${pairs(([name, short]) => `${name} as ${short}`)} };`,
    ),
  ]);
}

await rm(folder, { recursive: true, force: true });
if (watch) {
  await (await context({ ...options, format: 'cjs', sourcemap: true })).watch();
} else if (development) {
  await build({ ...options, format: 'cjs', sourcemap: true });
} else {
  await release();
}
