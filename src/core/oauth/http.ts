import * as z from 'zod/mini';
import { AiriskError, isAbort } from '../errors.ts';
import { parseJson } from '../schema.ts';
import { plainText, redact } from '../text.ts';

/** How requests leave: the host's `fetch`, the clock that the skew is measured with, and the time-out in ms. */
export interface Http {
  readonly fetch: typeof globalThis.fetch;
  /** Epoch ms. */
  readonly now: () => number;
  readonly timeoutMs: number;
}

/** An answer whose body has been read whole. */
export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly location: string | null;
  readonly body: string;
  /** Server clock minus this computer's clock in ms, from the `Date` header; 0 when they agree or none was sent. */
  readonly clockSkew: number;
}

const maxBodyBytes = 8 * 1024 * 1024;
// A Date header has whole seconds; less than this says nothing about the clock.
const smallestSkewMs = 2_000;

/**
 * Sends one request, never follows a redirect (a code or secret must not reach an address nobody chose) and
 * reads at most 8 MiB.
 * @throws AiriskError `unreachable`, `request_timeout`, `invalid_response`; `AbortError` when `signal` aborts.
 */
export async function send(
  http: Http,
  url: string,
  init: RequestInit,
  signal?: AbortSignal,
): Promise<HttpAnswer> {
  const subject = new URL(url).host;
  // Not AbortSignal.timeout: its timer outlives the request.
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), http.timeoutMs);
  const sentAt = http.now();
  try {
    const response = await http.fetch(url, {
      ...init,
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, timeout.signal]) : timeout.signal,
    });
    const receivedAt = http.now();
    return {
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      location: response.headers.get('location'),
      body: await readBody(response, subject),
      clockSkew: clockSkew(response.headers.get('date'), sentAt, receivedAt),
    };
  } catch (error) {
    if (error instanceof AiriskError) throw error;
    signal?.throwIfAborted();
    if (timeout.signal.aborted || isAbort(error)) throw new AiriskError('request_timeout', { subject });
    throw new AiriskError('unreachable', { subject, reason: networkReason(error), cause: error });
  } finally {
    clearTimeout(timer);
  }
}

async function readBody(response: Response, subject: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  // Leaving the loop early cancels the stream, and with it the download.
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBodyBytes)
      throw new AiriskError('invalid_response', { subject, reason: 'body over 8 MiB' });
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function clockSkew(date: string | null, sentAt: number, receivedAt: number): number {
  const serverTime = Date.parse(date ?? '');
  if (Number.isNaN(serverTime)) return 0;
  const skew = serverTime + 500 - (sentAt + receivedAt) / 2;
  return Math.abs(skew) < smallestSkewMs + (receivedAt - sentAt) ? 0 : Math.round(skew);
}

// What a proxy or TLS said stands below errors of `fetch` that say only that it failed: a DOMException has a number
// for a code, and UND_ERR_ABORTED stands for everything that undici gave up.
function networkReason(error: unknown): string {
  let message = '';
  let cause = error;
  for (let depth = 0; depth < 8 && cause instanceof Error; depth += 1) {
    const code = 'code' in cause ? cause.code : undefined;
    if (typeof code === 'string' && code !== 'UND_ERR_ABORTED') return plainText(code);
    ({ message, cause } = cause);
  }
  return plainText(message);
}

// RFC 9457 §3.1, with the extension member that ASP.NET Core adds.
const Problem = z.object({
  title: z.optional(z.string()),
  detail: z.optional(z.string()),
  traceId: z.optional(z.string()),
});

/** True for an answer that AIRisk itself gave as an error, and not a page of something in front of it. */
export function isAiriskError(answer: HttpAnswer): boolean {
  return answer.status >= 400 && /^(application\/problem\+json|text\/plain)\b/i.test(answer.contentType);
}

/**
 * What an error answer says: problem details (RFC 9457) or AIRisk's plain text; nothing for HTML pages.
 * @param secrets of the request: some servers quote what they refuse
 * @see airisk-api.md, Token endpoint, errors
 */
export function errorDetails(
  answer: HttpAnswer,
  ...secrets: (string | undefined)[]
): { status: number; reason?: string; traceId?: string } {
  const { status } = answer;
  if (!isAiriskError(answer)) return { status };
  const words = (text: string): string => redact(plainText(text), secrets);
  const problem = parseJson(Problem, answer.body);
  if (!problem) return { status, reason: words(answer.body) };
  const reason = words(problem.detail ?? problem.title ?? '');
  return { status, reason, ...(problem.traceId && { traceId: words(problem.traceId) }) };
}

/** Requests as before; `secrets` takes every state and code that passes in an address. */
export function watch(http: Http, secrets: Set<string>): Http {
  const keep = (address: string | null): void => {
    const parameters = new URLSearchParams(address?.slice(address.indexOf('?') + 1).replaceAll('+', '%2B'));
    for (const [name, value] of parameters) if (name === 'state' || name === 'code') secrets.add(value);
  };
  return {
    ...http,
    fetch: async (input, init) => {
      if (typeof input === 'string') keep(input);
      const response = await http.fetch(input, init);
      keep(response.headers.get('location'));
      return response;
    },
  };
}
