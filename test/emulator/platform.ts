import { randomBytes } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import type { Env } from './env.ts';
import type { EmulatorState } from './state.ts';

/** What Azure App Service and Kestrel put on every answer: an affinity cookie, the date, a chunked body. */
export function platformHeaders(state: EmulatorState): MiddlewareHandler<Env> {
  const instance = randomBytes(32).toString('hex');
  return async (c, next) => {
    await next();
    const { hostname } = new URL(c.req.url);
    c.res.headers.append('set-cookie', `ARRAffinity=${instance};Path=/;HttpOnly;Secure;Domain=${hostname}`);
    c.res.headers.set('date', new Date(state.now()).toUTCString());
    c.res.headers.set('transfer-encoding', 'chunked');
  };
}
