import assert from 'node:assert/strict';
import {
  createServer,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';

/** A request, its body read whole. */
export interface Received {
  readonly method: string;
  /** Path and query, as sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Answer = (response: ServerResponse, request: Received) => void;

/** A server whose answer each test sets. */
export interface LoopbackServer {
  readonly origin: string;
  /** What has come in since the test began. */
  readonly received: readonly Received[];
  answer: Answer;
}

/** One server on 127.0.0.1 for the surrounding `describe`. */
export function loopbackServer(): LoopbackServer {
  const received: Received[] = [];
  let port = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const whole = { method, url, headers, body: Buffer.concat(chunks).toString() };
      received.push(whole);
      loopback.answer(response, whole);
    });
  });
  const loopback = {
    get origin() {
      assert.ok(port, 'the server runs only inside of tests');
      return `http://127.0.0.1:${port}`;
    },
    received,
    answer: notFound,
  };
  before((done) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address && typeof address === 'object') ({ port } = address);
      done();
    });
  });
  afterEach(() => {
    server.closeAllConnections();
    received.length = 0;
    loopback.answer = notFound;
  });
  after((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
  return loopback;
}

/** Answers every request alike. */
export function reply(
  status: number,
  contentType: string,
  body: string | Buffer,
  headers: OutgoingHttpHeaders = {},
): Answer {
  return (response) => void response.writeHead(status, { 'content-type': contentType, ...headers }).end(body);
}

/** Answers with a JSON value. */
export function replyJson(value: unknown, status = 200): Answer {
  return reply(status, 'application/json; charset=utf-8', JSON.stringify(value));
}

/** Answers with the documented problem details. */
export function replyProblem(status: number, title: string): Answer {
  return reply(status, 'application/problem+json; charset=utf-8', problem(status, title));
}

/** The `traceId` of {@link problem}. */
export const traceId = '00-de61877dd04ebafff7c1676b5b6e9532-5debd224217a8b45-00';

/** Problem details as AIRisk documents them. */
export function problem(status: number, title: string): string {
  const type = 'https://tools.ietf.org/html/rfc9110#section-15.5.2';
  return JSON.stringify({ type, title, status, traceId });
}

/** Breaks the connection instead of an answer. */
export const drop: Answer = (response) => void response.destroy();

/** Lets the request wait for ever. */
export const never: Answer = () => undefined;

const notFound: Answer = reply(404, 'text/html', 'no answer set');
