import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { schemeOpener } from '../../../src/node/uriScheme.ts';

describe('what opens a URI scheme on this system', () => {
  const never = new AbortController().signal;

  it('is asked as it wants to be asked', async () => {
    const [known, unknown] = [await schemeOpener('http', never), await schemeOpener('airisk-none', never)];
    if (process.platform === 'win32') assert.deepEqual([known?.includes('REG_'), unknown], [true, '']);
    // Linux may have no program for it.
    else assert.ok(!unknown, unknown);
    if (process.platform === 'darwin') assert.equal(known, undefined);
  });
});

// The programs are played by shell scripts, which Windows does not run.
if (process.platform !== 'win32')
  describe('what opens a URI scheme', () => {
    let folder = '';
    const path = process.env['PATH'];
    const never = new AbortController().signal;

    /** Makes a program the only one that is found. */
    const install = async (name: string, script: string): Promise<void> => {
      await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
      await chmod(join(folder, name), 0o755);
    };

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'airisk-scheme-'));
      process.env['PATH'] = folder;
    });
    afterEach(async () => {
      process.env['PATH'] = path;
      delete process.env['SystemRoot'];
      await rm(folder, { recursive: true, force: true });
    });

    it('is what Linux says', async () => {
      await install(
        'xdg-mime',
        '[ "$*" = "query default x-scheme-handler/vscode" ] || exit 4; echo code.desktop',
      );
      assert.equal(await schemeOpener('vscode', never, 'linux'), 'code.desktop');
      assert.equal(await schemeOpener('vscodium', never, 'linux'), '');
    });

    it('is what Windows says', async () => {
      process.env['SystemRoot'] = join(folder, 'Windows');
      await install(
        String.raw`Windows\System32\reg.exe`,
        String.raw`[ "$2" = 'HKCR\vscode\shell\open\command' ] && echo Code.exe`,
      );
      assert.equal(await schemeOpener('vscode', never, 'win32'), 'Code.exe');
      assert.equal(await schemeOpener('vscodium', never, 'win32'), '');
    });

    it('is asked of no program that only has the name', async () => {
      process.env['SystemRoot'] = join(folder, 'Windows');
      for (const name of ['reg', 'reg.exe']) await install(name, 'echo Planted.exe');
      assert.equal(await schemeOpener('vscode', never, 'win32'), undefined);
    });

    it('is nothing where the answer is empty', async () => {
      await install('xdg-mime', 'exit 0');
      assert.equal(await schemeOpener('vscode', never, 'linux'), '');
    });

    it('is not known where nobody can be asked, or the scheme is none', async () => {
      assert.equal(await schemeOpener('vscode', never, 'linux'), undefined);
      assert.equal(await schemeOpener('vscode', never, 'darwin'), undefined);
      // A helper of its own is missing.
      await install('xdg-mime', 'exit 3');
      assert.equal(await schemeOpener('vscode', never, 'linux'), undefined);
      await install('xdg-mime', 'echo code.desktop');
      assert.equal(await schemeOpener('-x; true', never, 'linux'), undefined);
    });

    it('is not waited for any longer than a cancel, or a few seconds', async () => {
      await install('xdg-mime', 'read -r forever');
      const cancel = new AbortController();
      const asked = schemeOpener('vscode', cancel.signal, 'linux');
      cancel.abort();
      await assert.rejects(asked, { name: 'AbortError' });
      assert.equal(await schemeOpener('vscode', never, 'linux'), undefined);
    });
  });
