import * as vscode from 'vscode';
import { AiriskError, hasCode, isAbort } from '../core/errors.ts';

const { l10n } = vscode;

/** A button of an error message. */
interface ErrorAction {
  readonly title: string;
  readonly command: string;
  readonly query?: string;
}

/** The words for errors, for parts that read them at their first use. */
export interface ErrorWords {
  readonly isCancellation: typeof isCancellation;
  readonly errorMessage: typeof errorMessage;
  readonly showError: typeof showError;
}

/** True where the user ended it: nothing to report. */
export function isCancellation(error: unknown): boolean {
  return isAbort(error) || error instanceof vscode.CancellationError;
}

/** The stack of an error: names of files help in the log, and nowhere else. */
export function forLog(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : 'An error that is no Error';
}

/** Says for people what happened and what to do next; never holds a secret. */
export function errorMessage(error: unknown): string {
  if (!(error instanceof AiriskError))
    return l10n.t('An unexpected error occurred. See the log for details.');
  const message = sentence(error);
  return error.traceId ? l10n.t('{0} (AIRisk trace ID: {1})', message, error.traceId) : message;
}

/**
 * Shows an error with buttons for what to do next, and logs it.
 * @param retry does the same again
 */
export async function showError(
  log: vscode.LogOutputChannel,
  error: unknown,
  retry?: () => Promise<unknown>,
): Promise<void> {
  if (isCancellation(error)) return;
  log.error(forLog(error));
  const tryAgain: ErrorAction[] =
    retry && error instanceof AiriskError
      ? [
          {
            title: hasCode(error, 'generic_token_refused') ? l10n.t('Sign In Again') : l10n.t('Try Again'),
            command: '',
          },
        ]
      : [];
  const actions = [
    ...nextSteps(error),
    ...tryAgain,
    { title: l10n.t('Show Log'), command: 'airisk.showLog' },
  ];
  const chosen = await vscode.window.showErrorMessage(errorMessage(error), ...actions);
  if (chosen?.command) await vscode.commands.executeCommand(chosen.command, chosen.query);
  else if (chosen) await retry?.();
}

function nextSteps(error: unknown): ErrorAction[] {
  const setUp = { title: l10n.t('Set Up'), command: 'airisk.setUp' };
  const diagnose = { title: l10n.t('Diagnose'), command: 'airisk.diagnose' };
  const settings = (query: string): ErrorAction => ({
    title: l10n.t('Open Settings'),
    command: 'workbench.action.openSettings',
    query,
  });
  const { code, subject = '' } = error instanceof AiriskError ? error : {};
  switch (code) {
    case 'not_configured':
    case 'invalid_request':
      return [setUp];
    case 'authorization_error':
      return [setUp, diagnose];
    case 'unreachable':
    case 'sign_in_timeout':
      return [diagnose];
    case 'invalid_setting':
      // The argument of a command is not valid for the same reasons, and is no setting.
      return subject.startsWith('airisk.') ? [settings(subject)] : [];
    case 'invalid_client':
      return [{ title: l10n.t('Change Client Secret'), command: 'airisk.setClientSecret' }];
    case 'port_in_use':
      return [settings('airisk.redirectUri')];
    default:
      return [];
  }
}

function sentence({ code, subject = '', reason = '', status = 0 }: AiriskError): string {
  switch (code) {
    case 'not_configured':
      return l10n.t('AIRisk is not set up yet: {0} is missing.', subject);
    case 'invalid_setting':
      return reason === 'https'
        ? l10n.t('{0} must be an https address so that nobody can read the token in transit.', subject)
        : l10n.t('The value of {0} is not valid.', subject);
    case 'invalid_scopes':
      return l10n.t(
        'AIRisk does not support the scopes "{0}". Use [] (any session), ["userid:ID"], or ["generic"].',
        subject,
      );
    case 'wrong_account':
      return l10n.t(
        'The extension needs the AIRisk account {0}, but you selected {1}. Try again and select {0}.',
        subject,
        reason,
      );
    case 'settings_changed':
      return l10n.t('The AIRisk settings were changed during the sign-in. Try again.');
    case 'unreachable':
      return l10n.t(
        'AIRisk cannot be reached at {0} ({1}). Check the address and your network.',
        subject,
        reason,
      );
    case 'request_timeout':
      return l10n.t('AIRisk did not respond in time at {0}. Check your network and try again.', subject);
    case 'server_error':
      return l10n.t('AIRisk has a server problem (HTTP {0}). Try again in a few minutes.', status);
    case 'invalid_response':
      return l10n.t('AIRisk sent an unexpected response. Check the deployment address.');
    case 'authorization_refused':
      return l10n.t('AIRisk rejected the sign-in: {0}', reason);
    case 'authorization_error':
      return l10n.t(
        'AIRisk rejected the sign-in request: {0}. Check the client ID, redirect URI, and user with your AIRisk administrator.',
        reason,
      );
    case 'authorization_response_invalid':
      return l10n.t('The browser returned no code. Try again.');
    case 'sign_in_timeout':
      if (subject) return l10n.t('The sign-in waited too long for an answer. Try again.');
      return l10n.t(
        'The browser did not return in time. If it shows an error, check the redirect URI with your AIRisk administrator.',
      );
    case 'browser_not_opened':
      return l10n.t('The browser could not be opened.');
    case 'invalid_code':
      return l10n.t('AIRisk rejected the code because it was already used or expired. Try again.');
    case 'invalid_client':
      return l10n.t('AIRisk rejected the client ID or client secret.');
    case 'generic_token_refused':
      return l10n.t(
        "AIRisk rejected the application's token because it was revoked. Sign in again without it.",
      );
    case 'invalid_request':
      return l10n.t('AIRisk rejected the token request: {0}', reason);
    case 'unauthorized':
      return l10n.t('AIRisk rejected the token because it expired or was revoked. Sign in again.');
    case 'token_expired':
      return l10n.t("AIRisk issued a token that is already expired. Check this computer's clock.");
    case 'not_silent':
      return l10n.t('AIRisk requires you to sign in again in the browser.');
    case 'port_in_use':
      return l10n.t(
        'Port {0}, which the sign-in needs, is not available ({1}). End the sign-in or program that uses it, or change the redirect URI.',
        subject,
        reason,
      );
    case 'storage':
      return l10n.t("VS Code's secret storage is not working. Unlock your keyring and try again.");
  }
}
