import * as z from 'zod/mini';
import { AiriskError } from '../errors.ts';
import { parseJson } from '../schema.ts';
import type { Deployment } from './deployment.ts';
import { errorDetails, type Http, send } from './http.ts';
import { isUserid } from './userid.ts';
import { plainText } from '../text.ts';

/** An ApplicationUser of the deployment. */
export interface User {
  readonly userid: string;
  /** A name to show; empty where AIRisk gives none. */
  readonly name: string;
}

const List = z.array(z.unknown());
const Properties = z.record(z.string(), z.unknown());
const ListUsersResponse = z.union([List, Properties]);

/**
 * Lists the users that a token can be asked for.
 * @throws AiriskError `unauthorized` when the generic token is refused, `server_error`, `invalid_response`, and
 * what {@link send} throws.
 * @see airisk-api.md, Using a token
 */
export async function listUsers(
  http: Http,
  deployment: Deployment,
  genericToken: string,
  signal?: AbortSignal,
): Promise<User[]> {
  const headers = { accept: 'application/json', authorization: `Bearer ${genericToken}` };
  const get = (path: string) => send(http, deployment.origin + path, { headers }, signal);
  let answer = await get('/api/Users/ListUsers');
  if (answer.status === 404) answer = await get('/api/ListUsers');
  if (answer.status === 401) throw new AiriskError('unauthorized', errorDetails(answer, genericToken));
  if (answer.status !== 200) throw new AiriskError('server_error', errorDetails(answer, genericToken));
  const users = readUsers(answer.body);
  if (!users) throw new AiriskError('invalid_response', { status: answer.status });
  return users;
}

/** Reads the shapes of ListUsers that airisk-api.md accepts; `undefined` for anything else. */
export function readUsers(body: string): User[] | undefined {
  const json = parseJson(ListUsersResponse, body);
  const entries = List.safeParse(json).data ?? wrappedList(json);
  return entries?.flatMap((entry) => {
    const get = propertyReader(entry);
    const userid = get('id', 'userid');
    return userid && isUserid(userid)
      ? [{ userid, name: plainText(get('name', 'displayname', 'fullname', 'username', 'email') ?? '') }]
      : [];
  });
}

function wrappedList(json: unknown): unknown[] | undefined {
  const object = Properties.safeParse(json).data ?? {};
  const lists = Object.entries(object)
    .filter(([name]) => ['users', 'data', 'value', 'items'].includes(name.toLowerCase()))
    .flatMap(([, value]) => {
      const list = List.safeParse(value).data;
      return list ? [list] : [];
    });
  return lists.length === 1 ? lists[0] : undefined;
}

function propertyReader(entry: unknown): (...names: string[]) => string | undefined {
  const properties = new Map<string, string>();
  for (const [name, value] of Object.entries(Properties.safeParse(entry).data ?? {})) {
    // A larger number has been rounded by JSON.parse, and would be another user.
    if ((typeof value === 'string' && value !== '') || Number.isSafeInteger(value)) {
      properties.set(name.toLowerCase(), String(value));
    }
  }
  return (...names) => names.map((name) => properties.get(name)).find((value) => value !== undefined);
}
