import { readFileSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { parseJson } from '../../core/schema.ts';
import { Answer, Descriptor, mostAnswerBytes } from '../../core/terminal/messages.ts';
import type { HelperRequest } from '../../core/terminal/request.ts';
import { isPrivateFolder, readPrivateFile } from '../privateFiles.ts';
import { greetEditor, readerOf } from '../terminal/handshake.ts';

/** How long a window has to prove itself, in ms. */
const helloMs = 5_000;

const windowClosed = 'The VS Code window of this terminal is closed. Open its folder again, then try again.';

/** No window answers; the message says what to do. */
export class NoEditor extends Error {
  override readonly name = 'NoEditor';
}

/**
 * Asks the window that wrote a descriptor for a token. A person may have to answer first, so this waits.
 * @throws NoEditor when no window answers, or what answers cannot be trusted
 */
export async function askEditor(file: string, request: HelperRequest): Promise<Answer> {
  const { socket: path, key } = await readDescriptor(file);
  const socket = await connectTo(path);
  const deadline = setTimeout(() => socket.destroy(), helloMs);
  try {
    const reader = readerOf(socket, mostAnswerBytes);
    await greetEditor(socket, reader, key).catch(() => {
      throw new NoEditor(
        'What answers is not the VS Code window of this terminal. Reload the window, then try again.',
      );
    });
    clearTimeout(deadline);
    socket.write(`${JSON.stringify(request)}\n`);
    const line = await reader.line().catch(() => {
      throw new NoEditor('VS Code has ended the connection. Try again.');
    });
    const answer = parseJson(Answer, line);
    if (!answer)
      throw new NoEditor(
        'VS Code has answered in a way that is not understood. Open a terminal with "AIRisk: Open Terminal".',
      );
    return answer;
  } finally {
    clearTimeout(deadline);
    socket.destroy();
  }
}

async function readDescriptor(file: string): Promise<Descriptor> {
  const closed = await isPrivateFolder(dirname(file));
  const text = closed
    ? await readPrivateFile(file).catch((error: NodeJS.ErrnoException) => error)
    : undefined;
  const descriptor = typeof text === 'string' ? parseJson(Descriptor, text) : undefined;
  if (descriptor) return descriptor;
  const isMissing = text instanceof Error && text.code === 'ENOENT';
  throw new NoEditor(
    isMissing
      ? 'No VS Code window gives tokens to this terminal. Run "AIRisk: Open Terminal" in VS Code.'
      : `${file} or its folder is missing, damaged, a link or open to other users: it is not used. Run "AIRisk: Open Terminal" in VS Code.`,
  );
}

async function connectTo(path: string): Promise<Socket> {
  if (process.platform !== 'win32') await requireOwnSocket(path);
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.on('connect', () => resolve(socket));
    socket.on('error', () => reject(new NoEditor(windowClosed)));
  });
}

async function requireOwnSocket(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) throw new NoEditor(windowClosed);
  if (found.isSocket() && found.uid === process.getuid?.() && (await isPrivateFolder(dirname(path)))) return;
  throw new NoEditor(
    `${path} or its folder is a link, another user's or open to other users: it is not used.`,
  );
}

/** The processes that started this one, the nearest first; on other systems than Linux the nearest alone. */
export function ancestors(): number[] {
  const found = [process.ppid];
  if (process.platform !== 'linux') return found;
  try {
    for (let pid = process.ppid; pid > 1 && found.length < 32; found.push(pid)) pid = Number(statOf(pid)[1]);
  } catch {
    // Another user's, or gone.
  }
  return found;
}

/** On Linux the session of this terminal's processes and when its first one began: no other ever has both. */
export function terminalSession(): string | undefined {
  try {
    const session = Number(statOf('self')[3]);
    return `${session}-${statOf(session)[19]}`;
  } catch {
    return undefined;
  }
}

/** The fields of /proc/PID/stat after the name, from the state on. @see proc(5) */
function statOf(pid: number | 'self'): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}
