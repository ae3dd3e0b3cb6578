import assert from 'node:assert/strict';
import * as z from 'zod/mini';
import type { AdminClient } from './adminClient.ts';
import { startEmulator, type Emulator } from './emulator.ts';
import type { EmulatorOptions } from './options.ts';
import { primaryClient } from './seed.ts';

/** The docs' own redirect URI. */
export const callback = 'https://localhost/callback';

/** One emulator for the surrounding `describe`, reset before each of its tests. */
export function emulate(options: Partial<EmulatorOptions> = {}): {
  readonly origin: string;
  readonly admin: AdminClient;
} {
  let emulator: Emulator | undefined;
  const running = (): Emulator => {
    assert.ok(emulator, 'the emulator runs only inside of tests');
    return emulator;
  };
  before(async () => void (emulator = await startEmulator(options)));
  beforeEach(() => running().client.reset());
  after(() => running().close());
  return {
    get origin() {
      return running().origin;
    },
    get admin() {
      return running().client;
    },
  };
}

/** An authorization request, its redirect not followed. `undefined` leaves a default out. */
export function authorize(
  origin: string,
  parameters: Record<string, string | undefined> = {},
): Promise<Response> {
  const query = withoutUndefined({
    client_id: primaryClient.client_id,
    redirect_uri: callback,
    ...parameters,
  });
  return fetch(`${origin}/api/oauth2?${new URLSearchParams(query).toString()}`, { redirect: 'manual' });
}

/** Where an answer redirects to. */
export function locationOf(answer: Response): URL {
  assert.equal(answer.status, 302);
  return new URL(answer.headers.get('location') ?? '');
}

/** A fresh code, for the user or for none. */
export async function getCode(origin: string, userid?: string): Promise<string> {
  const code = locationOf(await authorize(origin, { userid })).searchParams.get('code');
  assert.ok(code);
  return code;
}

/** A token request with the primary client's right values, and `fields` over them. `undefined` leaves one out. */
export function requestToken(
  origin: string,
  fields: Record<string, string | undefined>,
  { format = 'form', bearer }: { format?: 'form' | 'json' | undefined; bearer?: string | undefined } = {},
): Promise<Response> {
  const { client_id, client_secret } = primaryClient;
  const all = withoutUndefined({ client_id, client_secret, redirect_uri: callback, ...fields });
  return fetch(`${origin}/api/oauth2/Token`, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'content-type': format === 'form' ? 'application/x-www-form-urlencoded' : 'application/json',
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    },
    body: format === 'form' ? new URLSearchParams(all).toString() : JSON.stringify(all),
  });
}

const tokenAnswerSchema = z.strictObject({ access_token: z.string(), expiration: z.string() });

/** The documented success, and nothing beside it. */
export function parseTokenAnswer(text: string): z.infer<typeof tokenAnswerSchema> {
  return tokenAnswerSchema.parse(JSON.parse(text));
}

/** Signs in from end to end. */
export async function getToken(origin: string, userid?: string): Promise<string> {
  const answer = await requestToken(origin, { code: await getCode(origin, userid), userid });
  return parseTokenAnswer(await answer.text()).access_token;
}

/** A GET with a bearer token. */
export function get(origin: string, path: string, bearer?: string): Promise<Response> {
  return fetch(origin + path, bearer === undefined ? {} : { headers: { authorization: `Bearer ${bearer}` } });
}

/** The plain-text 400 that says which thing is invalid. */
export async function assertInvalid(answer: Response, what: string): Promise<void> {
  const seen = [answer.status, answer.headers.get('content-type'), await answer.text()];
  assert.deepEqual(seen, [400, 'text/plain; charset=utf-8', `Invalid ${what}`]);
}

const problemSchema = z.strictObject({
  type: z.url(),
  title: z.string(),
  status: z.number(),
  detail: z.optional(z.string()),
  traceId: z.string().check(z.regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/)),
});

/** Problem details; answers with them. */
export async function assertProblem(
  answer: Response,
  status: number,
): Promise<z.infer<typeof problemSchema>> {
  assert.equal(answer.status, status);
  assert.equal(answer.headers.get('content-type'), 'application/problem+json; charset=utf-8');
  const problem = problemSchema.parse(await answer.json());
  assert.equal(problem.status, status);
  return problem;
}

function withoutUndefined(values: Record<string, string | undefined>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) if (value !== undefined) kept[name] = value;
  return kept;
}
