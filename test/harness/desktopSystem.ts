import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join, posix, win32 } from 'node:path';
import { runCommand } from './command.ts';
import { outputPath } from './paths.ts';

/**
 * The command that has an operating system open an address with what is registered for its scheme; the address goes
 * behind it.
 * @param executable of the VS Code that is meant, where one is
 */
export function uriOpener(
  platform: NodeJS.Platform,
  executable?: string,
  env: NodeJS.ProcessEnv = process.env,
): readonly [string, ...string[]] {
  if (platform === 'win32') {
    const system = win32.join(env['SystemRoot'] ?? 'C:\\Windows', 'System32');
    // Unlike "start" of cmd.exe it reads an ampersand as a part of the address.
    return [win32.join(system, 'rundll32.exe'), 'url.dll,FileProtocolHandler'];
  }
  if (platform !== 'darwin') return ['xdg-open'];
  // Another VS Code of the user may have registered itself for the same scheme.
  const app = executable === undefined ? [] : ['-a', executable.replace(/\.app\/.*$/, '.app')];
  return ['/usr/bin/open', ...app];
}

/**
 * The folders of a VS Code that nobody else uses. What Windows has registered starts it without any arguments, so
 * there they are where a portable VS Code looks without being told.
 * @param home an empty folder with a short path: macOS and Linux limit those of sockets
 * @see VS Code, Portable Mode
 */
export function profileFolders(
  platform: NodeJS.Platform,
  executable: string,
  home: string,
): { readonly userData: string; readonly extensions: string } {
  const path = platform === 'win32' ? win32 : posix;
  const parent = platform === 'win32' ? path.join(path.dirname(executable), 'data') : home;
  return { userData: path.join(parent, 'user-data'), extensions: path.join(parent, 'extensions') };
}

/** Registers a VS Code for its scheme on Linux, in folders of its own, as its package for Debian does for all users. */
export async function registerOnLinux(
  executable: string,
  args: readonly string[],
  home: string,
): Promise<NodeJS.ProcessEnv> {
  const [data, config] = [join(home, 'share'), join(home, 'config')];
  const applications = join(data, 'applications');
  await Promise.all([mkdir(applications, { recursive: true }), mkdir(config)]);
  const script = join(home, 'open-url');
  const quoted = [executable, ...args].map((text) => `'${text}'`).join(' ');
  await writeFile(script, `#!/bin/sh\nexec ${quoted} --open-url -- "$@"\n`);
  await chmod(script, 0o755);
  const entry = [
    '[Desktop Entry]',
    'Type=Application',
    'Name=VS Code of the tests',
    `Exec=${script} %U`,
    'MimeType=x-scheme-handler/vscode;',
    '',
  ].join('\n');
  await writeFile(join(applications, 'airisk-test.desktop'), entry);
  const env = { XDG_DATA_HOME: data, XDG_CONFIG_HOME: config };
  await runCommand('xdg-mime', ['default', 'airisk-test.desktop', 'x-scheme-handler/vscode'], {
    env: { ...process.env, ...env },
    logFile: await outputPath('logs', 'desktop.log'),
  });
  return env;
}
