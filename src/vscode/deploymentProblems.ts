import * as vscode from 'vscode';
import { type EntryProblem, settingOf } from '../core/oauth/configuredDeployments.ts';
import { plainText } from '../core/text.ts';
import { whatHappened } from './errorMessages.ts';
import { inBackground } from './messages.ts';
import { type Button, openSettings, switchDeployment } from './nextSteps.ts';
import type { SettingsReader } from './settings.ts';
import { deploymentText } from './wording.ts';

const { l10n } = vscode;

/**
 * Says which deployments are left out and why, in one message; each time that this has changed.
 * @returns what is to be called when the settings may have changed
 */
export function reportProblems(settings: SettingsReader, log: vscode.LogOutputChannel): () => void {
  let reported = '';
  return () => {
    const problems = settings.problems();
    const message = problems.map(problemText).join(' ');
    if (message === reported) return;
    reported = message;
    const [first] = problems;
    if (!first) return;
    log.warn(message);
    showProblem(first, log, message);
  };
}

/**
 * Says that the deployment that was chosen for this window has left the settings, and which one is used in its place.
 * @returns what is to be called when the settings have changed
 */
export function reportAbsence(settings: SettingsReader, log: vscode.LogOutputChannel): () => void {
  let reported = settings.absent();
  return () => {
    const name = settings.absent();
    if (name === reported) return;
    reported = name;
    if (name === undefined) return;
    const used = settings.inUse();
    const instead = used
      ? l10n.t('This window now uses {0}.', deploymentText(used))
      : l10n.t('Select one for this window.');
    const message = l10n.t('The deployment "{0}" is no longer in the settings. {1}', name, instead);
    log.warn(message);
    warn(log, message, switchDeployment());
  };
}

/** Says why a deployment is left out, with a button to change it. */
export function showProblem(
  problem: EntryProblem,
  log: vscode.LogOutputChannel,
  message = problemText(problem),
): void {
  warn(log, message, openSettings(settingOf(problem)));
}

function warn(log: vscode.LogOutputChannel, message: string, button: Button): void {
  inBackground(log, async () => {
    await (await vscode.window.showWarningMessage(message, button))?.run();
  });
}

/** Which deployment is left out, and why. */
export function problemText(problem: EntryProblem): string {
  const name = plainText(problem.name, 40);
  const setting = settingOf(problem);
  if (problem.reason === 'map') return l10n.t('The value of {0} is not valid.', setting);
  return setting === 'airisk.deployments'
    ? l10n.t('The deployment "{0}" in airisk.deployments is not used. {1}', name, whyUnused(problem))
    : l10n.t('The deployment "{0}" is not used. {1}', name, whyUnused(problem));
}

/** Why a deployment is left out, below its name. */
export function whyUnused({ reason, member = '', other = '', error }: EntryProblem): string {
  const place = plainText(member, 40);
  switch (reason) {
    case 'reserved':
      return l10n.t('The name stands for airisk.baseUrl and airisk.clientId. Use a different name.');
    case 'name':
      return l10n.t('Its name must have 1 to 32 letters, digits, dots, hyphens, or underscores.');
    case 'taken':
      return l10n.t('Its name differs from "{0}" only in case.', other);
    case 'same':
      return l10n.t('It has the same address and client ID as "{0}".', other);
    case 'missing':
      return l10n.t('Its "{0}" is missing.', place);
    case 'unknown':
      return l10n.t('It has no member "{0}".', place);
    case 'value':
      return [l10n.t('Its "{0}" is not valid.', place), error && whatHappened(error)]
        .filter(Boolean)
        .join(' ');
    default:
      return l10n.t('It is not an object.');
  }
}
