import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type * as z from 'zod/mini';
import { projectFolder } from '../harness/paths.ts';

const execute = promisify(execFile);

/** Runs a measuring program in a fresh process and reads the JSON that it prints on its last line. */
export async function runChild<T>(
  node: string,
  args: readonly (string | number)[],
  schema: z.ZodMiniType<T>,
): Promise<T> {
  const { stdout } = await execute(node, args.map(String), { cwd: projectFolder, timeout: 120_000 });
  return schema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
}
