import * as vscode from 'vscode';
import type { ConfiguredDeployment } from '../../core/oauth/configuredDeployments.ts';
import { AiriskError, hasCode } from '../../core/errors.ts';
import { withTimeLimit } from '../../core/tasks.ts';
import type { ClientSecrets } from '../secretStorage.ts';
import type { SettingsReader } from '../settings.ts';

/** What tells whether a sign-in is possible, and makes it so. */
export interface EnsureSetUpParts {
  readonly settings: SettingsReader;
  readonly clientSecrets: ClientSecrets;
  /** Leads through set-up from the first thing that is missing; false when the person left. */
  readonly setUp: () => Promise<boolean>;
}

/**
 * The deployment that this window uses, with everything that a sign-in takes; leads into set-up when something is
 * missing.
 * @throws `CancellationError` when set-up was left, AiriskError `invalid_setting`
 */
export async function ensureSetUp({
  settings,
  clientSecrets,
  setUp,
}: EnsureSetUpParts): Promise<ConfiguredDeployment> {
  const ready = async (): Promise<ConfiguredDeployment> => {
    const deployment = settings.deployment();
    if (await clientSecrets.get(deployment)) return deployment;
    throw new AiriskError('not_configured', { subject: 'client_secret' });
  };
  try {
    return await ready();
  } catch (error) {
    if (!hasCode(error, 'not_configured')) throw error;
    if (!(await setUp())) throw new vscode.CancellationError();
    return ready();
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
