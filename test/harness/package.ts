import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectFolder } from './paths.ts';
import { checkRelease, isPreRelease, publishedManifest } from './release.ts';
import { packageExtension } from './vsix.ts';

const read = (name: string): Promise<string> => readFile(join(projectFolder, name), 'utf8');

// Packages the extension. With `--tag` it is the release of that tag, and everything that names the version must agree.
const { values } = parseArgs({
  options: {
    'pre-release': { type: 'boolean', default: false },
    repository: { type: 'string' },
    tag: { type: 'string' },
  },
});
const { name, version } = publishedManifest(await read('package.json'), undefined);
const { tag, repository: url } = values;
if (tag !== undefined) checkRelease(tag, version, await read('CHANGELOG.md'));
if (values['pre-release'] && !isPreRelease(version)) {
  throw new Error(
    `${version} is a release: only versions with an odd number in the middle are pre-releases.`,
  );
}
const preRelease = values['pre-release'] || (tag !== undefined && isPreRelease(version));
const vsix = await packageExtension(join(projectFolder, `${name}-${version}.vsix`), {
  preRelease,
  repository: url === undefined ? undefined : { url, ref: tag ?? 'HEAD' },
});
const bytes = await readFile(vsix);
const digest = createHash('sha256').update(bytes).digest('hex');
console.log(`${name}-${version}.vsix: ${bytes.length} bytes${preRelease ? ', a pre-release' : ''}`);
console.log(`sha256 ${digest}`);
