import type { EmulatorContext } from './env.ts';

/** The fields of a request body. `problem` says why there are none. */
export type BodyFields =
  | { format: 'form' | 'json'; fields: Record<string, unknown> }
  | { format: 'other'; problem: 'unsupportedType' | 'malformed' }
  | { format: 'none' };

/** Reads a form or JSON body. It can be called again for the same request. */
export async function readBody(c: EmulatorContext): Promise<BodyFields> {
  const text = await c.req.text();
  const type = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (text === '' && type === '') return { format: 'none' };
  if (type === 'application/x-www-form-urlencoded') {
    return { format: 'form', fields: Object.fromEntries(firstOfEach(new URLSearchParams(text))) };
  }
  if (type !== 'application/json') return { format: 'other', problem: 'unsupportedType' };
  const fields = parseObject(text);
  return fields ? { format: 'json', fields } : { format: 'other', problem: 'malformed' };
}

/** The parameters, each name once. */
export function firstOfEach(parameters: URLSearchParams): Map<string, string> {
  const first = new Map<string, string>();
  for (const [name, value] of parameters) if (!first.has(name)) first.set(name, value);
  return first;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return Object.fromEntries(Object.entries(value));
  } catch {
    return undefined;
  }
}
