import type { MiddlewareHandler } from 'hono';
import { readBearer } from './bearer.ts';
import { firstOfEach, readBody } from './body.ts';
import type { EmulatorContext, Env } from './env.ts';
import { wasDropped } from './faults.ts';
import type { LoggedRequest } from './logEntry.ts';
import type { EmulatorState } from './state.ts';

/** Notes every request on arrival, and its outcome before the client can see it. */
export function requestLog(state: EmulatorState): MiddlewareHandler<Env> {
  return async (c, next) => {
    const { pathname } = new URL(c.req.url);
    // A browser asks for an icon when it pleases, which would make the log differ from run to run.
    if (pathname.startsWith('/_admin/') || pathname === '/favicon.ico') return await next();
    const started = performance.now();
    const entry = await describe(c, state, pathname);
    state.log.push(entry);
    await next();
    entry.fault = c.get('fault')?.kind ?? null;
    entry.status = wasDropped(c.res) ? 0 : c.res.status;
    entry.ms = performance.now() - started;
  };
}

async function describe(c: EmulatorContext, state: EmulatorState, path: string): Promise<LoggedRequest> {
  const body = await readBody(c);
  const fields = 'fields' in body ? Object.entries(body.fields) : [];
  return {
    method: c.req.method,
    path,
    url: c.env.incoming.url ?? '',
    query: Object.fromEntries(firstOfEach(new URL(c.req.url).searchParams)),
    body: Object.fromEntries(fields.map(([name, value]) => [name, asText(value)])),
    bodyFormat: body.format,
    authorization: readBearer(c, state).kind,
    fault: null,
    status: 0,
    ms: 0,
  };
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
