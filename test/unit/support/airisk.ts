import type { Deployment } from '../../../src/core/oauth/deployment.ts';
import type { Http, HttpAnswer } from '../../../src/core/oauth/http.ts';

/** The docs' own registered redirect URI. */
export const callback = 'https://localhost/callback';

/** The docs' client at an origin. */
export function deploymentAt(origin: string): Deployment {
  return { origin, clientId: 'abc123', key: '0'.repeat(32) };
}

/** Real requests on the real clock. */
export const http: Http = { fetch, now: Date.now, timeoutMs: 5_000 };

/** A successful JSON answer, with `changes`. */
export function httpAnswer(changes: Partial<HttpAnswer> = {}): HttpAnswer {
  return {
    url: 'https://demo.aicrisk.com/api/oauth2/Token',
    status: 200,
    contentType: 'application/json; charset=utf-8',
    location: null,
    challenge: null,
    retryAfterMs: undefined,
    body: '{}',
    clockSkew: 0,
    ...changes,
  };
}

/** An `expiration` one hour ahead on the real clock. */
export function inOneHour(): string {
  return new Date(Date.now() + 3_600_000).toISOString();
}
