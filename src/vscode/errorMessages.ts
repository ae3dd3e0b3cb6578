import * as vscode from 'vscode';
import { AiriskError, hasCode, isAbort } from '../core/errors.ts';

const { l10n } = vscode;

/** A button of an error message. */
interface ErrorAction {
  readonly title: string;
  readonly command: string;
  readonly query?: string;
}

/** True where the user ended it: nothing to report. */
export function isCancellation(error: unknown): boolean {
  return isAbort(error) || error instanceof vscode.CancellationError;
}

/** Says for people what happened and what to do next; never holds a secret. */
export function errorMessage(error: unknown): string {
  if (!(error instanceof AiriskError))
    return l10n.t('Something unexpected happened. The log has the details.');
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
  // The stack of an unexpected error stays in the log, where names of files help.
  log.error(error instanceof Error ? (error.stack ?? error.message) : 'An error that is no Error');
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
  switch (error instanceof AiriskError ? error.code : undefined) {
    case 'not_configured':
    case 'invalid_request':
      return [setUp];
    case 'authorization_error':
      return [setUp, diagnose];
    case 'unreachable':
    case 'sign_in_timeout':
      return [diagnose];
    case 'invalid_setting':
      return [settings(error instanceof AiriskError ? (error.subject ?? 'airisk') : 'airisk')];
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
        ? l10n.t(
            'The setting {0} must be an https address, so that nobody can read the token on its way.',
            subject,
          )
        : l10n.t('The value of {0} is not valid.', subject);
    case 'invalid_scopes':
      return l10n.t(
        'AIRisk does not know the scopes "{0}". Ask for [] (any session), ["userid:ID"] or ["generic"].',
        subject,
      );
    case 'wrong_account':
      return l10n.t(
        'The extension asks for the AIRisk account {0}, and {1} was chosen. Try again and choose {0}.',
        subject,
        reason,
      );
    case 'unreachable':
      return l10n.t(
        'AIRisk at {0} cannot be reached ({1}). Check the address and your network.',
        subject,
        reason,
      );
    case 'request_timeout':
      return l10n.t('AIRisk at {0} did not answer in time. Check your network and try again.', subject);
    case 'server_error':
      return l10n.t('AIRisk has a problem of its own (HTTP {0}). Try again in a few minutes.', status);
    case 'invalid_response':
      return l10n.t('AIRisk gave an answer that makes no sense. Is the deployment address right?');
    case 'authorization_refused':
      return l10n.t('AIRisk refused the sign-in: {0}', reason);
    case 'authorization_error':
      return l10n.t(
        'AIRisk does not accept the sign-in request: {0}. Check the client ID, the redirect URI and the user with your AIRisk administrator.',
        reason,
      );
    case 'authorization_response_invalid':
      return l10n.t('The browser came back without a code. Try again.');
    case 'sign_in_timeout':
      return l10n.t(
        'No answer came back from the browser in time. If the browser shows an error, check the redirect URI with your AIRisk administrator.',
      );
    case 'browser_not_opened':
      return l10n.t('The browser could not be opened.');
    case 'invalid_code':
      return l10n.t('AIRisk did not accept the code: it was used already or is too old. Try again.');
    case 'invalid_client':
      return l10n.t('AIRisk did not accept the client ID and client secret.');
    case 'generic_token_refused':
      return l10n.t(
        "AIRisk did not accept the application's token: it was revoked. Sign in again, this time without it.",
      );
    case 'invalid_request':
      return l10n.t('AIRisk did not accept the token request: {0}', reason);
    case 'unauthorized':
      return l10n.t('AIRisk did not accept the token: it has expired or was revoked. Sign in again.');
    case 'token_expired':
      return l10n.t("AIRisk gave a token that has expired already. Check this computer's clock.");
    case 'not_silent':
      return l10n.t('AIRisk wants you to sign in again in the browser.');
    case 'port_in_use':
      return l10n.t(
        'Port {0}, where the sign-in comes back, is in use by another sign-in or another program. End that and try again.',
        subject,
      );
    case 'storage':
      return l10n.t(
        "VS Code's secret storage does not work, so the sign-in could not be kept. Unlock your keyring and try again.",
      );
  }
}
