import * as vscode from 'vscode';
import type { Check, Finding } from '../../core/diagnosis.ts';
import type { Deployment } from '../../core/oauth/deployment.ts';
import { problemText } from '../deploymentProblems.ts';
import { whatHappened } from '../errorMessages.ts';
import { adviceOn, type Button, nextStepButtons } from '../nextSteps.ts';

const { l10n } = vscode;

/** The name of a check. */
export function checkTitle(check: Check): string {
  const titles: Record<Check, string> = {
    settings: l10n.t('Settings'),
    secretStorage: l10n.t('Secret storage'),
    clientSecret: l10n.t('Client secret'),
    redirectUri: l10n.t('Redirect URI'),
    uriScheme: l10n.t('URI scheme'),
    deployment: l10n.t('Deployment'),
    clock: l10n.t('Clock'),
    authorization: l10n.t('Authorization request'),
    token: l10n.t('Token request'),
  };
  return titles[check];
}

/** What a check found, in words; text of a server may be in it. */
export function findingText(finding: Finding): string {
  const { check, ok, error, detail, fact = '', problem } = finding;
  if (ok === undefined) return l10n.t('Not checked.');
  if (error) return whatHappened(error);
  if (problem) return problemText(problem);
  switch (detail) {
    case 'callback':
      return l10n.t('This editor receives the redirect at {0}.', fact);
    case 'changingCallback':
      return l10n.t(
        'This editor runs in a browser and receives the redirect. Its address has a different query for each sign-in, so AIRisk must ignore the query.',
      );
    case 'otherEditor':
      return l10n.t('{0} opens a different editor.', fact);
    case 'elsewhere':
      return l10n.t('No browser shows {0}, and this editor does not receive it.', fact);
    case 'loopback':
      return l10n.t('{0} is available for the redirect.', fact);
    case 'paste':
      return l10n.t('Nothing listens at {0}: you paste the address where the browser stops.', fact);
    case 'browserOpens':
      return l10n.t('The browser itself hands the redirect over.');
    case 'opener':
      return l10n.t('Registered with the operating system.');
    case 'noOpener':
      return l10n.t('No program is registered for {0} addresses.', fact);
    case 'page':
      return l10n.t('AIRisk shows a page first. To check the client, sign in with the browser.');
    case 'skew':
      return Number(fact) > 0
        ? l10n.t("This computer's clock is {0} seconds behind AIRisk's.", fact)
        : l10n.t("This computer's clock is {0} seconds ahead of AIRisk's.", fact.slice(1));
    case 'missing':
      return l10n.t('Not stored.');
    case 'unexpected':
      return l10n.t('An unexpected error occurred. See the log for details.');
    case 'invalid':
      return l10n.t('{0} is not valid, so its default is used.', fact);
    default:
      return passedText(check, fact);
  }
}

function passedText(check: Check, fact: string): string {
  switch (check) {
    case 'settings':
      return l10n.t('Complete for client ID {0}.', fact);
    case 'secretStorage':
      return l10n.t(
        'Writing and reading work. Without a keyring, each window keeps its own secrets until it closes or reloads.',
      );
    case 'clientSecret':
      return l10n.t('Stored.');
    case 'deployment':
      return l10n.t('AIRisk responds at {0}.', fact);
    case 'clock':
      return l10n.t("Matches AIRisk's clock.");
    case 'authorization':
      return l10n.t('AIRisk recognizes the client and redirect URI, and redirects at once.');
    case 'token':
      return l10n.t('AIRisk accepted the client secret and issued a token, which was discarded.');
    case 'redirectUri':
    case 'uriScheme':
      return fact;
  }
}

/** What to do about a failed check. */
export function findingAdvice({ nextStep, error, fact }: Finding): string {
  return adviceOn(nextStep, error ?? { subject: fact });
}

/**
 * The buttons that do it.
 * @param deployment the one that was looked at
 */
export function findingButtons(
  { check, nextStep, error, fact }: Finding,
  deployment: Deployment | undefined,
): Button[] {
  const { subject = fact, reason, request } = error ?? {};
  // What is the matter with the settings may be about any of those in them.
  const about = check === 'settings' ? undefined : deployment;
  return nextStepButtons(nextStep, { subject, reason, request, deployment: about });
}
