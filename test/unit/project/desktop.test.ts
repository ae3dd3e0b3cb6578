import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, win32 } from 'node:path';
import { promisify } from 'node:util';
import { shellWord } from '../../harness/command.ts';
import { profileFolders, registerOnLinux, uriOpener } from '../../harness/desktopSystem.ts';

const address = 'vscode://airisk.airisk-authentication/callback?code=a%2Bb&state=c';

describe('the desktop that the tests start', () => {
  it('has Windows open addresses with a program of its own, which no shell reads', () => {
    const code = String.raw`C:\a b\Code.exe`;
    const [program, ...args] = uriOpener('win32', code, { SystemRoot: String.raw`D:\Windows` });
    assert.equal(program, String.raw`D:\Windows\System32\rundll32.exe`);
    assert.ok(win32.isAbsolute(program));
    assert.deepEqual(args, ['url.dll,FileProtocolHandler']);
    assert.equal(uriOpener('win32', code, {})[0], String.raw`C:\Windows\System32\rundll32.exe`);
  });

  it('keeps a path with a blank in one piece for the shell of Windows', () => {
    assert.equal(shellWord(String.raw`C:\a b\Code.exe`, true), String.raw`"C:\a b\Code.exe"`);
    assert.equal(shellWord('--user-data-dir', true), '--user-data-dir');
    assert.equal(shellWord('a&b', true), '"a&b"');
    assert.equal(shellWord('/a b/code', false), '/a b/code');
  });

  it('has macOS open them with the VS Code that is meant', () => {
    const executable = '/x/Visual Studio Code.app/Contents/MacOS/Code';
    assert.deepEqual(uriOpener('darwin'), ['/usr/bin/open']);
    assert.deepEqual(uriOpener('darwin', executable), ['/usr/bin/open', '-a', '/x/Visual Studio Code.app']);
  });

  it('keeps its folders where what is registered on Windows finds them without arguments', () => {
    assert.deepEqual(profileFolders('win32', String.raw`C:\a b\Code.exe`, String.raw`C:\tmp`), {
      userData: String.raw`C:\a b\data\user-data`,
      extensions: String.raw`C:\a b\data\extensions`,
    });
    for (const platform of ['darwin', 'linux'] as const) {
      assert.deepEqual(profileFolders(platform, '/x/code', '/tmp/h'), {
        userData: '/tmp/h/user-data',
        extensions: '/tmp/h/extensions',
      });
    }
  });

  // xdg-mime and xdg-open are Linux', and not on every one of them: they are played here by what they are asked.
  if (process.platform === 'linux') {
    it('is registered on Linux for its scheme, in folders of its own', async () => {
      const home = await mkdtemp(join(tmpdir(), 'airisk-desktop-'));
      const path = process.env['PATH'];
      try {
        const xdgMime = `#!/bin/sh\necho "$*" > "$XDG_CONFIG_HOME/asked"\n`;
        await writeFile(join(home, 'xdg-mime'), xdgMime);
        await writeFile(join(home, 'code'), `#!/bin/sh\nprintf '%s\\n' "$@"\n`);
        for (const name of ['xdg-mime', 'code']) await chmod(join(home, name), 0o755);
        process.env['PATH'] = `${home}:${path}`;
        const env = await registerOnLinux(join(home, 'code'), ['--user-data-dir', '/tmp/a b'], home);
        const asked = await readFile(join(env['XDG_CONFIG_HOME'] ?? '', 'asked'), 'utf8');
        assert.equal(asked, 'default airisk-test.desktop x-scheme-handler/vscode\n');
        const entry = await readFile(
          join(env['XDG_DATA_HOME'] ?? '', 'applications', 'airisk-test.desktop'),
          'utf8',
        );
        assert.match(entry, /^MimeType=x-scheme-handler\/vscode;$/m);
        const [, command = ''] = /^Exec=(\S+) %U$/m.exec(entry) ?? [];
        const { stdout } = await promisify(execFile)(command, [address]);
        assert.deepEqual(stdout.trim().split('\n'), [
          '--user-data-dir',
          '/tmp/a b',
          '--open-url',
          '--',
          address,
        ]);
      } finally {
        process.env['PATH'] = path;
        await rm(home, { recursive: true, force: true });
      }
    });
  }
});
