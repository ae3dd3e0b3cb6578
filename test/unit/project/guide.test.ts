import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';
import { transform } from 'esbuild';
import Mocha from 'mocha';
import * as z from 'zod/mini';
import { packageEmulator } from '../../harness/packageEmulator.ts';
import { outputPath, projectFolder } from '../../harness/paths.ts';

const read = (path: string): Promise<string> => readFile(join(projectFolder, path), 'utf8');
/** The one of the first minutes, and the one that does it right. */
const extensions = ['first', 'whole'];
const sources = async (): Promise<string[]> =>
  (
    await Promise.all(
      extensions.map(async (name) =>
        (await readdir(join(projectFolder, 'test/guide', name, 'src'))).map(
          (file) => `test/guide/${name}/src/${file}`,
        ),
      ),
    )
  ).flat();

/** The code blocks of INTEGRATION.md in one of these languages. */
async function snippets(...languages: string[]): Promise<string[]> {
  const blocks = (await read('INTEGRATION.md')).matchAll(/^```(\w+)\n([^]*?)^```$/gm);
  return [...blocks]
    .filter(([, language = '']) => languages.includes(language))
    .map(([, , code = '']) => code);
}

describe('INTEGRATION.md', () => {
  it('shows code of the extensions that the tests run, letter by letter, and all of it', async () => {
    const files = await Promise.all((await sources()).map(read));
    const shown = await snippets('ts', 'js');
    for (const snippet of shown) assert.ok(files.includes(snippet), `not a file of test/guide:\n${snippet}`);
    for (const file of files) assert.ok(shown.includes(file), `not in INTEGRATION.md:\n${file}`);
  });

  it('has the types of the exported API as they are', async () => {
    for (const extension of extensions)
      assert.equal(
        await read(`test/guide/${extension}/src/airiskAuthentication.ts`),
        await read('src/api.ts'),
      );
  });

  it('shows manifests and configuration as those extensions have them', async () => {
    const shown = (await snippets('json')).map((text): { contributes?: object } => JSON.parse(text));
    const isShown = (json: object): boolean => shown.some((one) => isDeepStrictEqual(one, json));
    for (const file of ['first/package.json', 'first/tsconfig.json'])
      assert.ok(isShown(JSON.parse(await read(`test/guide/${file}`))), file);
    const whole: { contributes: object } = JSON.parse(await read('test/guide/whole/package.json'));
    assert.ok(isShown({ contributes: whole.contributes }), 'contributes');
  });

  it('runs its test with the functions that it calls, and with time for a renewal', async () => {
    const Configuration = z.object({
      files: z.string(),
      mocha: z.object({ ui: z.literal(['bdd', 'tdd', 'qunit']), timeout: z.number() }),
    });
    const block = (await snippets('json')).find((text) => text.includes('"files"')) ?? assert.fail();
    const { mocha } = Configuration.parse(JSON.parse(block));
    const offered: Record<string, unknown> = {};
    const runner = new Mocha({ ui: mocha.ui });
    runner.suite.emit('pre-require', offered, '', runner);
    const tests = (await sources()).filter((file) => file.endsWith('.test.ts'));
    const called = (await Promise.all(tests.map(read))).flatMap((code) =>
      [...code.matchAll(/^ *(\w+)\((?:'|async )/gm)].map(([, name = '']) => name),
    );
    assert.ok(called.length > 4);
    for (const name of called) assert.ok(name in offered, `${mocha.ui} of Mocha has no ${name}`);
    // The kit waits ten seconds for a renewal.
    assert.ok(mocha.timeout > 10_000);
  });

  it('names the packages of this version, as README.md does', async () => {
    const { version } = z.object({ version: z.string() }).parse(JSON.parse(await read('package.json')));
    for (const page of ['README.md', 'INTEGRATION.md']) {
      const named = [...(await read(page)).matchAll(/airisk-\w+-(\d[\d.]*\d)\.(?:vsix|tgz)/g)];
      assert.ok(named.length > 0);
      for (const [file, of] of named) assert.equal(of, version, `${page}: ${file}`);
    }
  });

  it('names the errors that there are, and no others', async () => {
    const [, table = ''] = /\n(\| name [^]*?)\n\n/.exec(await read('INTEGRATION.md')) ?? [];
    const explained = [...table.matchAll(/^\| `(Airisk\w+)`/gm)].map(([, name = '']) => name);
    const [, type = ''] = /export type AiriskErrorName =([^;]*);/.exec(await read('src/api.ts')) ?? [];
    const declared = [...type.matchAll(/'(\w+)'/g)].map(([, name = '']) => name);
    assert.ok(declared.length > 5);
    assert.deepEqual(explained.toSorted(), declared.toSorted());
    const tests = (
      await Promise.all(['provider', 'providerSignIn'].map((name) => read(`test/e2e/${name}.test.ts`)))
    ).join();
    for (const name of declared)
      assert.ok(tests.includes(`'${name}'`), `no extension gets ${name} in a test`);
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
    await mkdir(folder, { recursive: true });
    const base: { compilerOptions: { types: string[] } } = JSON.parse(
      await read('test/guide/first/tsconfig.json'),
    );
    // The test takes Mocha's.
    const types = [...base.compilerOptions.types, 'mocha'];
    const options = { ...base.compilerOptions, types, rootDir: '.', ...compilerOptions };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options }));
    await writeFile(join(folder, 'package.json'), await read('test/guide/first/package.json'));
    for (const source of await sources()) {
      const code = await read(source);
      // The types stay TypeScript: there is no code in them.
      const asJavaScript = inJavaScript && !source.endsWith('airiskAuthentication.ts');
      const written = asJavaScript ? (await transform(code, { loader: 'ts' })).code : code;
      const file = join(folder, asJavaScript ? source.replace('.ts', '.js') : source);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, written);
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
