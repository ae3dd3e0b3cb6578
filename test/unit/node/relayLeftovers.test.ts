import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { install } from '@sinonjs/fake-timers';
import { createState } from '../../../src/core/oauth/state.ts';
import { digest } from '../../../src/node/seal.ts';
import { WindowRelay } from '../../../src/node/windowRelay.ts';
import { deaf, redirect } from '../support/relay.ts';

describe('what windows leave where they hand redirects over', () => {
  let folder: string;

  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'relay-'))));
  afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));

  const untilFiles = async (count: number): Promise<void> => {
    while ((await readdir(folder)).length !== count) await new Promise(setImmediate);
  };

  /** A window that waits for a redirect, and the one that the redirect comes to. */
  const openWindows = async () => {
    const [waiting, receiving] = [new WindowRelay(folder), new WindowRelay(folder)];
    const state = createState();
    const ending = new AbortController();
    await waiting.listen(deaf).begin(state, ending.signal);
    await untilFiles(1);
    return { waiting, receiving, state, ending };
  };

  it('goes with the window, at once, be it a wait or a redirect', async () => {
    const { waiting, receiving, state, ending } = await openWindows();
    const other = new WindowRelay(folder);
    await other.listen(deaf).begin(createState(), ending.signal);
    await untilFiles(2);
    await receiving.send(redirect(state, 'code'));
    for (const relay of [waiting, receiving, other]) relay.dispose();
    assert.deepEqual(await readdir(folder), []);
    ending.abort();
  });

  it('goes at once where the window closes while it hands a redirect over', async () => {
    const { receiving, state, ending } = await openWindows();
    const [name = ''] = await readdir(folder);
    ending.abort();
    await untilFiles(0);
    // Of a window that takes nothing.
    await writeFile(join(folder, name), '');
    const promises = process.getBuiltinModule('node:fs/promises');
    const { writeFile: write } = promises;
    promises.writeFile = async (...args: Parameters<typeof write>) => {
      receiving.dispose();
      await write(...args);
    };
    syncBuiltinESMExports();
    try {
      await receiving.send(redirect(state, 'code'));
    } finally {
      promises.writeFile = write;
      syncBuiltinESMExports();
    }
    await untilFiles(1);
    assert.deepEqual(await readdir(folder), [name]);
  });

  it('has one timer though the browser loads its address twice, and none when the window closes', async () => {
    const clock = install({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { waiting, receiving, state } = await openWindows();
      // Of the one that waits: it looks again.
      while (clock.countTimers() !== 1) await new Promise(setImmediate);
      for (const code of ['first', 'second']) {
        await receiving.send(redirect(state, code));
        assert.equal(clock.countTimers(), 2);
      }
      receiving.dispose();
      assert.equal(clock.countTimers(), 1);
      waiting.dispose();
    } finally {
      clock.uninstall();
    }
  });

  it('has one timer though the address is loaded twice at the same moment', async () => {
    const clock = install({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { receiving, state, ending } = await openWindows();
      while (clock.countTimers() !== 1) await new Promise(setImmediate);
      ending.abort();
      await untilFiles(0);
      // Of a window that takes nothing.
      await writeFile(join(folder, `${digest('name', state).toString('hex')}.waiting`), '');
      await Promise.all(['first', 'second'].map((code) => receiving.send(redirect(state, code))));
      assert.equal(clock.countTimers(), 1);
      receiving.dispose();
      assert.equal(clock.countTimers(), 0);
    } finally {
      clock.uninstall();
    }
  });

  it('goes with the next sign-in where a window has crashed, after the longest time that one can wait', async () => {
    await mkdir(folder, { recursive: true });
    const [old, recent] = [join(folder, 'old.waiting'), join(folder, 'recent.waiting')];
    for (const [file, minutes] of [
      [old, 61],
      [recent, 59],
    ] as const) {
      await writeFile(file, '');
      const time = new Date(Date.now() - minutes * 60_000);
      await utimes(file, time, time);
    }
    const ending = new AbortController();
    await new WindowRelay(folder).listen(deaf).begin(createState(), ending.signal);
    while (await stat(old).catch(() => undefined)) await new Promise(setImmediate);
    await untilFiles(2);
    assert.ok(await stat(recent));
    ending.abort();
    await untilFiles(1);
  });
});
