import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { install } from '@sinonjs/fake-timers';
import type { WindowChannel } from '../../../src/core/session/sharedSecrets.ts';
import { folderChannel } from '../../../src/redirect/folderChannel.ts';

describe('the channel between windows', () => {
  let parent: string;
  let folder: string;
  const ends: (() => void)[] = [];

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'channel-'));
    folder = join(parent, 'windows');
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) end();
    await rm(parent, { recursive: true, force: true, maxRetries: 3 });
  });

  const open = (secret: string): { channel: WindowChannel; texts: string[] } => {
    const channel = folderChannel(folder, () => Promise.resolve(secret));
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
    assert.equal((await stat(file)).mode & 0o777, 0o600);
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
    const { channel } = open('a');
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
    await utimes(join(folder, name), long, long);
    const two = open('a');
    while ((await readdir(folder)).length > 0) await new Promise(setImmediate);
    assert.deepEqual(two.texts, []);
  });

  it('works as soon as the secret can be had', async () => {
    const clock = install({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      let locked = true;
      const channel = folderChannel(folder, async () => {
        if (locked) throw new Error('the keyring is locked');
        return 'a';
      });
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
    } finally {
      clock.uninstall();
    }
  });

  it('does not try again for a window that has ended', async () => {
    const clock = install({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const locked = (): Promise<never> => Promise.reject(new Error('the keyring is locked'));
      const subscription = folderChannel(folder, locked).onDidReceive(() => undefined);
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
