import { randomBytes } from 'node:crypto';

interface Problem {
  type: string;
  title: string;
}

const problems = {
  400: { type: 'https://tools.ietf.org/html/rfc9110#section-15.5.1', title: 'Bad Request' },
  401: { type: 'https://tools.ietf.org/html/rfc9110#section-15.5.2', title: 'Unauthorized' },
  415: { type: 'https://tools.ietf.org/html/rfc9110#section-15.5.16', title: 'Unsupported Media Type' },
  429: { type: 'https://tools.ietf.org/html/rfc6585#section-4', title: 'Too Many Requests' },
  500: {
    type: 'https://tools.ietf.org/html/rfc9110#section-15.6.1',
    title: 'An error occurred while processing your request.',
  },
} satisfies Record<number, Problem>;

/** A trace identifier in the form of a `traceparent`. @see https://www.w3.org/TR/trace-context/ */
export function traceId(): string {
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`;
}

/** Problem details as ASP.NET Core writes them. @see RFC 9457 */
export function problem(status: keyof typeof problems, detail?: string): Response {
  const body = {
    ...problems[status],
    status,
    ...(detail === undefined ? {} : { detail }),
    traceId: traceId(),
  };
  return answer(status, 'application/problem+json; charset=utf-8', JSON.stringify(body));
}

/** The plain-text `400` of a missing field or an unusable code: `Invalid ` and what was. */
export function invalid(what: string): Response {
  return answer(400, 'text/plain; charset=utf-8', `Invalid ${what}`);
}

/** A successful JSON answer. */
export function json(value: unknown): Response {
  return answer(200, 'application/json', JSON.stringify(value));
}

/** An HTML page. */
export function page(status: number, html: string): Response {
  return answer(status, 'text/html; charset=utf-8', html);
}

/** A redirect; the body stays empty. */
export function redirect(status: 302 | 307, location: string): Response {
  return new Response(null, { status, headers: { location } });
}

/** Any answer with a body. */
export function answer(
  status: number,
  contentType: string,
  body: string | Uint8Array<ArrayBuffer>,
): Response {
  return new Response(body, { status, headers: { 'content-type': contentType } });
}
