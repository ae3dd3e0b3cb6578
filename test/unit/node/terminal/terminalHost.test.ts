import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { terminalHost } from '../../../../src/node/terminal/terminalHost.ts';
import { token } from '../../support/terminal.ts';

(process.platform === 'win32' ? describe.skip : describe)('what a computer has for terminals', () => {
  it('lists a window while it answers, and none that crashed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 't-'));
    const host = terminalHost(folder, 'file:///workspace', '', () => Promise.resolve(token));
    assert.equal(await host.isListed(), false);
    const window = await host.open();
    try {
      assert.equal(await host.isListed(), true);
      // What a window leaves that has no time to clean up.
      const dead = { socket: join(folder, 'dead.sock'), key: 'k'.repeat(43) };
      await writeFile(host.descriptor, JSON.stringify(dead), { mode: 0o600 });
      assert.equal(await host.isListed(), false);
    } finally {
      window.dispose();
      await rm(folder, { recursive: true });
    }
  });

  it('keeps nothing of a window that nobody came back to for a week, unless it answers', async () => {
    const folder = await mkdtemp(join(tmpdir(), 't-'));
    const hostOf = (name: string) => terminalHost(folder, name, '', () => Promise.resolve(token));
    const [crashed, alive, recent] = ['crashed', 'alive', 'recent'].map(hostOf);
    assert.ok(crashed && alive && recent);
    const dead = JSON.stringify({ socket: join(folder, 'dead.sock'), key: 'k'.repeat(43) });
    const windows = [await alive.open()];
    try {
      for (const { descriptor } of [crashed, recent]) {
        await writeFile(descriptor, dead, { mode: 0o600 });
        await writeFile(`${descriptor}.used`, '', { mode: 0o600 });
      }
      const old = new Date(Date.now() - 8 * 24 * 60 * 60_000);
      for (const { descriptor } of [crashed, alive]) await utimes(`${descriptor}.used`, old, old);
      windows.push(await hostOf('new').open());
      const left = (await readdir(folder)).map((name) => join(folder, name));
      assert.ok(!left.some((path) => path.startsWith(crashed.descriptor)));
      assert.ok(left.includes(recent.descriptor) && (await recent.wasOpen()));
      assert.equal(await alive.isListed(), true);
    } finally {
      for (const window of windows) window.dispose();
      await rm(folder, { recursive: true });
    }
  });
});
