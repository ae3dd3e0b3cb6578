import { spawn } from 'node:child_process';
import { closeSync, openSync, rmSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { type Cleanup, createCleanup } from './cleanup.ts';
import { runCommand } from './command.ts';
import { endGroup } from './group.ts';
import { readHostLogs } from './hostLogs.ts';
import type { PreparedVsCode } from './prepare.ts';
import { createServerHome, fillServerHome, type ServerHome } from './serverHome.ts';
import type { Settings } from './settings.ts';

/** What a code-server is started with. */
export interface CodeServerOptions {
  readonly vscode: PreparedVsCode;
  /** Packaged extensions, installed the way a user does. */
  readonly vsix: readonly string[];
  /** Unpacked extensions, copied into place before the first one is installed. */
  readonly unpacked?: readonly string[];
  readonly settings?: Settings;
  /** Reaches every extension host of this server. */
  readonly env?: Readonly<Record<string, string>>;
  /** Needed for a suite inside the host; hides notification toasts. */
  readonly smokeTestDriver?: boolean;
  readonly folder?: string;
  /** Origins that links may open without the question whether they are trusted. */
  readonly trustedOrigins?: readonly string[];
  /** A browser profile keeps its secrets per origin, so a restart that must find them takes the same port again. */
  readonly port?: number;
}

/** A running code-server. */
export interface CodeServer {
  readonly origin: string;
  readonly port: number;
  /** The folder that windows open. */
  readonly folder: string;
  readonly userDataDir: string;
  readonly extensionsDir: string;
  /** What the server printed and what its extension hosts logged, output channels included. */
  readonly logs: () => Promise<string>;
  /** Ends it and removes its folders. */
  readonly stop: () => Promise<void>;
}

interface ServerProcess {
  readonly group: number | undefined;
  readonly hasEnded: () => boolean;
}

async function listeningPort(outputFile: string, deadline: number, hasEnded: () => boolean): Promise<number> {
  for (;;) {
    const output = await readFile(outputFile, 'utf8');
    const found = /HTTP server listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(output)?.[1];
    if (found !== undefined) return Number(found);
    if (hasEnded() || Date.now() > deadline) {
      throw new Error(
        `code-server ${hasEnded() ? 'ended' : 'did not listen in time'}:\n${output.slice(-3000)}`,
      );
    }
    await delay(50);
  }
}

async function waitUntilHealthy(origin: string, outputFile: string, deadline: number): Promise<void> {
  for (;;) {
    const healthy = await fetch(`${origin}/healthz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (healthy) return;
    if (Date.now() > deadline) {
      throw new Error(`code-server is not healthy:\n${(await readFile(outputFile, 'utf8')).slice(-3000)}`);
    }
    await delay(50);
  }
}

function serverArguments(options: CodeServerOptions, folder: string): string[] {
  const trusted = (options.trustedOrigins ?? []).flatMap((origin) => [
    '--link-protection-trusted-domains',
    origin,
  ]);
  const { passesOptions } = options.vscode.version;
  const driver =
    options.smokeTestDriver === true && passesOptions ? ['--vscode-option', 'enable-smoke-test-driver'] : [];
  return [
    '--auth=none',
    `--bind-addr=127.0.0.1:${options.port ?? 0}`,
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-workspace-trust',
    '--disable-getting-started-override',
    ...trusted,
    ...driver,
    folder,
  ];
}

function startProcess(node: string, args: readonly string[], home: ServerHome): ServerProcess {
  const output = openSync(home.outputFile, 'a');
  const child = spawn(node, args, {
    cwd: home.root,
    env: home.env,
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  let ended = false;
  child.once('exit', () => (ended = true));
  child.once('error', () => (ended = true));
  return { group: child.pid, hasEnded: () => ended };
}

async function startIn(home: ServerHome, options: CodeServerOptions, cleanup: Cleanup): Promise<CodeServer> {
  const { outputFile, userDataDir, extensionsDir, env } = home;
  const { node, entry } = options.vscode;
  const folder = options.folder ?? join(home.root, 'folder');
  await mkdir(folder, { recursive: true });
  await fillServerHome(home, options.settings ?? {}, options.unpacked ?? []);
  const own = [
    `--config=${home.config}`,
    `--user-data-dir=${userDataDir}`,
    `--extensions-dir=${extensionsDir}`,
  ];
  if (options.vsix.length > 0) {
    const install = options.vsix.flatMap((file) => ['--install-extension', file]);
    await runCommand(node, [entry, ...own, ...install], { env, logFile: outputFile });
  }
  const server = startProcess(node, [entry, ...own, ...serverArguments(options, folder)], home);
  const { group } = server;
  if (group === undefined) throw new Error(`${node} could not be started`);
  const killAtExit = (): void => {
    if (!server.hasEnded()) process.kill(-group, 'SIGKILL');
  };
  // Before the folders are removed, which another listener does.
  process.prependOnceListener('exit', killAtExit);
  cleanup.add(async () => {
    await endGroup(group);
    process.off('exit', killAtExit);
  });
  const deadline = Date.now() + 150_000;
  const port = await listeningPort(outputFile, deadline, server.hasEnded);
  const origin = `http://127.0.0.1:${port}`;
  await waitUntilHealthy(origin, outputFile, deadline);
  const logs = (): Promise<string> => readHostLogs(outputFile, join(userDataDir, 'logs'));
  return { origin, port, folder, userDataDir, extensionsDir, logs, stop: () => cleanup.run() };
}

/** Starts a code-server on a free loopback port with folders of its own, and waits until it answers. */
export async function startCodeServer(options: CodeServerOptions): Promise<CodeServer> {
  const driver = options.smokeTestDriver === true ? { AIRISK_SMOKE_TEST_DRIVER: '1' } : {};
  const home = await createServerHome({ ...driver, ...options.env });
  const cleanup = createCleanup();
  const removeAtExit = (): void => {
    rmSync(home.root, { recursive: true, force: true, maxRetries: 5 });
  };
  process.once('exit', removeAtExit);
  cleanup.add(async () => {
    await rm(home.root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    process.off('exit', removeAtExit);
  });
  try {
    return await startIn(home, options, cleanup);
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}
