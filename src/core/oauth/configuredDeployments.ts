import * as z from 'zod/mini';
import { AiriskError } from '../errors.ts';
import { type Deployment, deploymentOf, deploymentOrigin } from './deployment.ts';
import { redirectKind } from './redirectUri.ts';
import { SettingAddress, SettingText, SettingUserid, Userid } from './settingValues.ts';

/** A deployment as the settings describe it. */
export interface ConfiguredDeployment extends Deployment {
  /** What people and other extensions call it; unique without regard to case. */
  readonly name: string;
  /** As registered with AIRisk; empty for the callback of this editor. */
  readonly redirectUri: string;
  /** The user to offer first; may be empty. */
  readonly userid: string;
  readonly tokenRequestFormat: 'form' | 'json';
  /** Real data: shown wherever the deployment is in use or named. */
  readonly production: boolean;
}

/** The name of the deployment that `airisk.baseUrl` and its neighbours describe. */
export const defaultName = 'default';

// What is of another type is said and not read as nothing: a slip in `production` would hide that it is.
const Address = z.pipe(
  z.string(),
  z.transform((text) => SettingAddress.parse(text)),
);
const Text = z.pipe(
  z.union([z.string(), z.number()]),
  z.transform((text) => SettingText.parse(text)),
);
const UseridText = z.pipe(
  Text,
  z.transform((text) => SettingUserid.parse(text)),
);

/** An entry of `airisk.deployments`. */
const Entry = z.strictObject({
  baseUrl: Address,
  clientId: Text,
  redirectUri: z._default(Address, ''),
  userid: z._default(z.pipe(UseridText, Userid), ''),
  tokenRequestFormat: z._default(z.enum(['form', 'json']), 'form'),
  production: z._default(z.boolean(), false),
});
const AnyRecord = z.record(z.string(), z.unknown());
// As it is: a copy has no `__proto__`, which would be passed over without a word.
const Entries = z.custom<z.infer<typeof AnyRecord>>((map) => AnyRecord.safeParse(map).success);

/** Why an entry of `airisk.deployments`, or the deployment called `default`, is left out. */
export interface EntryProblem {
  /** Empty when the whole is no object of entries. */
  readonly name: string;
  /** `missing`, `unknown` and `value` are about a member; `taken` and `same` about one more entry. */
  readonly reason:
    'map' | 'name' | 'reserved' | 'taken' | 'same' | 'object' | 'missing' | 'unknown' | 'value';
  readonly member?: string | undefined;
  /** The name of the entry that is used instead. */
  readonly other?: string | undefined;
  /** What is the matter with the value, when there is more to say. */
  readonly error?: AiriskError | undefined;
}

/** Whether a text can be the name of an entry: `default` cannot, nor `__proto__`, which VS Code loses in a setting. */
export function isDeploymentName(name: string): boolean {
  return /^(?!__proto__$)[\w.-]{1,32}$/.test(name) && !isSameName(name, defaultName);
}

/** Whether two names stand for one deployment. */
export function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/**
 * The deployments of the map `airisk.deployments`, beside the one that has been described already. An entry that is not
 * valid is left out and takes no other one away.
 * @param first the deployment called `default`, if there is one
 * @param sha256 SHA-256 of a text in hex
 */
export function readDeployments(
  first: ConfiguredDeployment | undefined,
  map: unknown,
  sha256: (text: string) => string,
): { deployments: ConfiguredDeployment[]; problems: EntryProblem[] } {
  const deployments = first ? [first] : [];
  const problems: EntryProblem[] = [];
  const { data: entries } = Entries.safeParse(map);
  if (!entries) problems.push({ name: '', reason: 'map' });
  for (const [name, entry] of Object.entries(entries ?? {})) {
    const read = readEntry(name, entry, deployments, sha256);
    if ('reason' in read) problems.push(read);
    else deployments.push(read);
  }
  return { deployments, problems };
}

function readEntry(
  name: string,
  entry: unknown,
  others: readonly ConfiguredDeployment[],
  sha256: (text: string) => string,
): ConfiguredDeployment | EntryProblem {
  if (isSameName(name, defaultName)) return { name, reason: 'reserved' };
  if (!isDeploymentName(name)) return { name, reason: 'name' };
  const namesake = others.find((other) => isSameName(other.name, name));
  if (namesake) return { name, reason: 'taken', other: namesake.name };
  const { data, error } = Entry.safeParse(entry);
  const issue = error?.issues[0];
  if (issue) return problemOf(name, issue, entry);
  if (!data) return { name, reason: 'object' };
  const { baseUrl, clientId, ...rest } = data;
  if (!baseUrl) return { name, reason: 'missing', member: 'baseUrl' };
  try {
    const deployment = deploymentOf(deploymentOrigin(baseUrl), clientId, sha256);
    // For what can never work, whatever the callback of the editor is.
    redirectKind(rest.redirectUri, 'about:blank');
    const same = others.find(({ key }) => key === deployment.key);
    return same ? { name, reason: 'same', other: same.name } : { ...deployment, ...rest, name };
  } catch (invalid) {
    if (!(invalid instanceof AiriskError)) throw invalid;
    return invalidEntry(name, invalid);
  }
}

/** Why a deployment is left out whose address, client ID or redirect URI fails with `not_configured` or `invalid_setting`. */
export function invalidEntry(name: string, error: AiriskError): EntryProblem {
  const reason = error.code === 'not_configured' ? 'missing' : 'value';
  return { name, reason, member: error.subject?.replace('airisk.', ''), error };
}

/** The setting in which an entry is corrected. */
export function settingOf({ name, reason, member }: EntryProblem): string {
  // An entry of this name is always reserved.
  return name === defaultName && reason !== 'reserved' ? `airisk.${member}` : 'airisk.deployments';
}

function problemOf(name: string, issue: z.core.$ZodIssue, entry: unknown): EntryProblem {
  if (issue.code === 'unrecognized_keys') return { name, reason: 'unknown', member: issue.keys[0] };
  const [member] = issue.path;
  if (member === undefined) return { name, reason: 'object' };
  const isThere = typeof entry === 'object' && entry !== null && Object.hasOwn(entry, member);
  return { name, reason: isThere ? 'value' : 'missing', member: String(member) };
}
