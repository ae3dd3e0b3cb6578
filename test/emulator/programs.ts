import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { succeeds } from '../harness/until.ts';

/** An answer as it came over the wire. */
export interface WireAnswer {
  status: number;
  /** By lower-case name; of a repeated header the last. */
  headers: Map<string, string>;
  body: string;
}

/** Runs curl and reads the answer that it prints. */
export async function curl(...args: readonly string[]): Promise<WireAnswer> {
  const output = await run('curl', 'curl', [
    '--silent',
    '--show-error',
    '--include',
    '--noproxy',
    '*',
    ...args,
  ]);
  const end = output.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = output.slice(0, end).split('\r\n');
  const headers = new Map(
    lines.map((line) => [line.split(':', 1).join('').toLowerCase(), line.replace(/^[^:]*: /, '')]),
  );
  return { status: Number(statusLine.split(' ')[1]), headers, body: output.slice(end + 4) };
}

/** Runs a Python program with arguments and answers with what it prints. */
export function python(program: string, ...args: readonly string[]): Promise<string> {
  const name = process.platform === 'win32' ? 'python' : 'python3';
  return run(name, 'python3', ['-c', program, ...args]);
}

/**
 * Finds `requests`, or installs it with pip into a folder of its own for the surrounding `describe`.
 * @returns what PYTHONPATH has to be
 */
export function pythonRequests(): () => string {
  let folder = '';
  before(async function () {
    this.timeout(120_000);
    const found = await succeeds(python('import requests'));
    if (found) return;
    folder = await mkdtemp(join(tmpdir(), 'requests-'));
    await run('python3', 'python3-pip', [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--target',
      folder,
      'requests==2.34.2',
    ]);
  });
  after(async () => {
    if (folder) await rm(folder, { recursive: true, force: true });
  });
  return () => folder;
}

async function run(program: string, debianPackage: string, args: readonly string[]): Promise<string> {
  try {
    return (await promisify(execFile)(program, args)).stdout;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    throw new Error(`${program} is not installed: run "apt-get install ${debianPackage}"`, { cause: error });
  }
}
