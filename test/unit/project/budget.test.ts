import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

// 0.9 of what VS Code's own github-authentication ships, with room for a feature: a library too many goes past it.
const limit = 207_000;
// The helper in terminals, which no window loads: zod and what it says itself.
const helperLimit = 27_000;

describe('the shipped bundle', () => {
  const files = new Map<string, string>();

  before(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'airisk-budget-'));
    try {
      await execute(process.execPath, ['esbuild.mjs', `--outdir=${folder}`]);
      for (const name of await readdir(folder)) files.set(name, await readFile(join(folder, name), 'utf8'));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it(`is one file of at most ${limit} bytes, and the helper of terminals of ${helperLimit}`, () => {
    assert.deepEqual([...files.keys()].toSorted(), ['airisk-token.cjs', 'extension.cjs']);
    for (const [name, most] of [
      ['extension.cjs', limit],
      ['airisk-token.cjs', helperLimit],
    ] as const) {
      const size = Buffer.byteLength(files.get(name) ?? '');
      assert.ok(size <= most, `${name}: ${size} bytes; esbuild --analyze shows what takes them`);
    }
  });

  it('requires VS Code once and modules of Node, and nothing else', () => {
    const foreign = (file: string): string[] =>
      [...(files.get(file) ?? '').matchAll(/\brequire\(["'`]([^"'`]+)["'`]\)/g)]
        .map(([, name = '']) => name)
        .filter((name) => !isBuiltin(name));
    assert.deepEqual(foreign('extension.cjs'), ['vscode']);
    assert.deepEqual(foreign('airisk-token.cjs'), []);
  });
});
