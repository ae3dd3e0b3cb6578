import { spawn } from 'node:child_process';
import { closeSync, openSync, rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { runCommand } from './command.ts';
import { endGroup } from './group.ts';
import { readHostLogs } from './hostLogs.ts';
import type { PreparedVsCode } from './prepare.ts';
import { type Settings, writeSettings } from './settings.ts';

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

const inherited = ['PATH', 'LANG', 'LC_ALL', 'TZ', 'NODE_V8_COVERAGE', 'NODE_EXTRA_CA_CERTS'];

function environment(home: string, more: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const kept = inherited.flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]]],
  );
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_DATA_HOME: join(home, '.local', 'share'),
    // VS Code makes sockets in it, whose paths may not exceed 107 characters.
    TMPDIR: join(home, 't'),
    // No marketplace: VS Code asks it about every installed extension at each start.
    EXTENSIONS_GALLERY: '{}',
    ...more,
  };
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

function serverArguments(options: CodeServerOptions, config: string, folder: string): string[] {
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
    `--config=${config}`,
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-workspace-trust',
    '--disable-getting-started-override',
    ...trusted,
    ...driver,
    folder,
  ];
}

/** Starts a code-server on a free loopback port with folders of its own, and waits until it answers. */
export async function startCodeServer(options: CodeServerOptions): Promise<CodeServer> {
  const { node, entry } = options.vscode;
  const home = await mkdtemp(join(tmpdir(), 'airisk-'));
  const userDataDir = join(home, 'data');
  const extensionsDir = join(home, 'extensions');
  const folder = options.folder ?? join(home, 'folder');
  const config = join(home, 'config.yaml');
  const outputFile = join(home, 'server.log');
  const driver = options.smokeTestDriver === true ? { AIRISK_SMOKE_TEST_DRIVER: '1' } : {};
  const env = environment(home, { ...driver, ...options.env });
  for (const path of [userDataDir, extensionsDir, folder, join(home, 't')])
    await mkdir(path, { recursive: true });
  await writeFile(config, 'auth: none\n');
  await writeSettings(userDataDir, options.settings ?? {});
  // VS Code lists what it finds here once, when it installs or loads extensions for the first time.
  for (const path of options.unpacked ?? []) {
    await cp(path, join(extensionsDir, basename(path)), { recursive: true });
  }
  const folders = ['--user-data-dir', userDataDir, '--extensions-dir', extensionsDir];
  if (options.vsix.length > 0) {
    const install = options.vsix.flatMap((file) => ['--install-extension', file]);
    await runCommand(node, [entry, '--config', config, ...folders, ...install], { env, logFile: outputFile });
  }
  const output = openSync(outputFile, 'a');
  const child = spawn(node, [entry, ...folders, ...serverArguments(options, config, folder)], {
    cwd: home,
    env,
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  let ended = false;
  child.once('exit', () => (ended = true));
  child.once('error', () => (ended = true));
  const group = child.pid;
  if (group === undefined) throw new Error(`${node} could not be started`);
  const killAtExit = (): void => {
    if (!ended) process.kill(-group, 'SIGKILL');
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };
  process.once('exit', killAtExit);
  const stop = async (): Promise<void> => {
    await endGroup(group);
    process.off('exit', killAtExit);
    await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  try {
    const deadline = Date.now() + 30_000;
    const port = await listeningPort(outputFile, deadline, () => ended);
    const origin = `http://127.0.0.1:${port}`;
    await waitUntilHealthy(origin, outputFile, deadline);
    const logs = (): Promise<string> => readHostLogs(outputFile, join(userDataDir, 'logs'));
    return { origin, port, folder, userDataDir, extensionsDir, logs, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
