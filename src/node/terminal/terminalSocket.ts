import { randomBytes } from 'node:crypto';
import { readFileSync, rmdirSync, rmSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parseJson } from '../../core/schema.ts';
import { type Answer, Descriptor } from '../../core/terminal/messages.ts';
import { mostRequestBytes, HelperRequest } from '../../core/terminal/request.ts';
import { isPrivateFolder, makePrivateFolder, readPrivateFile, writePrivateFile } from '../privateFiles.ts';
import { greetHelper, readerOf } from './handshake.ts';

/** How long a helper has to prove itself and to ask, in ms: it does so at once. */
const helloMs = 5_000;
const mostConnections = 32;
/** Of sockets, in bytes, on every system: macOS takes 103. */
const mostPathBytes = 100;
const socketSuffix = '.sock';
const foreignPrefix = 'airisk-';

/** Answers one request; `gone` aborts when the helper leaves. */
export type AnswerRequest = (request: HelperRequest, gone: AbortSignal) => Promise<Answer>;

/** A window that answers helpers. */
export interface TerminalSocket {
  /** Ends the access at once, with all that waits: a host that ends waits for nobody. */
  dispose(): void;
}

/**
 * Opens a socket (a named pipe on Windows) for the helpers of this window and writes its descriptor.
 * @param file the path of the descriptor, the same for all windows of one workspace: the last one answers
 * @throws Error when the folder is a link or another user's, or nothing can be written there
 */
export async function openTerminalSocket(file: string, answer: AnswerRequest): Promise<TerminalSocket> {
  const folder = dirname(file);
  await makePrivateFolder(folder);
  await sweep(folder, file);
  const socket = await newAddress(folder);
  const key = randomBytes(32).toString('base64url');
  const sockets = new Set<Socket>();
  const server = createServer((connection) => {
    sockets.add(connection);
    connection.on('close', () => sockets.delete(connection));
    // A helper that leaves is no failure of this window's.
    serve(connection, key, answer).catch(() => connection.destroy());
  });
  server.maxConnections = mostConnections;
  const close = (): void => {
    server.close();
    for (const connection of sockets) connection.destroy();
    removeAddress(socket, folder);
  };
  const content = JSON.stringify({ socket, key } satisfies Descriptor);
  try {
    await listen(server, socket);
    await replacePrivateFile(file, content);
  } catch (error) {
    close();
    throw error;
  }
  return {
    dispose() {
      close();
      // Another window of this workspace may have written its own meanwhile.
      if (readOrNothing(file) === content) rmSync(file, { force: true });
    },
  };
}

/** True when a window answers at the socket that a descriptor names, be it another window than this one. */
export async function isAnswered(file: string): Promise<boolean> {
  const descriptor = parseJson(Descriptor, await readPrivateFile(file).catch(() => ''));
  return descriptor !== undefined && isAlive(descriptor.socket);
}

async function serve(connection: Socket, key: string, answer: AnswerRequest): Promise<void> {
  const gone = new AbortController();
  connection.on('error', () => undefined);
  connection.on('close', () => gone.abort());
  const deadline = setTimeout(() => connection.destroy(), helloMs);
  try {
    const reader = readerOf(connection, mostRequestBytes);
    await greetHelper(connection, reader, key);
    const request = parseJson(HelperRequest, await reader.line());
    if (!request) throw new Error('No request');
    clearTimeout(deadline);
    connection.end(`${JSON.stringify(await answer(request, gone.signal))}\n`);
  } finally {
    clearTimeout(deadline);
  }
}

async function listen(server: Server, socket: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    // For good: a connection that cannot be accepted later is no reason to end the extension host.
    server.on('error', reject);
    server.listen(socket, () => resolve());
  });
  server.unref();
  if (process.platform !== 'win32') await chmod(socket, 0o600);
}

async function newAddress(folder: string): Promise<string> {
  if (process.platform === 'win32') return `\\\\.\\pipe\\airisk-${randomBytes(16).toString('hex')}`;
  const name = `${randomBytes(4).toString('hex')}${socketSuffix}`;
  const path = join(folder, name);
  if (Buffer.byteLength(path) <= mostPathBytes) return path;
  // Made with mode 0700, and with a name that nobody can have taken before.
  const make = (parent: string): Promise<string> => mkdtemp(join(parent, foreignPrefix));
  return join(await make(process.env['XDG_RUNTIME_DIR'] || tmpdir()).catch(() => make(tmpdir())), name);
}

function removeAddress(socket: string, folder: string): void {
  if (process.platform === 'win32') return;
  rmSync(socket, { force: true });
  const own = dirname(socket);
  if (own === folder || !basename(own).startsWith(foreignPrefix)) return;
  try {
    rmdirSync(own);
  } catch {
    // Gone already, or not empty: then it is somebody else's.
  }
}

/** Removes the sockets of windows that crashed: nobody listens there. */
async function sweep(folder: string, file: string): Promise<void> {
  if (process.platform === 'win32') return;
  const last = parseJson(Descriptor, await readPrivateFile(file).catch(() => ''))?.socket;
  const sockets = (await readdir(folder)).filter((name) => name.endsWith(socketSuffix));
  for (const socket of new Set([...sockets.map((name) => join(folder, name)), ...(last ? [last] : [])])) {
    // What the descriptor names is looked at only when it is a folder of our own.
    if (!socket.endsWith(socketSuffix) || !(await isPrivateFolder(dirname(socket)))) continue;
    if (!(await isAlive(socket))) removeAddress(socket, folder);
  }
}

function isAlive(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    const end = (alive: boolean): void => {
      connection.destroy();
      resolve(alive);
    };
    connection.on('connect', () => end(true));
    // Anything but a refusal may pass: too many connections are none.
    connection.on('error', (error: NodeJS.ErrnoException) =>
      end(!['ECONNREFUSED', 'ENOENT', 'ENOTSOCK'].includes(error.code ?? '')),
    );
  });
}

/** Renamed into place, so that a helper reads the old one or the new one. */
async function replacePrivateFile(file: string, content: string): Promise<void> {
  const partial = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    await writePrivateFile(partial, content);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

function readOrNothing(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
