import { AiriskError } from '../core/errors.ts';
import type { ConfiguredDeployment } from '../core/oauth/configuredDeployments.ts';
import type { Deployment } from '../core/oauth/deployment.ts';
import {
  type Account,
  isAccountOf,
  type Person,
  type Session,
  useridOfKey,
} from '../core/sessions/session.ts';
import type { Sessions } from '../core/sessions/sessions.ts';
import type { SettingsReader } from './settings.ts';

/** Whose session is meant: an empty userid is the application. */
export interface Target extends Person {
  readonly deployment: Deployment;
  readonly userid: string;
}

/**
 * Whose account this is, in any of the configured deployments. Its id says so without reading any other one.
 * @throws AiriskError `storage` when what decides cannot be read
 */
export async function targetOf(
  sessions: Pick<Sessions, 'listStored'>,
  settings: Pick<SettingsReader, 'deployments'>,
  account: Account,
): Promise<Target | undefined> {
  const { id, label } = account;
  for (const deployment of settings.deployments()) {
    const userid = useridOfKey(deployment, id);
    if (userid === undefined) continue;
    return { deployment, userid, name: (await knownTarget(sessions, deployment, userid)).name, label };
  }
  const stored = await storedAt(sessions, settings.deployments());
  const known = stored.find(({ deployment, userid }) => isAccountOf(account, deployment, userid));
  return known && { deployment: known.deployment, userid: known.userid, name: known.name, label };
}

/** A user with what is known of the session that there may be. */
export async function knownTarget(
  sessions: Pick<Sessions, 'listStored'>,
  deployment: Deployment,
  userid: string,
): Promise<Target> {
  const stored = await sessions.listStored(deployment);
  return stored.find((session) => session.userid === userid) ?? { deployment, userid };
}

/**
 * All sessions of several deployments, the expired among them.
 * @throws AiriskError `storage` as {@link readEach} does
 */
export function storedAt(
  sessions: Pick<Sessions, 'listStored'>,
  deployments: readonly Deployment[],
): Promise<Session[]> {
  return readEach(deployments, (deployment) => sessions.listStored(deployment));
}

/**
 * The sessions that can be read of several deployments: one that cannot be read hides no other.
 * @throws what the first one was rejected with, when there is nothing to show for it
 */
export async function readEach(
  deployments: readonly Deployment[],
  read: (deployment: Deployment) => Promise<Session[]>,
): Promise<Session[]> {
  const outcomes = await Promise.allSettled(deployments.map(read));
  const found = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed && found.length === 0) throw failed.reason;
  return found;
}

/**
 * A deployment as the settings describe it now: what was begun for one never goes on at the one in its place.
 * @throws AiriskError `settings_changed` when they do not any more
 */
export function stillConfigured(
  { describe }: Pick<SettingsReader, 'describe'>,
  deployment: Pick<Deployment, 'key'>,
): ConfiguredDeployment {
  const configured = describe(deployment);
  if (!configured) throw new AiriskError('settings_changed');
  return configured;
}
