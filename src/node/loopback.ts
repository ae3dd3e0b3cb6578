import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { AiriskError } from '../core/errors.ts';
import { type AuthorizationResponse, lacksState, readRedirect } from '../core/oauth/authorizationResponse.ts';
import type { RedirectReceiver } from '../core/oauth/signIn.ts';
import { sha256 } from './seal.ts';

/** The words of the page that the browser shows at the end. */
export interface LoopbackPageText {
  readonly language: string;
  readonly title: string;
  readonly body: string;
}

// Cookies have no port: a browser sends all that other programs of this computer have left, and it keeps 180 of 4 KB.
const maxHeaderSize = 1024 * 1024;

/**
 * Receives a redirect on this computer's loopback interface: exactly the registered port and path, one response.
 * @param onStateMissing called once when the browser comes back without any state
 * @see RFC 8252 §7.3
 */
export function loopbackReceiver(
  redirectUri: string,
  text: LoopbackPageText,
  onStateMissing: (response: AuthorizationResponse) => void = () => undefined,
): RedirectReceiver {
  const read = (target: string, state: string): AuthorizationResponse | undefined =>
    URL.canParse(target, redirectUri)
      ? readRedirect(new URL(target, redirectUri).href, redirectUri, state)
      : undefined;
  return {
    /** @throws AiriskError `port_in_use`, and the reason of `signal` when it aborts */
    async begin(state, signal) {
      signal.throwIfAborted();
      const url = new URL(redirectUri);
      const servers = addresses(url.hostname).map((host) => ({
        host,
        server: createServer({ maxHeaderSize }),
      }));
      let stateMissing = false;
      const close = (): void => servers.forEach(({ server }) => stop(server));
      const response = new Promise<AuthorizationResponse>((resolve) => {
        for (const { server } of servers) {
          server.on('request', (request, answer) => {
            const received = request.method === 'GET' ? read(request.url ?? '', state) : undefined;
            if (!received?.state) {
              respond(answer, 404, '');
              if (received && lacksState(received) && !stateMissing) {
                stateMissing = true;
                onStateMissing(received);
              }
              return;
            }
            answer.on('close', close);
            respond(answer, 200, page(text));
            resolve(received);
          });
        }
      });
      try {
        await Promise.all(
          servers.map(({ host, server }, index) => listen(server, host, Number(url.port), index > 0)),
        );
        // Not earlier: a server that is closed before it listens would listen all the same.
        signal.throwIfAborted();
      } catch (error) {
        close();
        throw error;
      }
      signal.addEventListener('abort', close, { once: true });
      return { redirectUri, response };
    },
  };
}

// A browser may take either address for localhost.
function addresses(hostname: string): string[] {
  return hostname === 'localhost' ? ['127.0.0.1', '::1'] : [hostname.replaceAll(/[[\]]/g, '')];
}

async function listen(server: Server, host: string, port: number, optional: boolean): Promise<void> {
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
    // A connection that cannot be accepted, as with too many open files, is no end of the waiting.
    server.on('error', () => undefined);
    server.unref();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    // A computer without IPv6 is no reason to fail.
    if (optional && code !== 'EADDRINUSE') return;
    throw new AiriskError('port_in_use', { subject: String(port), reason: String(code), cause });
  }
}

function stop(server: Server): void {
  server.close();
  server.closeAllConnections();
}

// Takes the code out of the address bar and the history.
const script = "history.replaceState(null, '', location.pathname)";
const scriptHash = (): string => sha256(script).toString('base64');

function respond(answer: ServerResponse, status: number, body: string): void {
  answer.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${scriptHash()}'`,
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    connection: 'close',
  });
  answer.end(body);
}

function page({ language, title, body }: LoopbackPageText): string {
  const escape = (text: string): string => text.replaceAll(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return `<!doctype html><html lang="${escape(language)}"><meta charset="utf-8"><title>${escape(title)}</title>
<style>:root{color-scheme:light dark}body{font:1.1rem/1.6 system-ui;max-width:34rem;margin:20vh auto;padding:0 1rem}</style>
<script>${script}</script><h1>${escape(title)}</h1><p>${escape(body)}</p></html>`;
}
