import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import { packageEmulator } from '../../harness/packageEmulator.ts';
import { outputPath, projectFolder } from '../../harness/paths.ts';

const read = (path: string): Promise<string> => readFile(join(projectFolder, path), 'utf8');
const sources = async (): Promise<string[]> =>
  (await readdir(join(projectFolder, 'test/guide/whole/src'))).toSorted();

/** The code blocks of INTEGRATION.md in one of these languages. */
async function snippets(...languages: string[]): Promise<string[]> {
  const blocks = (await read('INTEGRATION.md')).matchAll(/^```(\w+)\n([^]*?)^```$/gm);
  return [...blocks]
    .filter(([, language = '']) => languages.includes(language))
    .map(([, , code = '']) => code);
}

describe('INTEGRATION.md', () => {
  it('shows code of the extension that the tests run, letter by letter, and all of it', async () => {
    const files = await Promise.all((await sources()).map((file) => read(`test/guide/whole/src/${file}`)));
    const shown = await snippets('ts', 'js');
    for (const snippet of shown) assert.ok(files.includes(snippet), `not a file of test/guide:\n${snippet}`);
    for (const file of files) assert.ok(shown.includes(file), `not in INTEGRATION.md:\n${file}`);
  });

  it('has the types of the exported API as they are', async () => {
    assert.equal(await read('test/guide/whole/src/airiskAuthentication.ts'), await read('src/api.ts'));
  });

  it('shows manifest and configuration as that extension has them', async () => {
    const manifest: { contributes: object } = JSON.parse(await read('test/guide/whole/package.json'));
    const configuration = await read('test/guide/whole/tsconfig.json');
    const shown = await snippets('json');
    assert.ok(shown.length >= 2);
    assert.ok(shown.includes(configuration));
    for (const snippet of shown.filter((text) => text !== configuration)) {
      const { contributes, ...parts }: { contributes?: object } = JSON.parse(snippet);
      assert.deepEqual({ ...manifest, ...parts }, manifest);
      assert.deepEqual({ ...manifest.contributes, ...contributes }, manifest.contributes);
    }
  });

  it('quotes the messages of errors as they are', async () => {
    const words: Record<string, string> = JSON.parse(await read('l10n/bundle.l10n.de.json'));
    const table = /\| message [^]*?\n\n/.exec(await read('INTEGRATION.md'))?.[0] ?? '';
    const quoted = [...table.matchAll(/`([^`]*) …`/g)].map(([, text = '']) => text);
    assert.equal(quoted.length, 2);
    for (const text of quoted)
      assert.ok(
        Object.keys(words).some((word) => word.startsWith(text)),
        text,
      );
  });
});

describe('the code of INTEGRATION.md compiles', function () {
  this.timeout(60_000);

  before(async () => {
    const installed = await outputPath('guide', 'node_modules', 'airisk-emulator');
    await rm(installed, { recursive: true, force: true });
    await mkdir(installed, { recursive: true });
    const packed = await packageEmulator(await outputPath('guide'));
    await promisify(execFile)('tar', ['-xzf', packed, '-C', installed, '--strip-components=1']);
  });

  /** Compiles the extension in a folder of its own, as an author's machine would. */
  async function compile(name: string, compilerOptions: object, inJavaScript = false): Promise<void> {
    const folder = await outputPath('guide', name);
    await rm(folder, { recursive: true, force: true });
    await mkdir(join(folder, 'src'), { recursive: true });
    const base: { compilerOptions: object } = JSON.parse(await read('test/guide/whole/tsconfig.json'));
    const configuration = { ...base, compilerOptions: { ...base.compilerOptions, ...compilerOptions } };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(configuration));
    await writeFile(join(folder, 'package.json'), await read('test/guide/whole/package.json'));
    for (const file of await sources()) {
      const code = await read(`test/guide/whole/src/${file}`);
      // The types stay TypeScript: there is no code in them.
      const asJavaScript = inJavaScript && file !== 'airiskAuthentication.ts';
      const written = asJavaScript ? (await transform(code, { loader: 'ts' })).code : code;
      await writeFile(join(folder, 'src', asJavaScript ? file.replace('.ts', '.js') : file), written);
    }
    const compiler = join(projectFolder, 'node_modules', 'typescript', 'bin', 'tsc');
    const args = [compiler, '-p', folder, '--pretty', 'false'];
    await promisify(execFile)(process.execPath, args).catch((error: unknown) => {
      assert.fail(error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error));
    });
  }

  it('as it is shown: strict, for Node', () => compile('node16', {}));
  it('for a bundler', () =>
    compile('bundler', {
      module: 'esnext',
      moduleResolution: 'bundler',
      noEmit: true,
      verbatimModuleSyntax: true,
    }));
  it('as CommonJS', () => compile('commonjs', { module: 'commonjs', moduleResolution: 'bundler' }));
  it('as JavaScript that is checked', () =>
    compile('javascript', { allowJs: true, checkJs: true, strict: false }, true));
});
