import * as z from 'zod/mini';
import { AiriskError, hasCode } from '../errors.ts';
import { parseJson } from '../schema.ts';
import { isBlank, plainText } from '../text.ts';
import type { Deployment } from './deployment.ts';
import { errorDetails, isRefusal, unexpectedAnswer } from './errorResponse.ts';
import { type Http, type HttpAnswer, send } from './http.ts';
import { isUserid } from './userid.ts';

/** An ApplicationUser of the deployment. */
export interface User {
  readonly userid: string;
  /** A name to show; empty when AIRisk gives none. */
  readonly name: string;
}

/** What ListUsers says. */
export interface UserList {
  readonly users: readonly User[];
  /** How many entries have no ID that can be used. */
  readonly leftOut: number;
}

const List = z.array(z.unknown());
const Properties = z.record(z.string(), z.unknown());
const ListUsersResponse = z.union([List, Properties, z.null()]);

// A hundred thousand users with long names; whatever is larger cannot be shown to choose from.
const maxListBytes = 64 * 1024 * 1024;

/**
 * Lists the users that a token can be asked for.
 * @throws AiriskError `unauthorized` when the generic token is refused, `list_too_large`, `invalid_response`, and what
 * {@link unexpectedAnswer} and {@link send} say
 * @see airisk-api.md, Using a token
 */
export async function listUsers(
  http: Http,
  deployment: Deployment,
  genericToken: string,
  signal?: AbortSignal,
): Promise<UserList> {
  const headers = { accept: '*/*', authorization: `Bearer ${genericToken}` };
  const get = async (path: string): Promise<HttpAnswer> => {
    try {
      return await send(http, deployment.origin + path, { headers }, signal, maxListBytes);
    } catch (error) {
      // What `send` says of a body without end.
      throw hasCode(error, 'invalid_response') ? new AiriskError('list_too_large') : error;
    }
  };
  let answer = await get('/api/Users/ListUsers');
  if (answer.status === 404) answer = await get('/api/ListUsers');
  if (isRefusal(answer)) throw new AiriskError('unauthorized', errorDetails(answer, genericToken));
  // What ASP.NET Core makes of `null`.
  if (answer.status === 204) return { users: [], leftOut: 0 };
  if (answer.status !== 200) throw unexpectedAnswer(answer, genericToken);
  const list = readUsers(answer.body);
  if (!list) throw new AiriskError('invalid_response', { status: answer.status });
  return list;
}

/** Reads the shapes of ListUsers that airisk-api.md accepts; `undefined` for anything else. */
export function readUsers(body: string): UserList | undefined {
  const json = parseJson(ListUsersResponse, numbersAsText(body));
  const entries = json === null ? [] : Array.isArray(json) ? json : json && wrappedList(json);
  if (!entries) return undefined;
  const users = entries.flatMap((entry) => {
    const get = propertyReader(entry);
    const userid = get('id', 'userid').find(isUserid);
    if (userid === undefined) return [];
    const isName = (text: string): boolean => text.toLowerCase() !== userid.toLowerCase();
    const name = get('name', 'displayname', 'fullname', 'username', 'email').find(isName);
    return [{ userid, name: plainText(name ?? '') }];
  });
  return { users, leftOut: entries.length - users.length };
}

/** JSON with its numbers as texts, as they are written: one of 64 bits is another user after `JSON.parse`. */
function numbersAsText(json: string): string {
  let isInText = false;
  // No pattern for a whole text: one without an end is searched again from each quote in it.
  return json.replaceAll(/(?:\\.)+|"|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi, (token) => {
    if (token === '"') isInText = !isInText;
    return isInText || /^["\\]/.test(token) ? token : `"${token}"`;
  });
}

function wrappedList(object: z.infer<typeof Properties>): unknown[] | undefined {
  const values = Object.entries(object)
    .filter(([name]) => ['users', 'data', 'value', 'items'].includes(name.toLowerCase()))
    .map(([, value]) => value);
  const lists = values.flatMap((value) => {
    const list = List.safeParse(value).data;
    return list ? [list] : [];
  });
  // None is no users.
  if (lists.length === 0 && values.includes(null)) return [];
  return lists.length === 1 ? lists[0] : undefined;
}

function propertyReader(entry: unknown): (...names: string[]) => string[] {
  const properties = new Map<string, string>();
  for (const [name, value] of Object.entries(Properties.safeParse(entry).data ?? {})) {
    // A database column of a fixed width is filled up with blanks.
    const text = typeof value === 'string' ? value.trim() : '';
    if (!isBlank(text)) properties.set(name.toLowerCase(), text);
  }
  return (...names) => names.flatMap((name) => properties.get(name) ?? []);
}
