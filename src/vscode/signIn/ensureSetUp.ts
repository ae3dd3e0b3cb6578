import * as vscode from 'vscode';
import { type ConfiguredDeployment, defaultName } from '../../core/oauth/configuredDeployments.ts';
import type { Deployment } from '../../core/oauth/deployment.ts';
import { AiriskError, hasCode } from '../../core/errors.ts';
import { withTimeLimit } from '../../core/tasks.ts';
import type { ClientSecrets } from '../secretStorage.ts';
import { stillConfigured } from '../accountTarget.ts';
import type { SettingsReader } from '../settings.ts';

/** What decides whether a sign-in is possible, and makes it so. */
export interface EnsureSetUpParts {
  readonly settings: SettingsReader;
  readonly clientSecrets: ClientSecrets;
  /** Leads through set-up of a deployment from the first thing that is missing; false when the person left. */
  readonly setUp: (name: string) => Promise<boolean>;
}

/**
 * A deployment with everything that a sign-in takes; leads into set-up when something is missing.
 * @param named none for the one that this window uses
 * @throws `CancellationError` when set-up was left, AiriskError `invalid_setting`, `unknown_deployment`,
 * `settings_changed`
 */
export async function ensureSetUp(
  { settings, clientSecrets, setUp }: EnsureSetUpParts,
  named: Pick<Deployment, 'key'> | undefined,
): Promise<ConfiguredDeployment> {
  // The window may use a different one by the time that set-up is done.
  const fixed = (named ? stillConfigured(settings, named) : settings.inUse())?.name;
  const ready = async (of: string | undefined): Promise<ConfiguredDeployment> => {
    const deployment = of === undefined ? settings.deployment() : settings.named(of);
    if (await clientSecrets.get(deployment)) return deployment;
    throw new AiriskError('not_configured', { subject: 'client_secret' });
  };
  try {
    return await ready(fixed);
  } catch (error) {
    if (!hasCode(error, 'not_configured')) throw error;
    const missing = fixed ?? defaultName;
    if (!(await setUp(missing))) throw new vscode.CancellationError();
    return ready(missing);
  }
}

/**
 * Waits for a person while VS Code's queue for the provider waits with it: no longer than `ms`.
 * @throws AiriskError `sign_in_timeout`, and what `asking` rejects with
 */
export async function answerInTime<T>(asking: Promise<T>, ms: number, onLate?: () => void): Promise<T> {
  return withTimeLimit(asking, ms, () => {
    onLate?.();
    throw new AiriskError('sign_in_timeout', { subject: 'question' });
  });
}
