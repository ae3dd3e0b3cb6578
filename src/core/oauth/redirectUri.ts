import { AiriskError } from '../errors.ts';
import { isLoopback } from './deployment.ts';

/** The three ways in which a code comes back. */
export type RedirectKind = 'uriHandler' | 'loopback' | 'paste';

/**
 * Which way a redirect URI means: the host's own callback (also when none is set), a port on this computer, or an
 * address that only the person can read.
 * @throws AiriskError `invalid_setting` for what is no absolute URI or has a fragment (RFC 6749 §3.1.2)
 */
export function redirectKind(redirectUri: string, callback: string): RedirectKind {
  if (redirectUri === '' || redirectUri === callback) return 'uriHandler';
  if (!URL.canParse(redirectUri) || redirectUri.includes('#')) {
    throw new AiriskError('invalid_setting', { subject: 'airisk.redirectUri' });
  }
  return loopbackPort(redirectUri) ? 'loopback' : 'paste';
}

/** The port that a loopback redirect URI names, or `undefined` for any other redirect URI. */
export function loopbackPort(redirectUri: string): number | undefined {
  const url = URL.canParse(redirectUri) ? new URL(redirectUri) : undefined;
  return url?.protocol === 'http:' && isLoopback(url.hostname) && url.port ? Number(url.port) : undefined;
}

/** True for this extension's callback in an editor with another URI scheme: the code would go there. */
export function isOtherEditor(redirectUri: string, callback: string): boolean {
  const afterScheme = (uri: string): string => uri.slice(uri.indexOf(':'));
  return redirectUri !== callback && afterScheme(redirectUri) === afterScheme(callback);
}

/** A redirect URI as an administrator registers it: without the query that a VS Code in a browser adds each time. */
export function registeredRedirectUri(redirectUri: string): string {
  return redirectUri.replace(/\?vscode-reqid=.*$/su, '');
}
