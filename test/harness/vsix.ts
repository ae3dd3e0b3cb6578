import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { npmEnvironment, runCommand } from './command.ts';
import { thirdPartyNotices } from './notices.ts';
import { outputPath, projectFolder } from './paths.ts';
import { publishedManifest, type Repository, withoutRelativeLinks } from './release.ts';

/** What a package is made for. */
export interface PackageOptions {
  readonly preRelease?: boolean;
  readonly repository?: Repository | undefined;
}

const shipped = [/^l10n$/, /^LICENSE$/, /^package\.nls(\.[\w-]+)?\.json$/];
const pictures = ['icon.png', 'walkthrough'];

/** Lays out what a package holds, and nothing else, in an empty folder. */
async function stage(folder: string, repository: Repository | undefined): Promise<void> {
  const copy = (...names: string[]): Promise<void> =>
    cp(join(projectFolder, ...names), join(folder, ...names), { recursive: true });
  const names = (await readdir(projectFolder)).filter((name) =>
    shipped.some((pattern) => pattern.test(name)),
  );
  await Promise.all([...names.map((name) => copy(name)), ...pictures.map((name) => copy('media', name))]);
  const manifest = publishedManifest(await readFile(join(projectFolder, 'package.json'), 'utf8'), repository);
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  await writeFile(join(folder, 'ThirdPartyNotices.txt'), await thirdPartyNotices());
  for (const page of ['README.md', 'CHANGELOG.md']) {
    const text = await readFile(join(projectFolder, page), 'utf8');
    await writeFile(join(folder, page), repository ? text : withoutRelativeLinks(text));
  }
  const logFile = await outputPath('logs', 'esbuild.log');
  const build = ['esbuild.mjs', `--outdir=${join(folder, 'dist')}`];
  await runCommand(process.execPath, build, { cwd: projectFolder, logFile });
}

/**
 * Packs the same files into the same bytes, on every machine and on every day: in one order, with one date, and
 * compressed by a library and not by the zlib of this Node.
 */
async function packAgain(vsix: string): Promise<void> {
  const files = Object.entries(unzipSync(await readFile(vsix))).toSorted(([a], [b]) => (a < b ? -1 : 1));
  // Local time is what a ZIP file's date is made of.
  await writeFile(vsix, zipSync(Object.fromEntries(files), { level: 9, mtime: new Date(1980, 0, 1) }));
}

/** Packages the extension into a .vsix the way it is published. */
export async function packageExtension(outFile: string, options: PackageOptions = {}): Promise<string> {
  const { preRelease = false, repository } = options;
  const folder = await mkdtemp(join(tmpdir(), 'airisk-package-'));
  try {
    await stage(folder, repository);
    const vsce = ['--yes', '@vscode/vsce@3.9.2', 'package', '--no-dependencies', '--out', outFile];
    if (preRelease) vsce.push('--pre-release');
    if (repository) {
      const { url, ref } = repository;
      vsce.push('--baseContentUrl', `${url}/blob/${ref}`, '--baseImagesUrl', `${url}/raw/${ref}`);
    } else {
      vsce.push('--allow-missing-repository');
    }
    const logFile = await outputPath('logs', 'vsce.log');
    await runCommand('npx', vsce, { cwd: folder, env: npmEnvironment(), logFile });
    await packAgain(outFile);
    return outFile;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
