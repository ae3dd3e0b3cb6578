import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import * as z from 'zod/mini';
import { projectFolder } from './paths.ts';

const Manifest = z.object({ name: z.string(), version: z.string(), license: z.string() });

/** The notices of the extension, which holds what its sources import. */
export async function thirdPartyNotices(): Promise<string> {
  const sources = (await readdir(join(projectFolder, 'src'), { recursive: true })).filter((name) =>
    name.endsWith('.ts'),
  );
  const { metafile } = await build({
    stdin: {
      contents: sources
        .map((name) => `import ${JSON.stringify(`./${name.replaceAll('\\', '/')}`)};`)
        .join('\n'),
      resolveDir: join(projectFolder, 'src'),
    },
    absWorkingDir: projectFolder,
    bundle: true,
    platform: 'node',
    external: ['vscode'],
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  return noticesOf([metafile]);
}

/**
 * The licences of what bundles hold of others, word by word, as these licences ask for.
 * @param bundles as esbuild describes them, with paths relative to the project
 * @throws when a bundled package comes without the text of its licence
 */
export async function noticesOf(bundles: readonly Metafile[]): Promise<string> {
  const folders = bundles
    .flatMap(({ inputs }) => Object.keys(inputs))
    .map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? '');
  const bundled = [...new Set(folders)].filter((folder) => folder !== '').toSorted();
  const notices = await Promise.all(
    bundled.map(async (folder) => {
      const path = join(projectFolder, folder);
      const manifest = Manifest.parse(JSON.parse(await readFile(join(path, 'package.json'), 'utf8')));
      const file = (await readdir(path)).find((name) => /^licen[cs]e/i.test(name));
      if (file === undefined) throw new Error(`${folder} has no file with its licence.`);
      const text = (await readFile(join(path, file), 'utf8')).replaceAll('\r\n', '\n').trim();
      return `${manifest.name} ${manifest.version} (${manifest.license})\n\n${text}\n`;
    }),
  );
  return ['This package includes code of these packages.\n', ...notices].join(`\n${'-'.repeat(80)}\n\n`);
}
