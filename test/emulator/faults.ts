import type { MiddlewareHandler } from 'hono';
import { readBody } from './body.ts';
import { answer, page, problem, redirect } from './answers.ts';
import type { EmulatorContext, Env } from './env.ts';
import type { Endpoint, Fault } from './faultSchema.ts';
import {
  badGatewayPage,
  badRequestPage,
  captivePortalPage,
  forbiddenPage,
  movedPage,
  proxyLoginPage,
} from './pages.ts';
import { paddedBody, pause, tricklingBody } from './slowness.ts';
import type { EmulatorState } from './state.ts';

/** Tells the node adapter to leave the socket alone. */
const alreadySent = 'x-hono-already-sent';

/** Whether nothing was answered, because the connection was dropped. */
export function wasDropped(response: Response): boolean {
  return response.headers.has(alreadySent);
}

/** Shows an injected fault on its way through; what the endpoint itself must spoil it finds in `fault`. */
export function showFault(state: EmulatorState, endpoint: Endpoint): MiddlewareHandler<Env> {
  return async (c, next) => {
    const fault = state.takeFault(endpoint);
    c.set('fault', fault);
    if (!fault) return await next();
    const cleared = state.faultsCleared();
    const delayMs = fault.delayMs ?? (fault.kind === 'delay' ? 1000 : 0);
    if (fault.kind !== 'slowBody') await pause(delayMs, cleared);
    if (fault.kind === 'loginProxy' && isSignedInAtProxy(c)) return await next();
    if (fault.processed ?? reachesApplication(fault)) await next();
    const spoilt = await spoil(c, fault, cleared);
    if (!spoilt) return;
    // Hono copies the headers of a response that is replaced into the next one, unless there is none.
    c.res = undefined;
    c.res = spoilt;
  };
}

const inFront: ReadonlySet<string> = new Set([
  '502',
  'captivePortal',
  'retryAfter',
  'quotes',
  'redirect',
  'loginProxy',
  'negotiate',
  'signInPage',
  'badRequest',
  'forbidden',
  'notFound',
]);

// What the page of the login proxy leaves in a browser.
const proxySession = 'proxy-session=1';

function isSignedInAtProxy(c: EmulatorContext): boolean {
  return c.req.header('cookie')?.includes(proxySession) ?? false;
}

/** Front ends, gateways and rate limits answer before the application has seen the request. */
function reachesApplication({ kind }: Fault): boolean {
  return !inFront.has(kind);
}

async function spoil(c: EmulatorContext, fault: Fault, cleared: AbortSignal): Promise<Response | undefined> {
  switch (fault.kind) {
    case 'drop':
      c.env.incoming.socket.destroy();
      return new Response(null, { headers: { [alreadySent]: 'yes' } });
    case '500':
      return problem(500);
    case '502':
      return page(502, badGatewayPage);
    case 'captivePortal':
      return page(200, captivePortalPage);
    case 'retryAfter': {
      const limited = problem(429);
      limited.headers.set('retry-after', String(fault.retryAfterSeconds));
      return limited;
    }
    case 'quotes':
      return problem(400, `Cannot process ${await secretsOf(c)}`);
    case 'redirect': {
      const { pathname, search } = new URL(c.req.url);
      return redirect(307, `${new URL(fault.origin ?? c.req.url).origin}${pathname}${search}`);
    }
    case 'loginProxy': {
      if (!c.req.header('accept')?.includes('text/html')) return answer(401, 'text/plain', 'Unauthorized');
      const shown = page(200, proxyLoginPage);
      shown.headers.set('set-cookie', `${proxySession}; Path=/`);
      return shown;
    }
    // What a company's proxy says that wants a Windows sign-in (RFC 4559 §4).
    case 'negotiate':
      return new Response(null, { status: 401, headers: { 'www-authenticate': 'Negotiate, NTLM' } });
    case 'signInPage': {
      const { pathname, search } = new URL(c.req.url);
      return redirect(302, `/Account/Login?ReturnUrl=${encodeURIComponent(pathname + search)}`);
    }
    case 'badRequest':
      return page(400, badRequestPage);
    case 'forbidden':
      return page(403, forbiddenPage);
    case 'notFound':
      return answer(404, 'text/plain; charset=utf-8', '404 page not found\n');
    case 'garbage':
      return answer(
        200,
        'application/json',
        Uint8Array.from([0x7b, 0x22, 0xff, 0xfe, 0x00, 0x80, 0xc3, 0x28, 0x3a]),
      );
    case 'wrongContentType':
      return answer(c.res.status, 'text/html; charset=utf-8', await c.res.text());
    case 'hugeBody':
      return withBody(c.res, paddedBody(await bodyOf(c.res)));
    case 'slowBody':
      return withBody(c.res, tricklingBody(await bodyOf(c.res), fault.delayMs ?? 100, cleared));
    default:
      return undefined;
  }
}

/** What a careless server quotes of a request: the shortest first, since clients cut what is long. */
async function secretsOf(c: EmulatorContext): Promise<string> {
  const body = await readBody(c);
  const fields: Record<string, unknown> = 'fields' in body ? body.fields : {};
  const bearer = c.req.header('authorization')?.split(' ')[1];
  return [c.req.query('state'), fields['client_secret'], fields['code'], bearer]
    .filter((text) => typeof text === 'string')
    .join(' ');
}

async function bodyOf(response: Response): Promise<string> {
  return (await response.text()) || movedPage;
}

function withBody({ status, headers }: Response, body: string | ReadableStream<Uint8Array>): Response {
  return new Response(body, { status, headers });
}
