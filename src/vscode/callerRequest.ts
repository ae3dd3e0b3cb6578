import type { ConfiguredDeployment } from '../core/oauth/configuredDeployments.ts';
import { isWanted, readScopes, splitScopes, type Wanted } from '../core/sessions/scopes.ts';
import type { Account, Session } from '../core/sessions/session.ts';
import type { Sessions } from '../core/sessions/sessions.ts';
import { type Target, targetOf } from './accountTarget.ts';
import type { SettingsReader } from './settings.ts';

/** What the scopes of a `getSession` call ask for. */
export interface CallerRequest {
  readonly wanted: Wanted;
  /** The deployment that they name; none for the one in use. */
  readonly scoped: ConfiguredDeployment | undefined;
}

/**
 * Reads the scopes of a call.
 * @throws AiriskError `invalid_scopes`, `unknown_deployment`
 */
export function readRequest(
  settings: Pick<SettingsReader, 'named'>,
  scopes: readonly string[] | undefined,
): CallerRequest {
  const { deployment, others } = splitScopes(scopes);
  const wanted = readScopes(others);
  return { wanted, scoped: deployment === undefined ? undefined : settings.named(deployment) };
}

/** Whose account a caller names, in any deployment, as long as that is what its scopes ask for too. */
export async function namedTarget(
  sessions: Sessions,
  settings: SettingsReader,
  { wanted, scoped }: CallerRequest,
  account: Account,
): Promise<Target | undefined> {
  const target = await targetOf(sessions, settings, account);
  const fits = target && isWanted(wanted, target.userid);
  return fits && (!scoped || scoped.key === target.deployment.key) ? target : undefined;
}

/** The scope that asks for exactly this user, or for the application with an empty userid. */
export function scopeOf(userid: string): string {
  return userid === '' ? 'generic' : `userid:${userid}`;
}

/**
 * The scopes of all requests that a session answers. VS Code takes its badge off the Accounts menu when an added session
 * has the scopes of the request, which it keeps as one text and splits at its blanks: that of `[]` is `['']`, and the
 * blanks of a userid part its scope.
 */
export function requestsFor(
  settings: Pick<SettingsReader, 'describe' | 'inUse'>,
  { deployment, userid }: Session,
): string[][] {
  const own = [scopeOf(userid), ...(isWanted('user', userid) ? ['user'] : [])];
  const name = settings.describe(deployment)?.name;
  const named = name === undefined ? [] : [`deployment:${name}`];
  const isInUse = settings.inUse()?.key === deployment.key;
  const requests = [
    ...(isInUse ? [...own.map((scope) => [scope]), ['']] : []),
    ...(isInUse && name === undefined ? [] : own.map((scope) => [...named, scope])),
    ...(name === undefined ? [] : [named]),
  ];
  const parted = requests.map((scopes) => scopes.flatMap((scope) => scope.split(' ')));
  return [...requests, ...parted.filter((scopes, index) => scopes.length !== requests[index]?.length)];
}
