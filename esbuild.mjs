import { build, context, transform } from 'esbuild';
import { mkdir, rm, writeFile } from 'node:fs/promises';

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

/**
 * The shipped bundle as CommonJS: the web-worker host of VS Code 1.105 loads nothing else, and every Node host still
 * does. esbuild's own conversion copies the whole `vscode` API once for each file that imports it, which takes
 * longer than all the rest of loading; here they share one `require`. Lines and columns stay, for the source map.
 * @param {string} module
 */
function toCommonJs(module) {
  let required = false;
  return module
    .replaceAll(/^import \* as vscode\d* from "vscode";/gm, () => {
      const once = required ? '' : 'const vscode = require("vscode");';
      required = true;
      return once;
    })
    .replaceAll(/\bvscode(\d+)\b/g, (_, { length }) => `vscode${' '.repeat(length)}`)
    .replaceAll(
      /^import \{([^}]*)\} from ("node:[^"]+");/gm,
      (_, names, name) => `const {${names.replaceAll(' as ', ': ')}} = require(${name});`,
    )
    .replace(/^export \{\s*activate\s*\};/m, 'exports.activate = activate;');
}

async function release() {
  const { outputFiles } = await build({ ...options, format: 'esm', sourcemap: 'inline', write: false });
  const { code, map } = await transform(toCommonJs(outputFiles[0].text), {
    // It is CommonJS already: said here, it would gain helpers for a dynamic import that needs none.
    format: 'esm',
    platform: 'node',
    target: 'node22',
    charset: 'utf8',
    minify: true,
    treeShaking: true,
    sourcemap: 'external',
    sourcefile: 'extension.mjs',
  });
  if (/\b(import|export)\b[\s*{]/.test(code.slice(0, 500)) || !code.includes('exports.activate=')) {
    throw new Error(
      'The bundle is not CommonJS: an import or export has a form that toCommonJs does not know.',
    );
  }
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/extension.cjs`, code);
  await writeFile(`${folder}/extension.cjs.map`, map);
}

await rm(folder, { recursive: true, force: true });
if (watch) {
  await (await context({ ...options, format: 'cjs', sourcemap: true })).watch();
} else if (development) {
  await build({ ...options, format: 'cjs', sourcemap: true });
} else {
  await release();
}
