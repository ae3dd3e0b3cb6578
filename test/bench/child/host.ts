import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import { anything, withAnything } from './anything.ts';
import type { SecretsDouble } from './secrets.ts';

/** A VS Code of a few lines, for one extension, with what it registered and did. */
export interface HostDouble {
  /** What `require('vscode')` gives; has every name of the real one. */
  readonly api: Record<string, unknown>;
  readonly context: object;
  readonly commands: Map<string, (argument?: unknown) => Promise<unknown>>;
  provider(): vscode.AuthenticationProvider;
  uriHandler(): vscode.UriHandler;
  /** At how many moments the status bar changed. */
  updates(): number;
}

/** What a host double is made from. */
export interface HostDoubleOptions {
  /** The bundle that is to be loaded: its manifest lies beside it. */
  readonly bundle: string;
  readonly secrets: SecretsDouble;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly openExternal?: (url: string) => void;
}

// From the project's folder: this file runs as a bundle somewhere else.
const require = createRequire(join(process.cwd(), 'package.json'));

// An extension host has loaded these before it loads an extension, so none of them is measured. No imports: esbuild drops
// those of Node's modules from which nothing is taken.
const loadedBefore = [
  'child_process',
  'crypto',
  'events',
  'fs/promises',
  'http',
  'https',
  'net',
  'stream',
  'zlib',
];
for (const name of loadedBefore) require(`node:${name}`);

function apiNames(): string[] {
  const declarations = readFileSync(require.resolve('@types/vscode/index.d.ts'), 'utf8');
  const found = declarations.matchAll(
    /^\texport (?:abstract )?(?:class|enum|namespace|const|function) (\w+)/gm,
  );
  const names = [...found].map(([, name = '']) => name);
  // The engine keeps the text of the last match alive, which would count in a heap.
  /a/.exec('a');
  return names;
}

class Emitter {
  readonly #listeners = new Set<(event: unknown) => void>();
  readonly event = (listener: (event: unknown) => void): { dispose(): void } => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };
  fire(event: unknown): void {
    for (const listener of this.#listeners) listener(event);
  }
  dispose(): void {
    this.#listeners.clear();
  }
}

class DisposableDouble {
  readonly dispose: () => void;
  constructor(dispose: () => void) {
    this.dispose = dispose;
  }
  static from(...all: { dispose(): unknown }[]): DisposableDouble {
    return new DisposableDouble(() => all.forEach((one) => one.dispose()));
  }
}

function uri(address: string): object {
  const url = new URL(address);
  const query = decodeURIComponent(url.search.slice(1));
  const { protocol, host: authority, pathname: path } = url;
  const scheme = protocol.slice(0, -1);
  return withAnything({ scheme, authority, path, query, fsPath: path, toString: () => address });
}

class ThemeColorDouble {
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
}

class MarkdownStringDouble {
  value: string;
  constructor(value = '') {
    this.value = value;
  }
}

/** What an extension measures when it fails says nothing. */
function fail(error: unknown): never {
  console.error('The extension reports an error:', error);
  process.exit(1);
}

/** Makes a host; load an extension into it with {@link loadExtension}. */
export function createHost({ bundle, secrets, settings, openExternal }: HostDoubleOptions): HostDouble {
  const manifest: unknown = JSON.parse(readFileSync(`${bundle}.json`, 'utf8'));
  const commands: HostDouble['commands'] = new Map();
  const registered: { provider?: vscode.AuthenticationProvider; uriHandler?: vscode.UriHandler } = {};
  let updates = 0;
  const disposable = { dispose: () => undefined };
  // All that an extension sets at one moment is one update.
  let updatedAt = -1;
  const update = (): void => {
    if (updatedAt !== Date.now()) updates += 1;
    updatedAt = Date.now();
  };
  const statusBarItem = (): object =>
    new Proxy(
      { show: update, hide: update, dispose: () => undefined },
      {
        set(item, name, value) {
          update();
          return Reflect.set(item, name, value);
        },
      },
    );
  const known: Record<string, object> = {
    EventEmitter: Emitter,
    Disposable: DisposableDouble,
    ThemeColor: ThemeColorDouble,
    MarkdownString: MarkdownStringDouble,
    CancellationError: class extends Error {},
    UIKind: { Desktop: 1, Web: 2 },
    Uri: {
      parse: uri,
      file: (path: string) => uri(`file://${path}`),
      from: (parts: { scheme: string; authority: string; path: string }) =>
        uri(`${parts.scheme}://${parts.authority}${parts.path}`),
      joinPath: (_base: unknown, name: string) => uri(`file://${join(tmpdir(), `airisk-bench-${name}`)}`),
    },
    env: {
      uriScheme: 'code-oss',
      uiKind: 1,
      language: 'en',
      remoteName: undefined,
      asExternalUri: async (address: unknown) => address,
      openExternal: async (url: string) => {
        openExternal?.(url);
        return true;
      },
    },
    l10n: {
      t: (message: string, ...values: unknown[]) =>
        message.replaceAll(/\{(\d)\}/g, (_, index) => String(values[Number(index)])),
    },
    window: {
      state: { focused: true, active: true },
      createOutputChannel: () => withAnything({ error: fail }),
      createStatusBarItem: statusBarItem,
      showInformationMessage: async () => undefined,
      showErrorMessage: async (message: string) => fail(message),
      showWarningMessage: async () => undefined,
      withProgress: (_options: unknown, task: (progress: object, token: object) => unknown) =>
        task({ report: () => undefined }, { onCancellationRequested: () => disposable }),
      registerUriHandler: (handler: vscode.UriHandler) => {
        registered.uriHandler = handler;
        return disposable;
      },
    },
    workspace: {
      workspaceFile: undefined,
      workspaceFolders: undefined,
      onDidChangeConfiguration: () => disposable,
      getConfiguration: () => ({
        inspect: (name: string) => ({ key: name, globalValue: settings[name] }),
        get: (name: string, fallback: unknown) => settings[name] ?? fallback,
        update: async () => undefined,
      }),
    },
    authentication: {
      registerAuthenticationProvider: (
        _id: string,
        _label: string,
        provider: vscode.AuthenticationProvider,
      ) => {
        registered.provider = provider;
        return disposable;
      },
    },
    commands: {
      registerCommand: (name: string, command: (argument?: unknown) => Promise<unknown>) => {
        commands.set(name, command);
        return disposable;
      },
      executeCommand: async () => undefined,
    },
  };
  // As in every window but the first one of a person, who is welcomed in it.
  const memento = new Map<string, unknown>([['welcomed', true]]);
  const names = new Set([...apiNames(), ...Object.keys(known)]);
  const api = Object.fromEntries(
    [...names].map((name) => {
      const part = known[name];
      return [name, part === undefined ? anything() : typeof part === 'function' ? part : withAnything(part)];
    }),
  );
  return {
    api,
    commands,
    context: withAnything({
      subscriptions: [],
      secrets,
      globalState: {
        get: (key: string, fallback?: unknown) => memento.get(key) ?? fallback,
        update: async (key: string, value: unknown) => void memento.set(key, value),
        keys: () => [...memento.keys()],
        setKeysForSync: () => undefined,
      },
      extension: withAnything({
        id: 'airisk.airisk-authentication',
        packageJSON: manifest,
      }),
    }),
    provider: () => required(registered.provider),
    uriHandler: () => required(registered.uriHandler),
    updates: () => updates,
  };
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The extension has not registered it.');
  return value;
}

interface LoadedExtension {
  activate(context: object): unknown;
}

/** Loads a bundle; its `require('vscode')` finds a package beside it that gives `globalThis.vscodeDouble`. */
export function loadExtension(bundle: string, host: HostDouble): LoadedExtension {
  Object.assign(globalThis, { vscodeDouble: host.api });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what every extension exports
  return require(bundle) as LoadedExtension;
}
