import { AiriskError } from '../errors.ts';
import { isLoopback } from './deployment.ts';
import { isRefusedPort } from './settingValues.ts';

/** The three ways in which a code comes back, and `elsewhere` for an address where it does not. */
export type RedirectKind = 'uriHandler' | 'loopback' | 'paste' | 'elsewhere';

/**
 * Which way a redirect URI means: the host's own callback (also when none is set), a port on this computer, an
 * address that only the person can read, or one that no browser shows and a different program may receive.
 * @throws AiriskError `invalid_setting` for what is no absolute URI or has a fragment (RFC 6749 §3.1.2), and with a
 * reason for what can never work: a `comma`, which parts the values that AIRisk registers, a `parameter` that AIRisk adds,
 * or a `port` that browsers refuse
 */
export function redirectKind(redirectUri: string, callback: string): RedirectKind {
  if (redirectUri === '') return 'uriHandler';
  const subject = 'airisk.redirectUri';
  if (redirectUri.includes(',')) throw new AiriskError('invalid_setting', { subject, reason: 'comma' });
  if (!URL.canParse(redirectUri) || redirectUri.includes('#'))
    throw new AiriskError('invalid_setting', { subject });
  if (['code', 'state', 'error'].some((name) => new URL(redirectUri).searchParams.has(name)))
    throw new AiriskError('invalid_setting', { subject, reason: 'parameter' });
  if (isOwn(redirectUri, callback)) return 'uriHandler';
  const port = loopbackPort(redirectUri);
  if (!port) return /^https?:/i.test(redirectUri) ? 'paste' : 'elsewhere';
  if (isRefusedPort(port)) throw new AiriskError('invalid_setting', { subject, reason: 'port' });
  return 'loopback';
}

/** The port that a loopback redirect URI names, or `undefined` for any other redirect URI. */
export function loopbackPort(redirectUri: string): number | undefined {
  const url = URL.canParse(redirectUri) ? new URL(redirectUri) : undefined;
  return url?.protocol === 'http:' && isLoopback(url.hostname) && url.port ? Number(url.port) : undefined;
}

/** True for this extension's callback in an editor with another URI scheme: the code would go there. */
export function isOtherEditor(redirectUri: string, callback: string): boolean {
  if (!URL.canParse(redirectUri) || isOwn(redirectUri, callback) || /^https?:/i.test(redirectUri))
    return false;
  const scheme = new URL(callback).protocol;
  return isOwn(redirectUri.replace(/^[^:]*:/, scheme), callback);
}

// VS Code brings every address of its scheme and this extension here, in whatever case and with any path and query.
function isOwn(redirectUri: string, callback: string): boolean {
  const origin = ({ protocol, host }: URL): string => `${protocol}//${host}`.toLowerCase();
  const [to, own] = [new URL(redirectUri), new URL(callback)];
  return !to.username && !to.password && origin(to) === origin(own);
}

/**
 * True when an address is a redirect URI with more in its query.
 * @see RFC 3986 §6.2, comparing URIs
 */
export function isRedirectTo(address: string, redirectUri: string): boolean {
  const [to, expected] = [normalUri(address), normalUri(redirectUri)];
  if (!to || !expected || to.place !== expected.place) return false;
  return [...expected.query].every(([name, value]) => to.query.getAll(name).includes(value));
}

// Letters, usual ports, dots and needless escapes as `URL` and RFC 3986 §6.2.2 have them.
function normalUri(uri: string): { place: string; query: URLSearchParams } | undefined {
  if (!URL.canParse(uri)) return undefined;
  const { protocol, username, password, host, pathname, searchParams } = new URL(uri);
  if (username || password) return undefined;
  const path = pathname.replaceAll(/%[\da-f]{2}/gi, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return /[\w.~-]/.test(character) ? character : escape.toUpperCase();
  });
  // `URL` leaves hosts of schemes it does not know as they are.
  return { place: `${protocol}//${host.toLowerCase()}${path || '/'}`, query: searchParams };
}

/** A redirect URI as an administrator registers it: without the query that a VS Code in a browser adds each time. */
export function registeredRedirectUri(redirectUri: string): string {
  return redirectUri.replace(/\?vscode-reqid=.*$/su, '');
}
