type Question = (scheme: string) => readonly [program: string, ...args: string[]];

// macOS learns schemes from the editor's own bundle, and has no program that tells.
const questions: Partial<Record<NodeJS.Platform, Question>> = {
  linux: (scheme) => ['xdg-mime', 'query', 'default', `x-scheme-handler/${scheme}`],
  win32: (scheme) => ['reg', 'query', `HKCR\\${scheme}\\shell\\open\\command`, '/ve'],
};

// Programs that look something up; one that hangs tells nothing.
const patienceMs = 3_000;

/**
 * What the operating system opens the addresses of a URI scheme with, in its own words; empty for nothing.
 * @returns `undefined` where it cannot be asked
 * @throws `AbortError` when `signal` aborts
 */
export async function schemeOpener(
  scheme: string,
  signal: AbortSignal,
  platform: NodeJS.Platform = process.platform,
): Promise<string | undefined> {
  const [program, ...args] = questions[platform]?.(scheme) ?? [];
  if (program === undefined || !/^[a-z][a-z\d+.-]*$/.test(scheme)) return undefined;
  const opener = await new Promise<string | undefined>((resolve) => {
    process
      .getBuiltinModule('node:child_process')
      .execFile(program, args, { timeout: patienceMs, signal, windowsHide: true }, (error, stdout) => {
        // An exit code is an answer: there is nothing.
        if (error) resolve(typeof error.code === 'number' ? '' : undefined);
        else resolve(stdout.trim());
      });
  });
  signal.throwIfAborted();
  return opener;
}
