import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type BuildOptions, type Metafile } from 'esbuild';
import * as z from 'zod/mini';
import { npmEnvironment, runCommand } from './command.ts';
import { noticesOf } from './notices.ts';
import { outputPath, projectFolder } from './paths.ts';

const source = join(projectFolder, 'test', 'emulator');
const Project = z.object({ version: z.string() });

/** Bundles what runs: the program as a module, because it awaits at its top, and the rest for `require` as well. */
async function bundle(folder: string): Promise<Metafile[]> {
  const options: BuildOptions & { metafile: true } = {
    absWorkingDir: projectFolder,
    bundle: true,
    metafile: true,
    platform: 'node',
    target: 'node20',
    external: ['vscode'],
    logLevel: 'warning',
  };
  const kit = await build({
    ...options,
    entryPoints: { index: join(source, 'kit/index.ts'), vscode: join(source, 'kit/vscode.ts') },
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
  });
  const program = await build({
    ...options,
    entryPoints: [join(source, 'main.ts')],
    outfile: join(folder, 'main.mjs'),
    format: 'esm',
    banner: { js: '#!/usr/bin/env node' },
  });
  return [kit.metafile, program.metafile];
}

/** Writes the types of the two entries, which name no other file. */
async function declare(folder: string, logFile: string): Promise<void> {
  const types = join(folder, 'types');
  const configuration = {
    extends: join(projectFolder, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      rootDir: projectFolder,
      outDir: types,
      typeRoots: [join(projectFolder, 'node_modules/@types')],
    },
    include: [join(source, 'kit')],
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(configuration));
  await runCommand(join(projectFolder, 'node_modules/.bin/tsc'), ['-p', folder], { cwd: folder, logFile });
  for (const entry of ['index', 'vscode']) {
    const declared = await readFile(join(types, 'test/emulator/kit', `${entry}.d.ts`), 'utf8');
    await writeFile(join(folder, `${entry}.d.ts`), declared.replaceAll("'./index.ts'", "'./index.js'"));
  }
  await rm(types, { recursive: true });
  await rm(join(folder, 'tsconfig.json'));
}

/**
 * Packs the emulator and the test kit for authors of other extensions, who need no clone of this repository for it.
 * @returns the path of the npm package in `target`
 */
export async function packageEmulator(target: string): Promise<string> {
  const { version } = Project.parse(JSON.parse(await readFile(join(projectFolder, 'package.json'), 'utf8')));
  const manifest: object = JSON.parse(await readFile(join(source, 'kit/package.json'), 'utf8'));
  const folder = await mkdtemp(join(tmpdir(), 'airisk-emulator-'));
  const logFile = await outputPath('logs', 'package-emulator.log');
  try {
    await mkdir(target, { recursive: true });
    await writeFile(
      join(folder, 'package.json'),
      `${JSON.stringify({ ...manifest, version }, undefined, 2)}\n`,
    );
    await copyFile(join(source, 'kit/README.md'), join(folder, 'README.md'));
    await copyFile(join(projectFolder, 'LICENSE'), join(folder, 'LICENSE'));
    await writeFile(join(folder, 'ThirdPartyNotices.txt'), await noticesOf(await bundle(folder)));
    await declare(folder, logFile);
    await runCommand('npm', ['pack', folder, '--ignore-scripts'], {
      cwd: target,
      env: npmEnvironment(),
      logFile,
    });
    return join(target, `airisk-emulator-${version}.tgz`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (process.argv[1]?.endsWith('packageEmulator.ts')) console.log(await packageEmulator(projectFolder));
