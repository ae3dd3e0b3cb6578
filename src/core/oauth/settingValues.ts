import * as z from 'zod/mini';
import { AiriskError } from '../errors.ts';
import { lenient } from '../schema.ts';
import { isUserid } from './userid.ts';

/**
 * What a person pasted, without what nobody sees: control, format and filling characters (a zero-width space, say),
 * and the blanks around it.
 */
export function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]+/gu, '').trim();
}

// No value is longer. Anybody may write a link, and the patterns that read it backtrack.
const longest = 4_096;

/**
 * A value that was pasted, {@link visible}: two cells of a table, or two lines, do not become one word, and neither does
 * a client secret with what is before it, whatever nobody sees between the two.
 */
function pasted(text: string): string {
  const between = /[\t-\r\u0085]+|[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}](?=AI\p{Pd})/gu;
  return visible(text.slice(0, longest).replaceAll(between, ' '));
}

/** A value that was pasted with the quotes around it, as in a JSON or `.env` file, without them and what follows them. */
function unquoted(text: string): string {
  return (/^["'`\p{Pi}\p{Pf}„]+(.*?)["'`\p{Pi}\p{Pf}]+(?:[\s,;)}\]].*)?$/u.exec(text)?.[1] ?? text).trim();
}

// How a line begins that names what follows.
const beginning = String.raw`^(?:[^\w.]|export\s|set\s)*[\w.]*`;
const end = String.raw`["']?\s*[\s:=：＝]\s*`;
// A hyphen before the name makes it a part of an ID.
const clientIdName = new RegExp(`${beginning}client[ _.-]?id${end}`, 'iu');
const useridName = new RegExp(`${beginning}user[ _.-]?id${end}`, 'iu');
const clientSecretName = new RegExp(`${beginning}client[ _.-]?secret${end}`, 'iu');
// Anything before what begins as secrets do.
const beforeSecret = /^(?!\W?AI-).*?[\s:=,;|：＝、](?=\W?AI-)/u;
const addressName = new RegExp(`${beginning}ur[il]${end}(?=\\W?[a-z][a-z\\d+.-]*://)`, 'iu');

/**
 * The value in a line that a person pasted, as one of an `.env`, JSON or YAML file or of a table. Read again it is the
 * same: what is saved and what is sent are one.
 */
function valueIn(text: string, ...names: readonly RegExp[]): string {
  const line = pasted(text);
  const named = names.reduce((rest, name) => rest.replace(name, ''), line);
  // Without a name before it, a sign at its end may be a part of it.
  const value = unquoted(named === line ? line : named.replace(/[\s,;]*(?:\s(?:#|\/\/).*)?$/u, ''));
  return value === text ? value : valueIn(value, ...names);
}

/** A text as the settings have it: a number is read as it is written, anything else is no text. */
export const SettingText = lenient(
  z.pipe(
    z.union([z.string(), z.number().check(z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER))]),
    z.transform((value) => pasted(String(value))),
  ),
  '',
);

/** An address that was pasted with quotes, brackets or the end of a sentence, without them. */
export function bareAddress(text: string): string {
  // An IPv6 address keeps its brackets.
  return text.replaceAll(
    /^((?!\[)[\s"'`<\p{Pi}\p{Pf}\p{Ps}])+|((?!\])[\s"'`>.,;\p{Pi}\p{Pf}\p{Pe}])+$/gu,
    '',
  );
}

/** A {@link bareAddress} as the settings have it. */
export const SettingAddress = z.pipe(
  SettingText,
  z.transform((text) => bareAddress(valueIn(text, addressName))),
);

/** A userid as the settings have it, read as a client ID is. */
export const SettingUserid = z.pipe(
  SettingText,
  z.transform((text) => valueIn(text, useridName)),
);

/** A userid, empty for the application: in settings, scopes, arguments, requests and records. */
export const Userid = z.string().check(z.refine((userid) => userid === '' || isUserid(userid)));

/**
 * A client secret as a person enters it: visible, so that what arrives at AIRisk is what was seen. Of a line that names
 * it, or has something before what begins as secrets do, only the secret is taken.
 */
export const ClientSecret = z.pipe(
  z.string(),
  z.pipe(
    z.transform((text: string) => valueIn(text, beforeSecret, clientSecretName)),
    z.string().check(z.minLength(1), z.maxLength(1_024)),
  ),
);

/**
 * The client ID that a person entered; empty when nothing is left of it.
 * @throws AiriskError `invalid_setting` for a client secret in its place or beside it, which begins with `AI-`,
 * and for an address or a query
 * @see airisk-api.md, Seen in public clients
 */
export function checkedClientId(clientId: string): string {
  // Behind a GUID, too: an input box joins two lines that are pasted. A mail may have made a dash of the hyphen.
  if (/(?:(?<![\p{L}\p{N}_.-])|(?<=-[\da-fA-F]{12}))AI\p{Pd}./u.test(pasted(clientId)))
    throw new AiriskError('invalid_setting', { subject: 'airisk.clientId', reason: 'secret' });
  const value = valueIn(clientId, clientIdName);
  if (/:\/\/|[?&][\w.-]+=/.test(value))
    throw new AiriskError('invalid_setting', { subject: 'airisk.clientId', reason: 'address' });
  return value;
}

/** True for a port that browsers refuse. @see https://fetch.spec.whatwg.org/#port-blocking */
export function isRefusedPort(port: number): boolean {
  return refusedPorts.has(port);
}

const refusedPorts: ReadonlySet<number> = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
  109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
  526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
  3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);
