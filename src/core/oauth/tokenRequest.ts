import * as z from 'zod/mini';
import { AiriskError } from '../errors.ts';
import { parseJson } from '../schema.ts';
import type { Deployment } from './deployment.ts';
import { errorDetails, isRefusal, oauthError, unexpectedAnswer } from './errorResponse.ts';
import { type Http, type HttpAnswer, send } from './http.ts';

/** @see RFC 6749 §4.1.3, airisk-api.md, Token endpoint */
export interface TokenRequest {
  readonly deployment: Deployment;
  readonly clientSecret: string;
  /** The same value as in the authorization request. */
  readonly redirectUri: string;
  readonly code: string;
  /** The same value as in the authorization request; empty for a generic token. */
  readonly userid: string;
  readonly format: 'form' | 'json';
  /** A live generic token of the same deployment: one documented page wants it as bearer for a user's token. */
  readonly genericToken?: string | undefined;
}

/** What a token response grants. */
export interface Token {
  readonly accessToken: string;
  /** Epoch ms on the server's clock. */
  readonly expiration: number;
  /** Server clock minus this computer's clock, ms. */
  readonly clockSkew: number;
}

const TokenResponse = z.object({
  // What an Authorization header can carry (RFC 6750 §2.1 is narrower, but AIRisk calls the token opaque).
  access_token: z.string().check(z.regex(/^[\x21-\x7e]{1,16384}$/)),
  expiration: z.string(),
});

/**
 * Exchanges a code for a token. Sent once: a code is single-use, so a retry could only fail or hide the reason.
 * @throws AiriskError `invalid_client` (401), `generic_token_refused` (401 when that token was sent),
 * `invalid_code`, `invalid_request` (400), `invalid_response`, `token_expired`, and what {@link unexpectedAnswer} and
 * {@link send} say.
 */
export async function requestToken(http: Http, request: TokenRequest, signal?: AbortSignal): Promise<Token> {
  const { deployment, format, genericToken, userid } = request;
  const fields = {
    grant_type: 'authorization_code',
    client_id: deployment.clientId,
    client_secret: request.clientSecret,
    redirect_uri: request.redirectUri,
    code: request.code,
    ...(userid && { userid }),
  };
  const json = format === 'json';
  const bearer = Boolean(userid && genericToken);
  const headers = {
    // As the documented requests: with JSON alone ASP.NET Core puts its texts into quotes.
    accept: '*/*',
    'content-type': json ? 'application/json' : 'application/x-www-form-urlencoded',
    ...(bearer && { authorization: `Bearer ${genericToken}` }),
  };
  const body = json ? JSON.stringify(fields) : new URLSearchParams(fields).toString();
  const answer = await send(
    http,
    `${deployment.origin}/api/oauth2/Token`,
    { method: 'POST', headers, body },
    signal,
  );
  const secrets = [request.clientSecret, request.code, genericToken];
  // AIRisk does not say which of the two it refuses.
  if (isRefusal(answer) && bearer)
    throw new AiriskError('generic_token_refused', errorDetails(answer, ...secrets));
  return readTokenResponse(answer, http.now(), ...secrets);
}

/**
 * Validates a token response.
 * @param now epoch ms on this computer's clock
 * @param secrets of the request
 * @throws AiriskError as {@link requestToken} says
 */
export function readTokenResponse(
  answer: HttpAnswer,
  now: number,
  ...secrets: (string | undefined)[]
): Token {
  const details = errorDetails(answer, ...secrets);
  const error = oauthError(answer);
  if (isRefusal(answer) || error === 'invalid_client') throw new AiriskError('invalid_client', details);
  if (error === 'invalid_grant' || (answer.status === 400 && /^Invalid code\b/i.test(details.reason ?? '')))
    throw new AiriskError('invalid_code', details);
  // 400, and what ASP.NET Core says of a body that it does not take.
  if ([400, 413, 415, 422].includes(answer.status)) throw new AiriskError('invalid_request', details);
  if (answer.status !== 200) throw unexpectedAnswer(answer, ...secrets);
  const response = /^application\/json\b/i.test(answer.contentType) && parseJson(TokenResponse, answer.body);
  const expiration = response ? parseExpiration(response.expiration) : undefined;
  if (!response || expiration === undefined)
    throw new AiriskError('invalid_response', { status: answer.status });
  if (expiration <= now + answer.clockSkew) throw new AiriskError('token_expired');
  return { accessToken: response.access_token, expiration, clockSkew: answer.clockSkew };
}

const dotNetDate = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,7})?(Z|[+-]\d\d:\d\d)?$/i;

/**
 * A date and time as .NET writes it (up to seven fractional digits; no offset means UTC), in epoch ms;
 * `undefined` for anything else.
 */
export function parseExpiration(text: string): number | undefined {
  const [match, seconds, fraction = '.0', offset = 'Z'] = dotNetDate.exec(text) ?? [];
  // Date.parse takes 30 February for 2 March.
  if (!match || !seconds || !existsInCalendar(seconds.toUpperCase())) return undefined;
  const time = Date.parse(`${seconds}${fraction.slice(0, 4)}${offset.toUpperCase()}`);
  return Number.isNaN(time) ? undefined : time;
}

function existsInCalendar(seconds: string): boolean {
  const time = Date.parse(`${seconds}Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(seconds);
}
