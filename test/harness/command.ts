import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

/** What a command is run with. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Where everything that the command prints is kept. */
  readonly logFile: string;
}

/** Whether programs are started by a shell: on Windows npm, npx and code are scripts, which nothing else starts. */
export const needsShell = process.platform === 'win32';

/** A word of a command line for the shell that starts it, where one does; it holds no quotation mark. */
export function shellWord(text: string, shell = needsShell): string {
  return shell && /[^\w./:\\@=-]/.test(text) ? `"${text}"` : text;
}

/** Runs a command to its end, keeps its output in a file and returns it; a failure carries the last lines. */
export async function runCommand(file: string, args: string[], options: CommandOptions): Promise<string> {
  const log = createWriteStream(options.logFile, { flags: 'a' });
  log.write(`$ ${file} ${args.join(' ')}\n`);
  const words = args.map((word) => shellWord(word));
  const child = spawn(shellWord(file), words, {
    shell: needsShell,
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output += chunk.toString();
    log.write(chunk);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const code = await new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => {
      resolve(exitCode ?? signal ?? 'unknown');
    });
  }).finally(() => log.end());
  await finished(log);
  if (code !== 0) {
    const tail = output.trim().split('\n').slice(-12).join('\n');
    throw new Error(
      `${file} ${args.join(' ')} ended with ${code}:\n${tail}\n(all of it: ${options.logFile})`,
    );
  }
  return output;
}

/** The environment for an `npm` started from an npm script, without what would point it at this project. */
export function npmEnvironment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^npm_(package|lifecycle|config_local_prefix|config_prefix|command|execpath)/.test(name),
  );
  return { ...Object.fromEntries(kept), ...more };
}
