import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, lstat, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { install } from '@sinonjs/fake-timers';
import * as z from 'zod/mini';
import { Descriptor } from '../../../../src/core/terminal/messages.ts';
import { askEditor } from '../../../../src/node/helper/askEditor.ts';
import { greetEditor, readerOf } from '../../../../src/node/terminal/handshake.ts';
import { openTerminalSocket } from '../../../../src/node/terminal/terminalSocket.ts';
import { listeningServers } from '../../support/listeningServers.ts';
import { terminalScene, token } from '../../support/terminal.ts';

const request = { minLifetimeSeconds: 0, ancestors: [] };

(process.platform === 'win32' ? describe.skip : describe)('the socket of a window for its terminals', () => {
  const scene = terminalScene();
  const descriptor = async (): Promise<Descriptor> =>
    z.parse(Descriptor, JSON.parse(await readFile(scene.descriptor, 'utf8')));

  /** Connects as anybody could, and collects what the window says. */
  const stranger = async (): Promise<{ socket: Socket; said: () => Buffer; closed: Promise<unknown> }> => {
    const socket = connect((await descriptor()).socket);
    const said: Buffer[] = [];
    socket.on('data', (data) => said.push(data));
    socket.on('error', () => undefined);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    await once(socket, 'connect');
    return { socket, said: () => Buffer.concat(said), closed };
  };

  it("is the owner's alone, as the key for it is", async () => {
    await scene.open();
    assert.equal((await stat(scene.folder)).mode & 0o777, 0o700);
    assert.equal((await stat(scene.descriptor)).mode & 0o777, 0o600);
    const { socket } = await descriptor();
    assert.equal((await stat(socket)).mode & 0o777, 0o600);
    assert.equal((await stat(dirname(socket))).mode & 0o777, 0o700);
    assert.ok(Buffer.byteLength(socket) <= 100);
  });

  it('answers who proves the key', async () => {
    await scene.open();
    assert.deepEqual(await askEditor(scene.descriptor, request), token);
    assert.deepEqual(scene.requests, [request]);
  });

  it('says 32 random bytes and nothing else to who does not', async () => {
    await scene.open();
    const { socket, said, closed } = await stranger();
    socket.write(randomBytes(32));
    while (said().length < 32) await once(socket, 'data');
    socket.write(randomBytes(32));
    await closed;
    assert.equal(said().length, 32);
    assert.deepEqual(scene.requests, []);
  });

  it('says nothing at all before it is greeted, and does not wait for long', async () => {
    const clock = install({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      await scene.open();
      const { said, closed } = await stranger();
      while (clock.countTimers() === 0) await new Promise(setImmediate);
      clock.tick(4_999);
      clock.tick(1);
      await closed;
      assert.equal(said().length, 0);
    } finally {
      clock.uninstall();
    }
  });

  it('knows its own proof again, and the one for another connection', async () => {
    await scene.open();
    const key = Buffer.from((await descriptor()).key, 'base64url');
    const [own, others] = [randomBytes(32), randomBytes(32)];
    const proofs = {
      editor: (nonce: Buffer) =>
        createHmac('sha256', key).update('airisk editor\n').update(own).update(nonce),
      replayed: () => createHmac('sha256', key).update('airisk helper\n').update(own).update(others),
    };
    for (const proof of Object.values(proofs)) {
      const { socket, said, closed } = await stranger();
      socket.write(own);
      while (said().length < 32) await once(socket, 'data');
      socket.write(proof(said()).digest());
      await closed;
      assert.equal(said().length, 32);
    }
  });

  it('takes no proof that somebody has heard before', async () => {
    await scene.open();
    const { socket, key } = await descriptor();
    const genuine = connect(socket);
    const heard: Buffer[] = [];
    const write = genuine.write.bind(genuine);
    Object.assign(genuine, {
      write: (data: Buffer) => {
        heard.push(data);
        return write(data);
      },
    });
    await greetEditor(genuine, readerOf(genuine, 1_000), key);
    genuine.destroy();
    assert.equal(heard.length, 2);
    const { socket: replaying, said, closed } = await stranger();
    replaying.write(heard[0] ?? '');
    while (said().length < 32) await once(replaying, 'data');
    replaying.write(Buffer.concat([heard[1] ?? Buffer.of(), Buffer.from(`${JSON.stringify(request)}\n`)]));
    await closed;
    assert.equal(said().length, 32);
    assert.deepEqual(scene.requests, []);
  });

  const badRequests: [what: string, text: string][] = [
    ['no JSON', 'token please\n'],
    ['another form', '{"minLifetimeSeconds":-1,"ancestors":[]}\n'],
    ['1 MiB of it', `${JSON.stringify({ ...request, userid: 'x'.repeat(1_048_576) })}\n`],
    ['no end of it', 'x'.repeat(9_000)],
  ];
  for (const [what, text] of badRequests) {
    it(`ends a connection whose request is ${what}`, async () => {
      // For what it is, and not because time is up.
      const clock = install({ toFake: ['setTimeout', 'clearTimeout'] });
      try {
        await scene.open();
        const { socket, key } = await descriptor();
        const connection = connect(socket);
        connection.on('error', () => undefined);
        const closed = new Promise((resolve) => connection.on('close', resolve));
        await greetEditor(connection, readerOf(connection, 1_000), key);
        connection.write(text);
        await closed;
        assert.deepEqual(scene.requests, []);
      } finally {
        clock.uninstall();
      }
    });
  }

  it('serves ten helpers at once, and no endless number', async () => {
    let waiting: (() => void)[] = [];
    await scene.open(async () => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return token;
    });
    const asking = Array.from({ length: 10 }, () => askEditor(scene.descriptor, request));
    while (waiting.length < 10) await new Promise(setImmediate);
    for (const go of waiting) go();
    assert.deepEqual(new Set(await Promise.all(asking)).size, 10);
    waiting = [];
    const crowd = await Promise.all(Array.from({ length: 32 }, stranger));
    await (
      await stranger()
    ).closed;
    for (const { socket } of crowd) socket.destroy();
  });

  it('notices that a helper has left', async () => {
    const gone = new Promise<void>((resolve) => {
      void scene.open((_request, signal) => {
        signal.addEventListener('abort', () => resolve());
        return new Promise(() => undefined);
      });
    });
    while (!(await stat(scene.descriptor).catch(() => undefined))) await new Promise(setImmediate);
    const { socket, key } = await descriptor();
    const connection = connect(socket);
    await greetEditor(connection, readerOf(connection, 1_000), key);
    connection.write(`${JSON.stringify(request)}\n`);
    while (scene.requests.length === 0) await new Promise(setImmediate);
    connection.destroy();
    await gone;
  });

  it('goes with the window, with all that waits and everything in the folder', async () => {
    const window = await scene.open(() => new Promise(() => undefined));
    const asking = askEditor(scene.descriptor, request);
    while (scene.requests.length === 0) await new Promise(setImmediate);
    window.dispose();
    await assert.rejects(asking, { name: 'NoEditor' });
    assert.deepEqual(
      (await readdir(scene.folder)).filter((name) => !name.startsWith('bin-')),
      [],
    );
    await assert.rejects(askEditor(scene.descriptor, request), /No VS Code window gives tokens/);
  });

  it('is another one after a reload, under the same name; the window that closes leaves that one alone', async () => {
    const before = await scene.open();
    const old = await descriptor();
    await scene.open();
    assert.notDeepEqual(await descriptor(), old);
    before.dispose();
    assert.deepEqual(await askEditor(scene.descriptor, request), token);
  });

  it('takes away what a window left that crashed, and leaves alone what lives', async () => {
    const other = join(scene.folder, 'other.json');
    const alive = await openTerminalSocket(other, () => Promise.resolve(token));
    const dead = join(scene.folder, 'dead.sock');
    await writeFile(dead, '');
    await writeFile(scene.descriptor, JSON.stringify({ socket: '/etc/x.sock', key: 'k'.repeat(43) }), {
      mode: 0o600,
    });
    await scene.open();
    await assert.rejects(lstat(dead), { code: 'ENOENT' });
    assert.deepEqual(await askEditor(other, request), token);
    alive.dispose();
  });

  it('leaves no server behind when it cannot say where it listens', async () => {
    await mkdir(join(scene.descriptor, 'in the way'), { recursive: true });
    await chmod(scene.folder, 0o700);
    await assert.rejects(scene.open());
    assert.deepEqual(
      (await readdir(scene.folder)).filter((name) => !name.startsWith('bin-')),
      [basename(scene.descriptor)],
    );
  });

  it('goes on when connections cannot be accepted, as with too many open files', async () => {
    const [, servers] = await listeningServers(() => scene.open());
    for (let i = 0; i < 2; i++)
      servers[0]?.emit('error', Object.assign(new Error('accept'), { code: 'EMFILE' }));
    assert.equal(servers.length, 1);
    assert.deepEqual(await askEditor(scene.descriptor, request), token);
  });

  for (const [what, runtime] of [
    ['no folder', ''],
    ['one that is missing', '/nowhere'],
  ] as const) {
    it(`has an address that is short and whole when the system names ${what} for such files`, async () => {
      const before = process.env['XDG_RUNTIME_DIR'];
      process.env['XDG_RUNTIME_DIR'] = runtime;
      const file = join(scene.folder, 'x'.repeat(100), 'workspace.json');
      try {
        const window = await openTerminalSocket(file, () => Promise.resolve(token));
        assert.ok(isAbsolute(z.parse(Descriptor, JSON.parse(await readFile(file, 'utf8'))).socket));
        assert.deepEqual(await askEditor(file, request), token);
        window.dispose();
      } finally {
        if (before === undefined) delete process.env['XDG_RUNTIME_DIR'];
        else process.env['XDG_RUNTIME_DIR'] = before;
      }
    });
  }

  it('is not opened in a folder that is a link', async () => {
    const elsewhere = `${scene.folder}-elsewhere`;
    await mkdir(elsewhere);
    const link = `${scene.folder}-link`;
    await symlink(elsewhere, link);
    await assert.rejects(
      openTerminalSocket(join(link, 'workspace.json'), () => Promise.resolve(token)),
      /link/,
    );
    assert.deepEqual(await readdir(elsewhere), []);
  });

  it('is not asked by a helper where anything of it is not as it was written', async () => {
    const refused = (pattern: RegExp): Promise<void> =>
      assert.rejects(askEditor(scene.descriptor, request), { name: 'NoEditor', message: pattern });
    await scene.open();
    const { socket, key } = await descriptor();
    await chmod(scene.descriptor, 0o644);
    await refused(/open to other users/);
    await chmod(scene.descriptor, 0o600);
    await chmod(scene.folder, 0o755);
    await refused(/open to other users/);
    await chmod(scene.folder, 0o700);
    await writeFile(scene.descriptor, 'damaged');
    await refused(/damaged/);
    await rm(scene.descriptor);
    await symlink('elsewhere', scene.descriptor);
    await refused(/link/);
    await rm(scene.descriptor);
    // A key of an earlier window.
    const old = JSON.stringify({
      socket,
      key: key.startsWith('A') ? key.replace('A', 'B') : `A${key.slice(1)}`,
    });
    await writeFile(scene.descriptor, old, { mode: 0o600 });
    await refused(/not the VS Code window/);
    assert.deepEqual(scene.requests, []);
  });

  it('is not believed where somebody else listens in its place', async () => {
    const path = join(scene.folder, 's.sock');
    const squatter = createServer((connection) => {
      connection.on('error', () => undefined);
      // As much as can be said without the key.
      connection.on('data', () => connection.write(randomBytes(32)));
    });
    let heard = '';
    squatter.on('connection', (connection) => connection.on('data', (data) => (heard += String(data))));
    await mkdir(scene.folder, { recursive: true });
    await once(squatter.listen(path), 'listening');
    const key = randomBytes(32).toString('base64url');
    await writeFile(scene.descriptor, JSON.stringify({ socket: path, key }), { mode: 0o600 });
    await assert.rejects(askEditor(scene.descriptor, request), /not the VS Code window/);
    assert.doesNotMatch(heard, /minLifetime/);
    squatter.close();
  });
});
