import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import promises, { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  isPrivateFolder,
  makePrivateFolder,
  readPrivateFile,
  requirePrivateFolder,
  writePrivateFile,
} from '../../../src/node/privateFiles.ts';

// Windows keeps a user's profile closed in another way, and lets few make a link.
(process.platform === 'win32' ? describe.skip : describe)('files for nobody else', () => {
  let parent: string;
  let path: string;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'private-'));
    path = join(parent, 'it');
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  const mode = async (): Promise<number> => (await stat(path)).mode & 0o777;

  /** Runs as if the user were somebody else: only root can give a file away. */
  const asAnotherUser = async (action: () => Promise<unknown>): Promise<unknown> => {
    const { getuid } = process;
    process.getuid = () => 4_242;
    try {
      return await action();
    } finally {
      if (getuid) process.getuid = getuid;
    }
  };

  it('lie in a folder that is closed from the start, or is closed then', async () => {
    await makePrivateFolder(join(path, 'deeper'));
    assert.equal(await mode(), 0o700);
    for (const open of [0o755, 0o777, 0o711, 0o1777]) {
      await chmod(path, open);
      await makePrivateFolder(path);
      assert.equal(await mode(), 0o700);
    }
  });

  it('lie in no folder that is missing, a link, a file or of another user', async () => {
    await assert.rejects(requirePrivateFolder(path), { code: 'ENOENT' });
    await symlink(parent, path);
    await assert.rejects(makePrivateFolder(path), /link/);
    await rm(path);
    await writeFile(path, '');
    await assert.rejects(makePrivateFolder(path), { code: 'EEXIST' });
    await rm(path);
    await mkdir(path);
    await asAnotherUser(() => assert.rejects(makePrivateFolder(path), /another user/));
  });

  it('can be told from those in a folder that others may enter', async () => {
    assert.equal(await isPrivateFolder(path), false);
    await makePrivateFolder(path);
    assert.equal(await isPrivateFolder(path), true);
    await asAnotherUser(async () => assert.equal(await isPrivateFolder(path), false));
    await symlink(path, join(parent, 'link'));
    assert.equal(await isPrivateFolder(join(parent, 'link')), false);
    await chmod(path, 0o701);
    assert.equal(await isPrivateFolder(path), false);
    assert.equal(await mode(), 0o701, 'left as it was');
  });

  it('are written for the owner alone, and in the place of what is there', async () => {
    const target = join(parent, 'target');
    await writeFile(target, 'as it was');
    await symlink(target, path);
    await writePrivateFile(path, 'one');
    await writePrivateFile(path, 'two');
    assert.equal(await readPrivateFile(path), 'two');
    assert.equal(await mode(), 0o600);
    assert.equal(await readFile(target, 'utf8'), 'as it was');
  });

  /** Has somebody put a link there each time after the place was cleared, `times` times. */
  const withSomebodyFaster = async (
    target: string,
    times: number,
    write: () => Promise<void>,
  ): Promise<void> => {
    const { rm: remove } = promises;
    let left = times;
    promises.rm = async (...args) => {
      await remove(...args);
      if (left > 0) symlinkSync(target, path);
      left -= 1;
    };
    syncBuiltinESMExports();
    try {
      await write();
    } finally {
      promises.rm = remove;
      syncBuiltinESMExports();
    }
  };

  it('are never written through a link or into a file that somebody puts there first', async () => {
    const target = join(parent, 'target');
    await writeFile(target, 'as it was');
    await withSomebodyFaster(target, 2, () => writePrivateFile(path, 'one'));
    assert.equal(await readPrivateFile(path), 'one');
    assert.equal(await readFile(target, 'utf8'), 'as it was');
    await withSomebodyFaster(target, Infinity, () =>
      assert.rejects(writePrivateFile(path, 'two'), { code: 'EEXIST' }),
    );
    assert.equal(await readFile(target, 'utf8'), 'as it was');
  });

  it('are whole when several write one at once', async () => {
    await Promise.all(['one', 'two', 'three'].map((text) => writePrivateFile(path, text)));
    assert.match(await readPrivateFile(path), /^(one|two|three)$/);
  });

  it('are read when they are no link, pipe or folder, of no other user and not endless', async () => {
    const target = join(parent, 'target');
    await writePrivateFile(target, 'text');
    await symlink(target, path);
    await assert.rejects(readPrivateFile(path), { code: 'ELOOP' });
    await asAnotherUser(() => assert.rejects(readPrivateFile(target), /not our own/));
    await rm(path);
    execFileSync('mkfifo', [path]);
    await assert.rejects(readPrivateFile(path), /not our own/);
    await assert.rejects(readPrivateFile(parent), /not our own/);
    await assert.rejects(readPrivateFile('/dev/zero'), /not our own/);
    await chmod(target, 0o640);
    await assert.rejects(readPrivateFile(target), /not our own/);
    await writePrivateFile(target, 'x'.repeat(1_048_577));
    await assert.rejects(readPrivateFile(target), /not our own/);
  });
});
