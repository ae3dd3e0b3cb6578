import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { type Settings, writeSettings } from './settings.ts';

/** The folders and the environment of one server, shared with no other and with no user. */
export interface ServerHome {
  readonly root: string;
  readonly userDataDir: string;
  readonly extensionsDir: string;
  readonly config: string;
  /** What the server prints. */
  readonly outputFile: string;
  readonly env: NodeJS.ProcessEnv;
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

/** Makes the folders of a server below the temporary folder. */
export async function createServerHome(env: Readonly<Record<string, string>>): Promise<ServerHome> {
  const root = await mkdtemp(join(tmpdir(), 'airisk-'));
  const userDataDir = join(root, 'data');
  const extensionsDir = join(root, 'extensions');
  const config = join(root, 'config.yaml');
  for (const path of [userDataDir, extensionsDir, join(root, 't')]) await mkdir(path);
  await writeFile(config, 'auth: none\n');
  const outputFile = join(root, 'server.log');
  return { root, userDataDir, extensionsDir, config, outputFile, env: environment(root, env) };
}

/** Puts settings and unpacked extensions into a server's folders, before it runs for the first time. */
export async function fillServerHome(
  home: ServerHome,
  settings: Settings,
  unpacked: readonly string[],
): Promise<void> {
  await writeSettings(home.userDataDir, settings);
  // VS Code lists what it finds here once, when it installs or loads extensions for the first time.
  for (const path of unpacked) {
    await cp(path, join(home.extensionsDir, basename(path)), { recursive: true });
  }
}
