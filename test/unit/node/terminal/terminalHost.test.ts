import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
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
});
