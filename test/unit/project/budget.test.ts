import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

// What every window reads, and what it reads when somebody uses it. What is real, rounded up: whoever adds bytes raises
// it knowingly, whoever saves some lowers it.
const limits = { 'extension.cjs': 46_000, 'actions.cjs': 59_000 };
// For all of it.
const goal = 46_000;

const allowed = [
  './actions.cjs',
  './extension.cjs',
  'node:child_process',
  'node:crypto',
  'node:events',
  'node:fs',
  'node:fs/promises',
  'node:http',
  'node:path',
  'vscode',
];

// Each of these brings hundreds or thousands of bytes of zod with it that nothing else needs; src/core/schema.ts has what does
// the same.
const heavy = [
  'ZodMiniCatch',
  'ZodMiniDiscriminatedUnion',
  'ZodMiniLiteral',
  'ZodMiniNumber',
  'ZodMiniRecord',
  'ZodMiniString',
  'ZodMiniTuple',
  'ZodMiniUnion',
];

describe('the shipped bundle', () => {
  const files = new Map<string, string>();
  let bundle = '';

  before(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'airisk-budget-'));
    try {
      await execute(process.execPath, ['esbuild.mjs', `--outdir=${folder}`]);
      for (const name of await readdir(folder)) files.set(name, await readFile(join(folder, name), 'utf8'));
      bundle = [...files.values()].join('');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('is two files: what every window reads, and what only its use takes', () => {
    assert.deepEqual([...files.keys()].toSorted(), Object.keys(limits).toSorted());
  });

  for (const [name, limit] of Object.entries(limits)) {
    it(`has at most ${limit} bytes in ${name}`, () => {
      const size = Buffer.byteLength(files.get(name) ?? '');
      assert.ok(
        size <= limit,
        `${size} bytes are ${size - limit} over the limit of ${limit}; the goal is ${goal} for all files. Write it more ` +
          'compactly, see the sizes with esbuild --analyze, or raise the limit and say why.',
      );
      assert.ok(limit - size < 2_000, `The limit can come down: ${name} has only ${size} bytes.`);
    });
  }

  it('reads the second file in one place only, when it is needed', () => {
    const start = files.get('extension.cjs') ?? '';
    assert.equal(start.match(/["'`]\.\/actions\.cjs["'`]/g)?.length, 1);
    assert.match(start, /Promise\.resolve\(\)\.then\(\(\)=>require\("\.\/actions\.cjs"\)\)/);
  });

  it('imports VS Code and a few modules of Node, and nothing else', () => {
    const imports = bundle.matchAll(/\b(?:require|import|getBuiltinModule)\(["'`]([^"'`]+)["'`]\)/g);
    assert.deepEqual(
      [...new Set([...imports].map(([, name = '']) => name))].toSorted((a, b) => (a < b ? -1 : 1)),
      allowed,
    );
  });

  it('has no part of zod that costs much', () => {
    assert.ok(bundle.includes('ZodMiniObject'), 'the names by which schemas are recognized have changed');
    assert.deepEqual(
      heavy.filter((name) => bundle.includes(`"${name}"`)),
      [],
    );
  });
});
