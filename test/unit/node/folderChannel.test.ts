import assert from 'node:assert/strict';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { install } from '@sinonjs/fake-timers';
import type { WindowChannel } from '../../../src/core/sessions/sharedSecrets.ts';
import { folderChannel } from '../../../src/node/folderChannel.ts';

describe('the channel between windows', () => {
  let parent: string;
  let folder: string;
  const ends: (() => void)[] = [];
  let failures = 0;

  beforeEach(async () => {
    failures = 0;
    parent = await mkdtemp(join(tmpdir(), 'channel-'));
    folder = join(parent, 'windows');
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) end();
    await rm(parent, { recursive: true, force: true, maxRetries: 3 });
  });

  const open = (secret: string): { channel: WindowChannel; texts: string[] } => {
    const channel = folderChannel(
      folder,
      () => Promise.resolve(secret),
      () => (failures += 1),
    );
    const texts: string[] = [];
    const subscription = channel.onDidReceive((text) => texts.push(text));
    ends.push(() => subscription.dispose());
    return { channel, texts };
  };
  const has = async (texts: readonly string[], ...expected: string[]): Promise<void> => {
    while ([...new Set(texts)].toSorted().join() !== expected.toSorted().join()) {
      await new Promise(setImmediate);
    }
  };

  it('carries texts to windows with the same secret, also to those that come later, and to no other', async () => {
    const [one, two, stranger] = [open('a'), open('a'), open('b')];
    await one.channel.post('first');
    await two.channel.post('second');
    await has(two.texts, 'first', 'second');
    await has(open('a').texts, 'first', 'second');
    await stranger.channel.post('other');
    await has(stranger.texts, 'other');
    await has(one.texts, 'first', 'second');
  });

  it('shows them to nobody else', async () => {
    await open('a').channel.post('a token');
    const [name = ''] = await readdir(folder);
    const file = join(folder, name);
    // Windows has no such modes; there the folder of the user is what keeps others out.
    if (process.platform !== 'win32') assert.equal((await stat(file)).mode & 0o777, 0o600);
    const bytes = Buffer.from(await readFile(file, 'utf8'), 'base64').toString('latin1');
    assert.doesNotMatch(bytes, /token/);
  });

  it('ignores what was changed on the way', async () => {
    const one = open('a');
    await one.channel.post('true');
    const [name = ''] = await readdir(folder);
    const sealed = Buffer.from(await readFile(join(folder, name), 'utf8'), 'base64');
    sealed.writeUInt8(sealed.readUInt8(sealed.length - 1) ^ 1, sealed.length - 1);
    await writeFile(join(folder, 'forged.change'), sealed.toString('base64'));
    await writeFile(join(folder, 'empty.change'), '');
    const two = open('a');
    await one.channel.post('also true');
    await has(two.texts, 'true', 'also true');
  });

  it('keeps a text for a minute', async () => {
    const channel = folderChannel(
      folder,
      () => Promise.resolve('a'),
      () => (failures += 1),
    );
    const clock = install({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      await channel.post('text');
      clock.tick(59_999);
      assert.equal((await readdir(folder)).length, 1);
      clock.tick(1);
    } finally {
      clock.uninstall();
    }
    while ((await readdir(folder)).length > 0) await new Promise(setImmediate);
  });

  it('takes away what a window left that ended', async () => {
    const one = open('a');
    await one.channel.post('old');
    const [name = ''] = await readdir(folder);
    const long = new Date(Date.now() - 61_000);
    const unfinished = join(folder, 'unfinished');
    await writeFile(unfinished, '');
    for (const file of [join(folder, name), unfinished]) await utimes(file, long, long);
    const two = open('a');
    while ((await readdir(folder)).length > 0) await new Promise(setImmediate);
    assert.deepEqual(two.texts, []);
  });

  it('takes away what a window left that ended less than a minute ago', async () => {
    await mkdir(folder);
    const recent = join(folder, 'recent.change');
    await writeFile(recent, '');
    const clock = install({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      open('a');
      while (clock.countTimers() === 0) await new Promise(setImmediate);
      clock.tick(50_000);
      assert.deepEqual(await readdir(folder), ['recent.change']);
      clock.tick(10_000);
      while ((await readdir(folder)).length > 0) await new Promise(setImmediate);
      // A window that closes keeps no timer.
      await writeFile(recent, '');
      while (clock.countTimers() === 0) await new Promise(setImmediate);
      for (const end of ends.splice(0)) end();
      assert.equal(clock.countTimers(), 0);
    } finally {
      clock.uninstall();
    }
  });

  it('hears the other windows again when the folder was deleted or moved', async () => {
    const [one, two] = [open('a'), open('a')];
    await one.channel.post('first');
    // Each hears its own texts too: then it has begun to listen in the folder that is there.
    for (const { texts } of [one, two]) await has(texts, 'first');
    await rm(folder, { recursive: true });
    await one.channel.post('second');
    for (const { texts } of [one, two]) await has(texts, 'first', 'second');
    await rename(folder, join(parent, 'elsewhere'));
    await two.channel.post('third');
    await has(one.texts, 'first', 'second', 'third');
    assert.equal(failures, 0);
  });

  it('closes a folder that others may enter', async () => {
    await mkdir(folder, { mode: 0o755 });
    await open('a').channel.post('text');
    if (process.platform !== 'win32') assert.equal((await stat(folder)).mode & 0o777, 0o700);
  });

  it('neither writes to nor reads from a folder that is a link', async () => {
    const other = join(parent, 'other');
    await mkdir(other);
    await symlink(other, folder, 'junction');
    await assert.rejects(open('a').channel.post('text'), /link/);
    await new Promise<void>((resolve) => {
      const channel = folderChannel(folder, () => Promise.resolve('a'), resolve);
      const subscription = channel.onDidReceive(() => undefined);
      ends.push(() => subscription.dispose());
    });
    assert.deepEqual(await readdir(other), []);
  });

  it('does not follow a link to a text', async () => {
    const one = open('a');
    await one.channel.post('first');
    const [name = ''] = await readdir(folder);
    await rename(join(folder, name), join(parent, 'true'));
    await symlink(join(parent, 'true'), join(folder, name));
    const two = open('a');
    await one.channel.post('second');
    await has(two.texts, 'second');
  });

  it('works as soon as the secret can be had', async () => {
    const clock = install({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      let locked = true;
      const secret = async (): Promise<string> => {
        if (locked) throw new Error('the keyring is locked');
        return 'a';
      };
      const channel = folderChannel(folder, secret, () => (failures += 1));
      const texts: string[] = [];
      ends.push(() => subscription.dispose());
      const subscription = channel.onDidReceive((text) => texts.push(text));
      await assert.rejects(channel.post('lost'), /locked/);
      while (clock.countTimers() === 0) await new Promise(setImmediate);
      clock.tick(30_000);
      // It has failed again.
      while (clock.countTimers() === 0) await new Promise(setImmediate);
      locked = false;
      await open('a').channel.post('first');
      await channel.post('second');
      clock.tick(30_000);
      await has(texts, 'first', 'second');
      assert.equal(failures, 1, 'said once');
    } finally {
      clock.uninstall();
    }
  });

  it('looks twice a minute where the computer has no watcher left, and where one fails', async () => {
    const clock = install({ toFake: ['setTimeout', 'clearTimeout'] });
    const fs = process.getBuiltinModule('node:fs');
    const { watch } = fs;
    const watchers: ReturnType<typeof watch>[] = [];
    let left = 0;
    fs.watch = (...args: unknown[]) => {
      if (left-- <= 0) throw Object.assign(new Error('no watcher left'), { code: 'ENOSPC' });
      const watcher: ReturnType<typeof watch> = Reflect.apply(watch, fs, args);
      watchers.push(watcher);
      return watcher;
    };
    syncBuiltinESMExports();
    try {
      const { channel, texts } = open('a');
      while (clock.countTimers() === 0) await new Promise(setImmediate);
      await channel.post('unwatched');
      left = 1;
      clock.tick(30_000);
      await has(texts, 'unwatched');
      while (watchers.length === 0) await new Promise(setImmediate);
      await channel.post('watched');
      await has(texts, 'unwatched', 'watched');
      assert.equal(failures, 1);
      watchers[0]?.emit('error', new Error('gone'));
      await channel.post('later');
      left = 1;
      clock.tick(30_000);
      await has(texts, 'unwatched', 'watched', 'later');
      assert.equal(failures, 2);
    } finally {
      fs.watch = watch;
      syncBuiltinESMExports();
      clock.uninstall();
    }
  });

  it('makes the folder again where somebody has removed it', async () => {
    const { channel } = open('a');
    await channel.post('first');
    await rm(folder, { recursive: true });
    await channel.post('second');
    assert.equal((await readdir(folder)).length, 1);
  });

  it('does not try again for a window that has ended', async () => {
    const clock = install({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const locked = (): Promise<never> => Promise.reject(new Error('the keyring is locked'));
      const subscription = folderChannel(folder, locked, () => (failures += 1)).onDidReceive(() => undefined);
      while (clock.countTimers() === 0) await new Promise(setImmediate);
      subscription.dispose();
      assert.equal(clock.countTimers(), 0);
    } finally {
      clock.uninstall();
    }
  });

  it('says that it does not work where the folder cannot be made', async () => {
    await writeFile(folder, 'a file');
    await assert.rejects(open('a').channel.post('text'), { code: 'EEXIST' });
  });
});
