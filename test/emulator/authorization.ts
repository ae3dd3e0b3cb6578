import { randomCode } from './codes.ts';
import type { Fault } from './faultSchema.ts';
import type { BehaviourOptions } from './options.ts';

/** An authorization request that was found valid. */
export interface Authorization {
  clientId: string;
  redirectUri: string;
  state: string | undefined;
  userid: string | undefined;
  fault: Fault | undefined;
}

type Parameter = readonly [name: string, value: string];

/** Appends response parameters to a redirect URI whose own query is kept. @see RFC 6749 §4.1.2 */
export function withParameters(redirectUri: string, parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return redirectUri;
  const query = parameters.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${query}`;
}

/** A redirect URI as a server spells it that compares URIs (RFC 3986 §6.2). */
export function normalized(uri: string): string {
  return URL.canParse(uri) ? new URL(uri).href : uri;
}

/** Whether a client may use this redirect URI; `registered` is its comma-separated list. */
export function isRegistered(
  redirectUri: string,
  registered: string,
  match: BehaviourOptions['redirectMatch'],
): boolean {
  const comparable = (uri: string): string => {
    if (match === 'exact') return uri;
    return match === 'normalized' ? normalized(uri) : uri.replace(/\?.*$/s, '');
  };
  return registered.split(',').some((candidate) => comparable(candidate.trim()) === comparable(redirectUri));
}

/** Where the browser goes with a code. Spoilt as the request's fault says. */
export function successLocation(request: Authorization, issueCode: () => string): string {
  return withParameters(request.redirectUri, [
    ...codeParameter(request, issueCode),
    ...stateParameters(request),
    ...issuerParameters(request),
  ]);
}

/** Where the browser goes without one. @see RFC 6749 §4.1.2.1 */
export function errorLocation(
  request: Authorization,
  error: { code: string; description: string; uri?: string | undefined },
): string {
  return withParameters(request.redirectUri, [
    ['error', error.code],
    ['error_description', error.description],
    ...(error.uri === undefined ? [] : [['error_uri', error.uri] as const]),
    ...stateParameters(request),
  ]);
}

/** @see RFC 9207 §2 */
function issuerParameters({ fault }: Authorization): Parameter[] {
  return fault?.kind === 'issuer' ? [['iss', 'https://issuer.example']] : [];
}

function codeParameter({ fault }: Authorization, issueCode: () => string): Parameter[] {
  if (fault?.kind === 'missingCode') return [];
  return [['code', fault?.kind === 'wrongCode' ? randomCode() : issueCode()]];
}

function stateParameters({ fault, state }: Authorization): Parameter[] {
  if (fault?.kind === 'wrongState') return [['state', 'a-state-that-nobody-sent']];
  if (state === undefined || fault?.kind === 'missingState') return [];
  const parameter: Parameter = ['state', state];
  return fault?.kind === 'doubledState' ? [parameter, parameter] : [parameter];
}
