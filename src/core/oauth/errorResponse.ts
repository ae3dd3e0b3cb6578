import * as z from 'zod/mini';
import { AiriskError, type AiriskErrorDetails } from '../errors.ts';
import { lenient, parseJson } from '../schema.ts';
import { isBlank, plainText, redact } from '../text.ts';
import { isLoopback } from './deployment.ts';
import type { HttpAnswer } from './http.ts';

const pageOrBrokenJson = /^\s*(?:<[a-z!?/]|[{[]\s*(?:["{}[\]]|$)|"[^"]*$)/i;
/** Text for people, empty for what is none. */
const Words = z.pipe(
  z.string(),
  z.transform((text) => (isBlank(text) || pageOrBrokenJson.test(text) ? '' : text.trim())),
);
/** A member that is missing, `null` or of another type is left out alone. */
const Text = lenient(Words, '');
const ErrorBody = lenient(
  z.union([
    // What ASP.NET Core makes of a text for a client that wants JSON.
    Words,
    z.object({
      // RFC 9457 §3.1, with what ASP.NET Core adds.
      title: Text,
      detail: Text,
      traceId: Text,
      errors: lenient(z.record(z.string(), lenient(z.array(Text), [])), {}),
      // RFC 6749 §5.2.
      error: Text,
      error_description: Text,
    }),
  ]),
  '',
);

/**
 * What an error answer says: AIRisk's plain text, the same as a JSON string, problem details (RFC 9457) or an OAuth
 * error (RFC 6749 §5.2); nothing for pages.
 * @param secrets of the request: some servers quote what they refuse
 * @returns texts that are plain and without the secrets
 * @see airisk-api.md, Token endpoint, errors
 */
export function errorDetails(answer: HttpAnswer, ...secrets: (string | undefined)[]): AiriskErrorDetails {
  const { status, retryAfterMs } = answer;
  const words = (text: string): string => redact(plainText(text), secrets);
  const said = readError(answer);
  return {
    status,
    ...(said && { reason: words(said.reason) }),
    ...(said?.traceId && { traceId: words(said.traceId) }),
    ...(retryAfterMs && { retryAfterMs }),
  };
}

/** The `error` of an answer that is an OAuth error (RFC 6749 §5.2), as text from outside; empty for any other. */
export function oauthError(answer: HttpAnswer): string {
  return readError(answer)?.error ?? '';
}

/**
 * True for an error that AIRisk itself gives, and not what stands in front of it: problem details, or a text that
 * says which field is not valid.
 */
export function isAiriskError(answer: HttpAnswer): boolean {
  const { status, contentType } = answer;
  if (status < 400 || status >= 500) return false;
  if (/^application\/problem\+json\b/i.test(contentType)) return true;
  const { reason = '', traceId = '' } = readError(answer) ?? {};
  // With another status a proxy has words like these, but knows of no client.
  const own = status === 400 ? /^Invalid \S/i : /^Invalid client_(?:id|secret)\b/i;
  return traceId !== '' || own.test(plainText(reason, Infinity));
}

/**
 * True for a failure that passes: the same request may succeed in a minute. That is 5xx and 429 (RFC 6585 §4), but not
 * 511, which a network says that wants a sign-in first (RFC 6585 §6).
 */
export function isPassing({ status }: HttpAnswer): boolean {
  return (status >= 500 && status !== 511) || status === 429;
}

/** True for a 401 of AIRisk's own, and not of a proxy that wants a sign-in. */
export function isRefusal(answer: HttpAnswer): boolean {
  if (answer.status !== 401) return false;
  // RFC 6749 §5.2, RFC 6750 §3.1; a proxy has errors of its own, as `login_required`.
  const isOauth = ['invalid_client', 'invalid_token'].includes(oauthError(answer));
  // AIRisk's own describe the problem (airisk-api.md, Token endpoint, errors), and challenge to nothing. A bare one is
  // what ASP.NET Core says where nothing describes it, with a bearer challenge or none; a proxy wants another.
  const isBare = answer.body.trim() === '' && !wantsOtherSignIn(answer.challenge ?? '');
  return isAiriskError(answer) || isOauth || isBare;
}

function wantsOtherSignIn(challenge: string): boolean {
  return (
    challenge !== '' && !/(?:^|,)\s*bearer(?![^\s,])/i.test(challenge.replaceAll(/"(?:[^"\\]|\\.)*"/g, ''))
  );
}

/**
 * What an answer means that is neither the one asked for nor one of its endpoint's own errors.
 * @returns AiriskError `moved` with the origin for a reason, `not_airisk`, `forbidden`, `wrong_address`,
 * `server_error` or `invalid_response`
 */
export function unexpectedAnswer(answer: HttpAnswer, ...secrets: (string | undefined)[]): AiriskError {
  const { status, url, location } = answer;
  const details = { subject: new URL(url).host, ...errorDetails(answer, ...secrets) };
  if (status >= 300 && status < 400) {
    const origin = movedTo(url, location);
    if (origin) return new AiriskError('moved', { ...details, reason: origin });
    const target = redirectTarget(url, location);
    return new AiriskError('not_airisk', { ...details, reason: redact(plainText(target), secrets) });
  }
  switch (status) {
    // 511 is what a network says that wants a sign-in first (RFC 6585 §6).
    case 401:
    case 407:
    case 511:
      return new AiriskError('not_airisk', details);
    case 403:
      return new AiriskError('forbidden', details);
    case 404:
    case 405:
    case 410:
      return new AiriskError('wrong_address', details);
    // The same request may succeed later (RFC 9110 §15.5.9, RFC 8470 §5.2, RFC 6585 §4).
    case 408:
    case 425:
    case 429:
      return new AiriskError('server_error', details);
    default:
      if (isAiriskError(answer)) return new AiriskError('forbidden', details);
      return new AiriskError(status >= 500 ? 'server_error' : 'invalid_response', details);
  }
}

/** The origin at which a redirect looks for the same path, as one to `https` or `www`; empty for any other. */
export function movedTo(url: string, location: string | null): string {
  if (location === null || !URL.canParse(location, url)) return '';
  const [from, to] = [new URL(url), new URL(location, url)];
  const same = from.pathname.toLowerCase() === to.pathname.toLowerCase();
  const safe = to.protocol === 'https:' || (isLoopback(from.hostname) && isLoopback(to.hostname));
  return same && safe && to.origin !== from.origin ? to.origin : '';
}

/** Where a redirect leads, for people: without its query, which may hold what was asked for; empty for nowhere. */
export function redirectTarget(url: string, location: string | null): string {
  if (location === null || !URL.canParse(location, url)) return '';
  const { href } = Object.assign(new URL(location, url), {
    search: '',
    hash: '',
    username: '',
    password: '',
  });
  return href;
}

function readError(answer: HttpAnswer): { reason: string; traceId: string; error: string } | undefined {
  if (answer.status < 400) return undefined;
  if (!/^(text\/plain|(application|text)\/([\w.+-]+\+)?json)\b/i.test(answer.contentType)) return undefined;
  const body = parseJson(ErrorBody, answer.body.trim()) ?? Words.parse(answer.body);
  if (typeof body === 'string') return { reason: body, traceId: '', error: '' };
  const { title, detail, errors, error, error_description: description, traceId } = body;
  const fields = Object.values(errors).flat().filter(Boolean).join(' ');
  return { reason: detail || fields || description || error || title, traceId, error };
}
