import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access as find, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { terminalHost } from '../../../src/node/terminal/terminalHost.ts';
import { createAllowedTerminals } from '../../../src/vscode/terminal/allowedTerminals.ts';
import { TerminalAccess, type TerminalAccessParts } from '../../../src/vscode/terminal/terminalAccess.ts';
import { succeeds } from '../../harness/until.ts';

const exists = (path: string): Promise<boolean> => succeeds(find(path));

describe('the access of terminals', () => {
  let folder: string;
  const opened: { dispose(): void }[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 't-'));
  });
  afterEach(async () => {
    for (const access of opened.splice(0)) access.dispose();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  });

  /** A window of the one workspace there is, which gives this token. */
  function openWindow(accessToken: string, mode: () => 'all' | 'profile' | 'off' = () => 'profile') {
    const extension = vscode.extensions.getExtension('airisk.airisk-authentication') ?? assert.fail();
    const script = join(extension.extensionPath, 'dist', 'airisk-token.cjs');
    const host = terminalHost(join(folder, 'airisk'), 'file:///workspace', script, () =>
      Promise.resolve({
        accessToken,
        expiration: Date.now() + 60_000,
        userid: '',
        origin: 'https://a.example',
      }),
    );
    const variables = new Map<string, string>();
    const collection = {
      append: (name: string, value: string) => variables.set(name, value),
      replace: (name: string, value: string) => variables.set(name, value),
      clear: () => variables.clear(),
    };
    const access = new TerminalAccess({
      mode,
      host,
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is used of it is there
      collection: collection as unknown as TerminalAccessParts['collection'],
      allowed: createAllowedTerminals(
        {
          get: async () => undefined,
          store: async () => undefined,
          delete: async () => undefined,
          keys: async () => [],
          onDidChange: () => ({ dispose: () => undefined }),
        },
        Date.now,
      ),
      isElsewhere: false,
      onDidChange: () => undefined,
    });
    opened.push(access);
    return { access, host, variables };
  }

  /** Runs the helper by its full path, as in a shell whose own files have set PATH anew. */
  async function ask(environment: Record<string, string>): Promise<string> {
    const { AIRISK_TERMINAL = '', AIRISK_TOKEN_HELPER = '', AIRISK_NODE = '' } = environment;
    const path = process.platform === 'win32' ? process.env['PATH'] : '/usr/bin:/bin';
    const env = { ...process.env, PATH: path, AIRISK_TERMINAL, AIRISK_NODE };
    return new Promise((resolve) => {
      const shell = process.platform === 'win32';
      const helper = shell ? `"${AIRISK_TOKEN_HELPER}"` : AIRISK_TOKEN_HELPER;
      execFile(helper, { env, shell }, (error, stdout) =>
        resolve(error ? `ended with ${error.code}` : stdout.trim()),
      );
    });
  }

  it('has the full path of the helper in a variable, for a shell that has lost PATH', async () => {
    const { access } = openWindow('one');
    assert.equal(await ask(await access.environment()), 'one');
  });

  it('belongs to the window that opened last, and to the other one again when that is closed', async () => {
    const [first, second] = [openWindow('first'), openWindow('second')];
    const environment = await first.access.environment();
    await second.access.environment();
    assert.equal(await ask(environment), 'second');
    second.access.dispose();
    while (await first.host.isListed()) await new Promise((resolve) => setTimeout(resolve, 20));
    await first.access.relist();
    assert.equal(await ask(environment), 'first');
  });

  it('ends with Revoke: the descriptor is gone, and no window comes back by itself', async () => {
    const { access, host } = openWindow('one');
    const environment = await access.environment();
    assert.equal(await host.wasOpen(), true);
    await access.revoke();
    assert.equal(await ask(environment), 'ended with 3');
    while (await exists(host.descriptor)) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(await host.wasOpen(), false);
    await access.refresh();
    assert.equal(access.isOpen, false);
  });

  it('is off in a workspace that is not trusted, until it is', async () => {
    let mode: 'all' | 'off' = 'all';
    const { access, variables } = openWindow('one', () => mode);
    const trust = Object.getOwnPropertyDescriptor(vscode.workspace, 'isTrusted');
    Object.defineProperty(vscode.workspace, 'isTrusted', { value: false, configurable: true });
    try {
      await access.refresh();
      assert.equal(access.refusal, 'untrusted');
      assert.deepEqual([access.isOpen, variables.size], [false, 0]);
    } finally {
      Object.defineProperty(vscode.workspace, 'isTrusted', trust ?? { value: true, configurable: true });
    }
    await access.refresh();
    assert.equal(access.refusal, undefined);
    assert.equal(access.isOpen, true);
    assert.ok(variables.has('AIRISK_TERMINAL'));
    mode = 'off';
    await access.refresh();
    assert.deepEqual([access.isOpen, variables.size], [false, 0]);
  });
});
