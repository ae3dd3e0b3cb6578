import { execFile } from 'node:child_process';

interface Question {
  readonly program: () => string;
  readonly args: (scheme: string) => readonly string[];
  /** The exit code that means "there is nothing"; others mean that the program could not look. */
  readonly nothing: number;
}

// macOS learns schemes from the editor's own bundle, and has no program to ask.
const questions: Partial<Record<NodeJS.Platform, Question>> = {
  linux: {
    program: () => 'xdg-mime',
    args: (scheme) => ['query', 'default', `x-scheme-handler/${scheme}`],
    nothing: 4,
  },
  win32: {
    // By its whole path: Windows would look in the folder first that the editor was started from.
    program: () => `${process.env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\reg.exe`,
    args: (scheme) => ['query', `HKCR\\${scheme}\\shell\\open\\command`, '/ve'],
    nothing: 1,
  },
};

// Programs that look something up; one that hangs says nothing.
const lookUpTimeoutMs = 3_000;

/**
 * What the operating system opens the addresses of a URI scheme with, in its own words; empty for nothing.
 * @returns `undefined` when it cannot be asked
 * @throws `AbortError` when `signal` aborts
 */
export async function schemeOpener(
  scheme: string,
  signal: AbortSignal,
  platform: NodeJS.Platform = process.platform,
): Promise<string | undefined> {
  const question = questions[platform];
  if (!question || !/^[a-z][a-z\d+.-]*$/.test(scheme)) return undefined;
  const opener = await new Promise<string | undefined>((resolve) => {
    execFile(
      question.program(),
      question.args(scheme),
      { timeout: lookUpTimeoutMs, signal, windowsHide: true },
      (error, stdout) => {
        if (!error) resolve(stdout.trim());
        else resolve(error.code === question.nothing ? '' : undefined);
      },
    );
  });
  signal.throwIfAborted();
  return opener;
}
