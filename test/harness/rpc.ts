import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import * as z from 'zod/mini';

const endpoint = z.object({ port: z.number(), token: z.string(), pid: z.number() });

/** Where an extension host evaluates code for a test. */
export type RpcEndpoint = z.infer<typeof endpoint>;

const answer = z.union([
  z.object({ error: z.object({ name: z.string(), message: z.string(), stack: z.optional(z.string()) }) }),
  z.object({ value: z.unknown() }),
]);

/** Waits until the extension host whose file this is listens. */
export async function waitForRpc(file: string, milliseconds = 150_000): Promise<RpcEndpoint> {
  for (let waited = 0; waited < milliseconds; waited += 50) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text !== '') return endpoint.parse(JSON.parse(text));
    await delay(50);
  }
  throw new Error(`no extension host announced itself in ${milliseconds / 1000} s`);
}

/** Evaluates a function's source in an extension host; rejects with the error that it threw there. */
export async function callRpc(target: RpcEndpoint, source: string, argument: unknown): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${target.port}/`, {
    method: 'POST',
    headers: { authorization: `Bearer ${target.token}` },
    body: JSON.stringify({ source, argument }),
  });
  const result = answer.parse(await response.json());
  if (!('error' in result)) return result.value;
  const error = new Error(result.error.message);
  error.name = result.error.name;
  error.stack = `${result.error.stack ?? result.error.message}\n    (in the extension host)`;
  throw error;
}
