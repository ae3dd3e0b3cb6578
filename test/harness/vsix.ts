import { rm } from 'node:fs/promises';

import { npmEnvironment, runCommand } from './command.ts';
import { outputPath } from './paths.ts';

/** Packages an extension's folder into a .vsix the way it is published, its `vscode:prepublish` script included. */
export async function packageExtension(dir: string, outFile: string): Promise<string> {
  await rm(outFile, { force: true });
  const logFile = await outputPath('logs', 'vsce.log');
  const vsce = ['--yes', '@vscode/vsce@3.9.2', 'package', '--no-dependencies', '--out', outFile];
  await runCommand('npx', vsce, { cwd: dir, env: npmEnvironment(), logFile });
  return outFile;
}
