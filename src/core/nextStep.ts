import type { Finding } from './diagnosis.ts';
import type { AiriskError } from './errors.ts';

/** What a person does about a failure; the words live in `vscode/findings.ts`. */
export type NextStep =
  | 'setUp'
  | 'settings'
  | 'keyring'
  | 'clientId'
  | 'clientSecret'
  | 'redirectUri'
  | 'editor'
  | 'scheme'
  | 'port'
  | 'dns'
  | 'tls'
  | 'proxy'
  | 'network'
  | 'portal'
  | 'wait'
  | 'clock'
  | 'administrator';

// What undici, OpenSSL and VS Code's proxy agent call the reason that a request did not arrive.
const networkSteps: readonly (readonly [RegExp, NextStep])[] = [
  [/^(ENOTFOUND|EAI_|ERR_NAME)/, 'dns'],
  [/proxy|tunnel/i, 'proxy'],
  [/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_|EPROTO/i, 'tls'],
];

/** What a person does about an error that a check came upon. */
export function nextStepOf({ code, reason = '', status = 0 }: AiriskError): NextStep {
  switch (code) {
    case 'unreachable':
      return networkSteps.find(([pattern]) => pattern.test(reason))?.[1] ?? 'network';
    case 'request_timeout':
      return 'network';
    case 'invalid_response':
      return 'portal';
    case 'server_error':
      return 'wait';
    case 'authorization_error':
      if (/redirect/i.test(reason)) return 'redirectUri';
      return status === 401 || /client/i.test(reason) ? 'clientId' : 'administrator';
    case 'invalid_client':
      return 'clientSecret';
    case 'token_expired':
      return 'clock';
    case 'port_in_use':
      return 'port';
    case 'storage':
      return 'keyring';
    case 'not_configured':
      return 'setUp';
    case 'invalid_setting':
      return 'settings';
    default:
      return 'administrator';
  }
}

/**
 * Compares the configured redirect URI with the callback of this editor.
 * @param kind which way the code comes back
 * @param browser whether the editor runs in one: its callback then changes with every sign-in
 */
export function redirectDetail(
  redirectUri: string,
  callback: string,
  kind: 'uriHandler' | 'loopback' | 'paste',
  browser: boolean,
): Partial<Finding> {
  if (kind === 'uriHandler') return { detail: browser ? 'changingCallback' : 'callback', fact: callback };
  const fact = redirectUri;
  if (isOtherEditor(redirectUri, callback)) return { detail: 'otherEditor', fact, nextStep: 'editor' };
  return { detail: kind, fact };
}

/** True for this extension's callback in an editor with another URI scheme: the code would go there. */
export function isOtherEditor(redirectUri: string, callback: string): boolean {
  const afterScheme = (uri: string): string => uri.slice(uri.indexOf(':'));
  return redirectUri !== callback && afterScheme(redirectUri) === afterScheme(callback);
}
