import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
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
});
