import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { projectFolder } from '../../harness/paths.ts';

const generated = new Set([
  'node_modules',
  'dist',
  'out',
  'coverage',
  '.git',
  '.test-output',
  '.vscode-test',
]);

/** The project's files, as paths from its folder. */
function filesBelow(folder: string): string[] {
  return readdirSync(join(projectFolder, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (generated.has(entry.name) || /\.(vsix|tgz)$/.test(entry.name)) return [];
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

describe('the project on other systems', () => {
  const files = filesBelow('');
  const texts = files
    .filter((path) => !path.endsWith('.png'))
    .map((path) => ({ path, text: readFileSync(join(projectFolder, path), 'utf8') }));

  it('has no two files whose names differ only in case', () => {
    assert.ok(files.length > 200, `${files.length} files`);
    assert.deepEqual(
      files.filter(
        (path, index) => files.findIndex((other) => other.toLowerCase() === path.toLowerCase()) !== index,
      ),
      [],
    );
  });

  it('has no file that Windows could not have', () => {
    for (const path of files) {
      assert.ok(path.length < 150, path);
      for (const name of path.split('/')) {
        assert.doesNotMatch(name, /[<>:"\\|?*]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i, path);
      }
    }
  });

  it('has the same line endings everywhere', () => {
    assert.match(readFileSync(join(projectFolder, '.gitattributes'), 'utf8'), /^\* text=auto eol=lf$/m);
    assert.deepEqual(
      texts.filter(({ text }) => text.includes('\r\n')).map(({ path }) => path),
      [],
    );
  });

  it('has scripts that need no POSIX shell', () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8')));
    for (const [name, script] of Object.entries(scripts)) {
      assert.doesNotMatch(script, /['$`;|<>\\*]/, name);
      for (const command of script.split(' && ')) {
        assert.match(command, /^(node|tsx|mocha|prettier|oxlint|tsc)( |$)/, name);
      }
    }
  });

  it('has the programs of its development for each system in the lock file', () => {
    const { packages } = z
      .object({
        packages: z.record(
          z.string(),
          z.object({ optionalDependencies: z.optional(z.record(z.string(), z.string())) }),
        ),
      })
      .parse(JSON.parse(readFileSync(join(projectFolder, 'package-lock.json'), 'utf8')));
    const wanted = Object.values(packages).flatMap((one) => Object.keys(one.optionalDependencies ?? {}));
    for (const system of ['win32-x64', 'darwin-arm64', 'linux-x64']) {
      assert.ok(wanted.filter((name) => name.includes(system)).length >= 4, system);
    }
    assert.deepEqual(
      wanted.filter((name) => !(`node_modules/${name}` in packages)),
      [],
    );
  });

  it('has tests that know Windows when they need what it has not', () => {
    const alien = /#!\/bin\/|'\/bin\/|'\/dev\/|mkfifo|& 0o777|node_modules\/\.bin/;
    const needing = texts.filter(
      ({ path, text }) => /^test\/(unit|emulator)\/.*\.ts$/.test(path) && alien.test(text),
    );
    assert.ok(needing.length > 3);
    assert.deepEqual(
      needing.filter(({ text }) => !text.includes('win32')).map(({ path }) => path),
      [],
    );
  });

  it('takes no path out of a URL as it stands there, which begins with a slash on Windows too', () => {
    for (const { path, text } of texts) {
      if (!/\.m?ts$|\.mjs$/.test(path)) continue;
      assert.doesNotMatch(text, /import\.meta\.url\)\.pathname/, path);
    }
  });
});
