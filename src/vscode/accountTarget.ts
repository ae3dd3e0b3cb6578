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

/** Whose account this is, in any of the configured deployments. */
export async function targetOf(
  sessions: Sessions,
  settings: SettingsReader,
  account: Account,
): Promise<Target | undefined> {
  for (const deployment of settings.deployments()) {
    const stored = await sessions.listStored(deployment);
    const known = stored.find(({ userid }) => isAccountOf(account, deployment, userid));
    const userid = known?.userid ?? useridOfKey(deployment, account.id);
    if (userid !== undefined) return { deployment, userid, name: known?.name, label: account.label };
  }
  return undefined;
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

/** All sessions of several deployments, the expired among them. */
export async function storedAt(
  sessions: Pick<Sessions, 'listStored'>,
  deployments: readonly Deployment[],
): Promise<Session[]> {
  return (await Promise.all(deployments.map((one) => sessions.listStored(one)))).flat();
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
