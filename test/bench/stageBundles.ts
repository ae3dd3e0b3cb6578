import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { build } from 'esbuild';
import { unzipSync } from 'fflate';
import { mainVsix } from '../harness/mainVsix.ts';
import { outputPath, projectFolder } from '../harness/paths.ts';

/** The bundles that are held against one another, and the programs that measure them. */
export interface Bundles {
  readonly ours: string;
  /** The helper of terminals, which no window loads. */
  readonly helper: string;
  readonly github: string;
  readonly microsoft: string;
  /** The bundled program of test/bench/child with this name. */
  readonly child: (name: string) => string;
  /** Bytes of the package, screenshots not counted. */
  readonly vsixBytes: number;
}

const children = ['load', 'memory', 'idle', 'storage', 'oneOfMany', 'signIn'];

async function bundleChildren(folder: string): Promise<void> {
  await build({
    entryPoints: children.map((name) => join(projectFolder, 'test', 'bench', 'child', `${name}.ts`)),
    outdir: join(folder, 'child'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
}

/** What is in the package: its JavaScript by name, and how many bytes all but the screenshots take. */
function unpack(vsix: Uint8Array): { scripts: Map<string, Uint8Array>; bytes: number } {
  let screenshots = 0;
  const files = unzipSync(vsix, {
    filter: ({ name, size }) => {
      if (name.includes('media/screenshots/')) screenshots += size;
      return /\.[cm]?js$/.test(name);
    },
  });
  const scripts = new Map(Object.entries(files).map(([name, content]) => [posix.basename(name), content]));
  return { scripts, bytes: vsix.byteLength - screenshots };
}

/**
 * Lays the bundles out beside a package `vscode` that gives whatever a measuring program has put into
 * `globalThis.vscodeDouble`, so that each loads as it is.
 * @param extensions the folder of VS Code's built-in extensions
 */
export async function stageBundles(extensions: string): Promise<Bundles> {
  const folder = join(await outputPath('bench', 'package.json'), '..');
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'node_modules', 'vscode'), { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
  const double = join(folder, 'node_modules', 'vscode', 'index.js');
  await writeFile(double, 'module.exports = globalThis.vscodeDouble;\n');
  const { scripts, bytes } = unpack(await readFile(await mainVsix()));
  for (const [name, content] of scripts) await writeFile(join(folder, name), content);
  const ours = join(folder, 'extension.cjs');
  await cp(join(projectFolder, 'package.json'), `${ours}.json`);
  const copy = async (name: string): Promise<string> => {
    const target = join(folder, `${name}.cjs`);
    const source = join(extensions, `${name}-authentication`);
    await cp(join(source, 'dist', 'extension.js'), target);
    await cp(join(source, 'package.json'), `${target}.json`);
    return target;
  };
  const [github, microsoft] = [await copy('github'), await copy('microsoft')];
  await bundleChildren(folder);
  const child = (name: string): string => join(folder, 'child', `${name}.mjs`);
  return { ours, helper: join(folder, 'airisk-token.cjs'), github, microsoft, child, vsixBytes: bytes };
}
