import * as vscode from 'vscode';
import type { Deployment } from '../../core/oauth/deployment.ts';
import type { Session } from '../../core/sessions/session.ts';
import type { Sessions } from '../../core/sessions/sessions.ts';
import { inBackground } from '../messages.ts';
import type { ClientSecrets } from '../secretStorage.ts';
import type { SettingsReader } from '../settings.ts';
import { where, whoAndWhere } from '../wording.ts';

const { l10n } = vscode;

interface UndoableParts {
  readonly sessions: Pick<Sessions, 'signOut' | 'restore'>;
  readonly settings: Pick<SettingsReader, 'shown'>;
  readonly clientSecrets: ClientSecrets;
  readonly log: vscode.LogOutputChannel;
}

/**
 * Signs out of accounts, with Undo for those that are gone.
 * @throws what the first one fails with, after all have been tried
 */
export async function signOutOf(
  { sessions, settings, log }: Pick<UndoableParts, 'sessions' | 'settings' | 'log'>,
  targets: readonly Session[],
): Promise<void> {
  if (targets.length === 0) {
    void vscode.window.showInformationMessage(l10n.t('You are not signed in to AIRisk.'));
    return;
  }
  const { gone, outcomes } = await deleteSessions(sessions, targets);
  const [first, ...more] = gone;
  if (first) {
    const account = whoAndWhere(first, settings);
    const message =
      more.length > 0
        ? l10n.t('Signed out of {0} AIRisk accounts.', gone.length)
        : l10n.t('Signed out of {0}.', account);
    offerUndo(log, message, async () => {
      const restored = await Promise.allSettled(gone.map((session) => sessions.restore(session)));
      throwFirst(restored);
      return more.length > 0
        ? l10n.t('Undid the sign-out of {0} AIRisk accounts.', gone.length)
        : l10n.t('Undid the sign-out of {0}.', account);
    });
  }
  throwFirst(outcomes);
}

/** Deletes sessions. Those that are gone are as they were then: tokens may have been renewed while a question was open. */
export async function deleteSessions(sessions: Pick<Sessions, 'signOut'>, targets: readonly Session[]) {
  const outcomes = await Promise.allSettled(
    targets.map(async (target) => (await sessions.signOut(target.deployment, target.userid)) ?? target),
  );
  const gone = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
  return { gone, outcomes };
}

/**
 * Removes the client secret of a deployment, with Undo: an issuer may have shown it only once.
 * @throws AiriskError `storage`
 */
export async function removeClientSecret(
  { clientSecrets, settings, log }: Pick<UndoableParts, 'clientSecrets' | 'settings' | 'log'>,
  deployment: Deployment,
): Promise<void> {
  // What cannot be read can be removed all the same.
  const secret = await clientSecrets.get(deployment).catch(() => undefined);
  const place = where(deployment, settings.shown(deployment));
  await clientSecrets.delete(deployment);
  const message = l10n.t('Client secret for {0} removed. Sessions last until they expire.', place);
  if (secret === undefined) {
    void vscode.window.showInformationMessage(message);
    return;
  }
  offerUndo(log, message, async () => {
    // One that was entered since counts.
    if (await clientSecrets.get(deployment)) return l10n.t('A newer client secret is stored and was kept.');
    await clientSecrets.store(deployment, secret);
    return l10n.t('Client secret for {0} restored.', place);
  });
}

/** Says what was done, with a button that undoes it and says so. */
export function offerUndo(log: vscode.LogOutputChannel, message: string, undo: () => Promise<string>): void {
  inBackground(log, async () => {
    const title = l10n.t('Undo');
    if ((await vscode.window.showInformationMessage(message, title)) !== title) return;
    void vscode.window.showInformationMessage(await undo());
  });
}

/**
 * Throws when one of them has failed.
 * @throws what the first one that failed was rejected with
 */
export function throwFirst(outcomes: readonly PromiseSettledResult<unknown>[]): void {
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
