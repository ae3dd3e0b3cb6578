import { AiriskError } from '../core/errors.ts';
import type { ConfiguredDeployment } from '../core/oauth/configuredDeployments.ts';
import type { Deployment } from '../core/oauth/deployment.ts';
import { isWanted, readScopes, splitScopes, type Wanted } from '../core/sessions/scopes.ts';
import { accountLabel } from '../core/sessions/accountLabel.ts';
import { type Account, isAccountOf, type Session } from '../core/sessions/session.ts';
import type { Sessions } from '../core/sessions/sessions.ts';
import { plainText } from '../core/text.ts';
import { knownTarget, type Target, targetOf } from './accountTarget.ts';
import { type SignInArgument, targetArgument } from './commands/commandArgument.ts';
import type { SettingsReader } from './settings.ts';
import type { Chosen } from './signIn/userPicker.ts';

/** What the scopes of a `getSession` call ask for. */
export interface CallerRequest {
  readonly wanted: Wanted;
  /** The deployment that they name; none for the one in use. */
  readonly scoped: ConfiguredDeployment | undefined;
}

/** What leads to whom a call is about. */
export interface TargetParts {
  readonly sessions: Sessions;
  readonly settings: SettingsReader;
  /** A deployment, or the one that this window uses: leads into set-up when something is missing. */
  readonly ensureSetUp: (named: Deployment | undefined) => Promise<ConfiguredDeployment>;
  /** Asks whom to sign in as, for a caller that takes any session, or any user's. */
  readonly chooseUser: (deployment: ConfiguredDeployment, wanted: 'any' | 'user') => Promise<Chosen>;
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

/** The argument that makes `airisk.signIn` do what a call asked for, also when the window uses a different deployment. */
export function signInArgument(
  settings: Pick<SettingsReader, 'inUse'>,
  { wanted, scoped }: CallerRequest,
): SignInArgument {
  const userid = typeof wanted === 'object' ? wanted.userid : undefined;
  return targetArgument({ deployment: scoped ?? settings.inUse(), userid });
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

/**
 * Whom a call is about: leads into set-up, and asks, when that is not known.
 * @param named whose account the caller names
 * @throws AiriskError `wrong_account`, and what the parts reject with; `CancellationError` when the person left
 */
export async function chooseTarget(
  { sessions, ensureSetUp, chooseUser }: TargetParts,
  { wanted, scoped }: CallerRequest,
  named: Target | undefined,
  account: Account | undefined,
): Promise<Target> {
  if (typeof wanted !== 'object') {
    if (named) return named;
    // Its deployment may be gone, or be none that the scopes ask for: nobody meant a sign-in at a different one.
    if (account) throw new AiriskError('wrong_account', { reason: plainText(account.label) });
    const deployment = await ensureSetUp(scoped);
    return { deployment, ...(await chooseUser(deployment, wanted)) };
  }
  const deployment = await ensureSetUp(named?.deployment ?? scoped);
  const { userid } = wanted;
  // VS Code's account picker offers all accounts, whomever the scopes ask for.
  const known = await knownTarget(sessions, deployment, userid);
  if (!account || isAccountOf(account, deployment, userid)) {
    return { deployment, userid, name: known.name, label: account?.label };
  }
  const label = known.label ?? accountLabel(deployment, userid);
  throw new AiriskError('wrong_account', { subject: label, reason: plainText(account.label) });
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
