import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { terminalHost } from '../../src/node/terminal/terminalHost.ts';
import type { HelperRequest } from '../../src/core/terminal/request.ts';
import { type Ended, type Outcome, Plan } from './plan.ts';

// A window on Windows: it answers on a named pipe, lays the helper out, and runs lines in shells. A program of its own,
// since it runs in Node for Windows.

/** How each shell is given a line, byte for byte. */
const shells = {
  cmd: (line: string) => ['cmd.exe', '/d', '/s', '/c', `"${line}"`],
  powershell: (line: string) => {
    const encoded = Buffer.from(`${line}; exit $LASTEXITCODE`, 'utf16le').toString('base64');
    return ['powershell.exe', '-NoProfile', '-NonInteractive', '-EncodedCommand', encoded];
  },
};

async function main(): Promise<void> {
  const plan = Plan.parse(JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')));
  const requests: HelperRequest[] = [];
  // Spaces, an ampersand, parentheses, and letters that no one code page has.
  const folder = join(await mkdtemp(join(plan.folder, 'window-')), 'Åse & Søn (東京)');
  const host = terminalHost(folder, 'workspace', plan.helper, async (request) => {
    requests.push(request);
    return plan.answer;
  });
  const { folder: bin, program } = await host.installHelper();
  const window = await host.open();
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    AIRISK_TERMINAL: host.descriptor,
    AIRISK_TERMINAL_ID: 'a-terminal',
    AIRISK_TOKEN_HELPER: program,
    AIRISK_NODE: process.execPath,
  };
  const path = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  env[path] = [bin, dirname(process.execPath), env[path]].join(host.delimiter);
  const ended: Ended[] = [];
  for (const { shell, line } of plan.lines) {
    const [command = '', ...args] = shells[shell](line);
    const child = spawn(command, args, {
      env,
      windowsVerbatimArguments: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    ended.push({ code: child.exitCode ?? -1, stdout, stderr });
  }
  const isListed = await host.isListed();
  window.dispose();
  const outcome = { ended, requests, isListed, isListedAfter: await host.isListed() } satisfies Outcome;
  await writeFile(process.argv[3] ?? '', JSON.stringify(outcome));
}

void main();
