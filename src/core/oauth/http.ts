import { AiriskError, isAbort } from '../errors.ts';
import { plainText } from '../text.ts';

/** How requests leave: the host's `fetch`, the clock that the skew is measured with, and the time-out in ms. */
export interface Http {
  readonly fetch: typeof globalThis.fetch;
  /** Epoch ms. */
  readonly now: () => number;
  readonly timeoutMs: number;
}

/** An answer whose body has been read whole. */
export interface HttpAnswer {
  /** What was asked for. */
  readonly url: string;
  readonly status: number;
  readonly contentType: string;
  readonly location: string | null;
  /** What it wants the sender to prove who it is with, as sent (RFC 9110 §11.6.1). */
  readonly challenge: string | null;
  /** How long the server wants to be left alone, ms (RFC 9110 §10.2.3). */
  readonly retryAfterMs: number | undefined;
  readonly body: string;
  /** Server clock minus this computer's clock in ms, from the `Date` header; 0 when they agree or none was sent. */
  readonly clockSkew: number;
}

// Of Node's `fetch`.
const connectTimeoutMs = 10_000;
// A Date header has whole seconds; less than this says nothing about the clock.
const smallestSkewMs = 2_000;

/**
 * Sends one request, never follows a redirect (a code or secret must not reach an address nobody chose) and
 * reads at most `maxBytes`.
 * @throws AiriskError `unreachable`, `request_timeout`, `invalid_response`; `AbortError` when `signal` aborts.
 */
export async function send(
  http: Http,
  url: string,
  init: RequestInit,
  signal?: AbortSignal,
  maxBytes = 8 * 1024 * 1024,
): Promise<HttpAnswer> {
  const subject = new URL(url).host;
  // Not AbortSignal.timeout: its timer outlives the request.
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), http.timeoutMs);
  const sentAt = http.now();
  try {
    const response = await connect(http, url, {
      ...init,
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, timeout.signal]) : timeout.signal,
    });
    const receivedAt = http.now();
    const skew = clockSkew(response.headers.get('date'), sentAt, receivedAt);
    return {
      url,
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      location: response.headers.get('location'),
      challenge: response.headers.get('www-authenticate'),
      retryAfterMs: retryAfter(response.headers.get('retry-after'), receivedAt + skew),
      body: await readBody(response, subject, maxBytes),
      clockSkew: skew,
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

/**
 * Node's `fetch` gives up after ten seconds without a connection, and Windows after 21, whatever the time-out is.
 * Nothing has been sent by then, so the request is made again as often as fits into the time-out, which ends it.
 */
async function connect(http: Http, url: string, init: RequestInit): Promise<Response> {
  for (let left = Math.floor(http.timeoutMs / connectTimeoutMs); ; left -= 1) {
    try {
      return await http.fetch(url, init);
    } catch (error) {
      if (init.signal?.aborted || left <= 0 || !isConnectTimeout(error)) throw error;
    }
  }
}

function isConnectTimeout(error: unknown): boolean {
  return causes(error).some((cause) => {
    // With several addresses there is an error for each.
    const errors: unknown[] = cause instanceof AggregateError ? cause.errors : [cause];
    return (
      errors.length > 0 &&
      errors.every((one) => codeOf(one) === 'UND_ERR_CONNECT_TIMEOUT' || isTimedOutConnect(one))
    );
  });
}

// Of the operating system.
function isTimedOutConnect(error: unknown): boolean {
  return (
    codeOf(error) === 'ETIMEDOUT' &&
    error instanceof Error &&
    'syscall' in error &&
    error.syscall === 'connect'
  );
}

async function readBody(response: Response, subject: string, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  // Leaving the loop early cancels the stream, and with it the download.
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes)
      throw new AiriskError('invalid_response', {
        subject,
        reason: 'size',
      });
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** A date in a header (RFC 9110 §5.6.7) in epoch ms; NaN for what is none, as a `0`, which `Date.parse` takes for one. */
export function httpDate(value: string | null): number {
  return /\d\d:\d\d:\d\d GMT$/.test(value ?? '') ? Date.parse(value ?? '') : Number.NaN;
}

// A date is one on the clock of the server.
function retryAfter(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1_000 : httpDate(value) - now;
  return ms > 0 ? ms : undefined;
}

function clockSkew(date: string | null, sentAt: number, receivedAt: number): number {
  const serverTime = httpDate(date);
  if (Number.isNaN(serverTime)) return 0;
  const skew = serverTime + 500 - (sentAt + receivedAt) / 2;
  return Math.abs(skew) < smallestSkewMs + (receivedAt - sentAt) ? 0 : Math.round(skew);
}

// What a proxy or TLS said stands below errors of `fetch` that say only that it failed: a DOMException has a number
// for a code, and UND_ERR_ABORTED stands for everything that undici gave up.
function networkReason(error: unknown): string {
  const chain = causes(error);
  const coded = chain.map(codeOf).find((code) => code !== undefined && code !== 'UND_ERR_ABORTED');
  return plainText(coded ?? chain.at(-1)?.message ?? '');
}

/** An error with what caused it, from the outside in; errors may cause one another. */
function causes(error: unknown): Error[] {
  const chain: Error[] = [];
  let cause = error;
  for (; cause instanceof Error && chain.length < 8; { cause } = cause) chain.push(cause);
  return chain;
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
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
