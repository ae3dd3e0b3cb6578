import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import * as z from 'zod/mini';
import { projectFolder } from './paths.ts';
import { packageExtension } from './vsix.ts';

const allowed = [
  /^\[Content_Types\]\.xml$/,
  /^extension\.vsixmanifest$/,
  /^extension\/(package(\.nls(\.[\w-]+)?)?\.json|readme\.md|changelog\.md|LICENSE\.txt)$/,
  /^extension\/dist\/(extension|actions)\.cjs$/,
  /^extension\/l10n\/bundle\.l10n(\.[\w-]+)?\.json$/,
  /^extension\/media\/[\w./-]+\.(png|svg|md)$/,
];

/** The names of the files in a .vsix that have no business there. */
export async function strayFiles(vsix: string): Promise<string[]> {
  const names = Object.keys(unzipSync(await readFile(vsix)));
  return names.filter((name) => !allowed.some((pattern) => pattern.test(name)));
}

/** Packages the extension for release and checks that it holds only what runs. */
async function main(): Promise<void> {
  const manifest = z.object({ name: z.string(), version: z.string() });
  const { name, version } = manifest.parse(
    JSON.parse(await readFile(join(projectFolder, 'package.json'), 'utf8')),
  );
  const vsix = await packageExtension(projectFolder, join(projectFolder, `${name}-${version}.vsix`));
  const stray = await strayFiles(vsix);
  if (stray.length > 0) throw new Error(`The package holds what does not belong there: ${stray.join(', ')}`);
  const { length } = await readFile(vsix);
  console.log(`${name}-${version}.vsix: ${length} bytes`);
}

if (process.argv[1]?.endsWith('package.ts')) await main();
