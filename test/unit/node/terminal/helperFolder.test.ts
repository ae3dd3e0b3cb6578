import assert from 'node:assert/strict';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installHelper, keepMs } from '../../../../src/node/terminal/helperFolder.ts';

describe('the folder of the helper', () => {
  let parent: string;
  let script: string;
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'airisk-bin-'));
    script = `${parent}.cjs`;
    await writeFile(script, '// the helper');
  });
  afterEach(async () => {
    await rm(script);
    await rm(parent, { recursive: true });
  });

  const install = () => installHelper(parent, script, process.execPath);

  it('is laid out by several windows at once, which leaves nothing else behind', async () => {
    for (let round = 0; round < 20; round++) {
      await rm(parent, { recursive: true });
      const old = ['bin-a', 'bin-b', 'bin-c'].map((name) => join(parent, name));
      for (const folder of old) {
        await mkdir(folder, { recursive: true });
        await utimes(folder, 0, (Date.now() - keepMs) / 1_000 - 60);
      }
      const [first, ...others] = await Promise.all([install(), install(), install(), install()]);
      for (const other of others) assert.deepEqual(other, first);
      assert.deepEqual(await readdir(parent), [first.folder.slice(parent.length + 1)]);
      assert.ok((await stat(first.program)).isFile());
    }
  });

  it('is replaced when it is damaged, and left alone when it is not', async () => {
    const { folder, program } = await install();
    const before = await stat(folder);
    await install();
    assert.equal((await stat(folder)).ino, before.ino);
    await writeFile(program, 'damaged');
    await install();
    assert.notEqual((await stat(program)).size, 'damaged'.length);
  });

  // Windows has no such modes, and lets not everybody make links.
  (process.platform === 'win32' ? describe.skip : describe)('is laid out again', () => {
    const changes: [how: string, change: (folder: string, program: string) => Promise<void>][] = [
      [
        'in the place of a link',
        async (folder) => {
          await rename(folder, `${parent}/elsewhere`);
          await symlink(`${parent}/elsewhere`, folder);
        },
      ],
      ['when others may change it', (folder) => chmod(folder, 0o777)],
      ['when others may change the helper', (_, program) => chmod(program, 0o777)],
      ['when the helper cannot be run', (_, program) => chmod(program, 0o600)],
    ];
    for (const [how, change] of changes) {
      it(how, async () => {
        const { folder, program } = await install();
        await change(folder, program);
        await install();
        for (const path of [folder, program]) {
          const found = await lstat(path);
          assert.deepEqual([found.isSymbolicLink(), found.mode & 0o777], [false, 0o700]);
        }
      });
    }
  });
});
