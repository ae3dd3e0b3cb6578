import * as vscode from 'vscode';
import { AiriskError, type AiriskErrorCode, isAbort, nextStepOf } from '../core/errors.ts';
import { adviceOn, type Button, cancelItAnd, nextStepButtons, runs } from './nextSteps.ts';

const { l10n } = vscode;

/** True when the user ended it: nothing to report. */
export function isCancellation(error: unknown): boolean {
  return isAbort(error) || error instanceof vscode.CancellationError;
}

/** The stack of an error: names of files help in the log, and nowhere else. */
export function forLog(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : 'An error that is no Error';
}

/** Says for people what happened, what to do next, and what AIRisk's support asks for; never holds a secret. */
export function errorMessage(error: unknown): string {
  if (!(error instanceof AiriskError))
    return l10n.t('An unexpected error occurred. See the log for details.');
  return `${whatHappened(error)} ${whatHelps(error)}`.trim();
}

/** What to do next, and what AIRisk's support asks for; empty when the error's own words say it. */
export function whatHelps(error: AiriskError): string {
  const trace = error.traceId && l10n.t('(AIRisk trace ID: {0})', error.traceId);
  return [adviceOn(nextStepOf(error), error), trace].filter(Boolean).join(' ');
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
  const chosen = await vscode.window.showErrorMessage(errorMessage(error), ...buttonsFor(error, retry));
  try {
    await chosen?.run();
  } catch (failure) {
    void showError(log, failure);
  }
}

/**
 * The buttons for what to do next.
 * @param retry does the same again
 */
export function buttonsFor(error: unknown, retry?: () => Promise<unknown>): Button[] {
  if (!(error instanceof AiriskError)) return [showLog()];
  if (retry && error.code === 'sign_in_waiting') return [cancelItAnd(retry, error)];
  const again = error.code === 'generic_token_refused' ? l10n.t('Sign In Again') : l10n.t('Try Again');
  const helping = nextStepButtons(nextStepOf(error), error);
  return [
    ...helping,
    ...(retry ? [{ title: again, run: retry }] : []),
    // When nothing else leads on.
    ...(helping.length === 0 ? [showLog()] : []),
  ];
}

const showLog = (): Button => runs(l10n.t('Show Log'), 'airisk.showLog');

/** Says what happened and why. */
export function whatHappened(error: AiriskError): string {
  return sentences[error.code](error);
}

const sentences: Record<AiriskErrorCode, (error: AiriskError) => string> = {
  not_configured: ({ subject }) => {
    if (subject === 'airisk.baseUrl')
      return l10n.t('AIRisk is not set up yet: the deployment address is missing.');
    return subject === 'airisk.clientId'
      ? l10n.t('AIRisk is not set up yet: the client ID is missing.')
      : l10n.t('AIRisk is not set up yet: the client secret is missing.');
  },
  invalid_setting: ({ subject = '', reason }) => {
    if (reason === 'argument')
      return l10n.t('The value of {0} is not valid. Correct the argument of the command.', subject);
    if (reason === 'https')
      return l10n.t(
        'The deployment address must begin with https:// so that nobody can read the token in transit.',
      );
    if (reason === 'secret')
      return l10n.t(
        'This is a client secret, not a client ID. Ask your AIRisk administrator for the client ID.',
      );
    if (reason === 'comma') return l10n.t('AIRisk cannot register a redirect URI with a comma.');
    if (reason === 'parameter')
      return l10n.t('AIRisk adds the code and the state to the redirect URI. Enter it without them.');
    if (reason === 'port')
      return l10n.t('Browsers refuse the port of this redirect URI. Use a different port.');
    if (reason === 'elsewhere')
      return l10n.t('No browser shows this redirect URI, and this editor does not receive it.');
    if (subject === 'airisk.baseUrl') return l10n.t('The deployment address is not valid.');
    if (subject === 'airisk.redirectUri') return l10n.t('The redirect URI is not valid.');
    return l10n.t('The value of {0} is not valid.', subject);
  },
  invalid_scopes: ({ subject = '' }) =>
    l10n.t(
      'AIRisk does not support the scopes {0}. Use [] (any session), ["user"] (any user), ["userid:ID"], or ["generic"], after "deployment:NAME" for a certain deployment.',
      subject,
    ),
  invalid_link: ({ reason }) =>
    reason === 'secret'
      ? l10n.t('The set-up link contains a secret, so it was not used. A client secret is entered by hand.')
      : l10n.t('The set-up link is not valid, so it was not used. Ask for a new one.'),
  unknown_deployment: ({ subject = '', reason = '' }) =>
    reason
      ? l10n.t('There is no AIRisk deployment called "{0}". Configured: {1}.', subject, reason)
      : l10n.t('There is no AIRisk deployment called "{0}".', subject),
  wrong_account: ({ subject, reason = '' }) =>
    subject === undefined
      ? l10n.t('The extension cannot use the AIRisk account {0}. Try again with a different one.', reason)
      : l10n.t('The extension needs the AIRisk account {0}, not {1}. Try again with {0}.', subject, reason),
  settings_changed: () => l10n.t('The AIRisk settings have changed in the meantime. Try again.'),
  unreachable: notReached,
  request_timeout: ({ subject = '' }) => l10n.t('{0} did not respond in time.', subject),
  server_error: ({ status = 0 }) => l10n.t('AIRisk has a server problem (HTTP {0}).', status),
  invalid_response: (error) =>
    error.reason === 'size'
      ? l10n.t('The response of {0} is longer than any of AIRisk.', error.subject ?? '')
      : l10n.t('Something other than AIRisk responded: {0}.', said(error) || `HTTP ${error.status}`),
  list_too_large: () => l10n.t('The list of users is too large to show. Type the user ID instead.'),
  moved: ({ reason = '' }) => l10n.t('AIRisk has moved to {0}.', reason),
  not_airisk: ({ subject = '', reason = '', status = 0 }) =>
    reason && status < 400
      ? l10n.t('{0} redirects to {1} instead of answering.', subject, reason)
      : l10n.t('Something in front of AIRisk responded at {0} (HTTP {1}).', subject, status),
  forbidden: (error) => l10n.t('{0} refused the request ({1}).', error.subject ?? '', answerOf(error)),
  wrong_address: (error) => l10n.t('There is no AIRisk at {0} ({1}).', error.subject ?? '', answerOf(error)),
  authorization_refused: (error) =>
    said(error)
      ? l10n.t('AIRisk rejected the sign-in: {0}.', said(error))
      : l10n.t('AIRisk rejected the sign-in.'),
  authorization_error: (error) => {
    switch (nextStepOf(error)) {
      case 'clientId':
        return l10n.t('AIRisk does not recognize this client ID.');
      case 'redirectUri':
        return l10n.t('AIRisk does not recognize this redirect URI.');
      default:
        return said(error)
          ? l10n.t('AIRisk rejected the sign-in request: {0}.', said(error))
          : l10n.t('AIRisk rejected the sign-in request.');
    }
  },
  authorization_response_invalid: () => l10n.t('The browser returned no code. Try again.'),
  state_missing: ({ reason }) =>
    reason === 'error'
      ? l10n.t(
          'The browser returned an error without the state of this sign-in, so it was not used. The sign-in still waits.',
        )
      : l10n.t(
          "AIRisk did not return the state of this sign-in, so the code may be anybody's and was not used.",
        ),
  sign_in_timeout: ({ subject }) =>
    subject
      ? l10n.t('The sign-in waited too long for an answer. Try again.')
      : l10n.t(
          'The browser did not return in time. If it shows an error, check the redirect URI with your AIRisk administrator.',
        ),
  browser_not_opened: () => l10n.t('The browser could not be opened.'),
  invalid_code: () => l10n.t('AIRisk rejected the code because it was already used or expired. Try again.'),
  invalid_client: () => l10n.t('AIRisk rejected the client secret.'),
  generic_token_refused: () =>
    l10n.t("AIRisk rejected the application's token because it was revoked. Sign in again without it."),
  invalid_request: (error) => {
    if (nextStepOf(error) === 'clientSecret') return sentences.invalid_client(error);
    return said(error)
      ? l10n.t('AIRisk rejected the token request: {0}.', said(error))
      : l10n.t('AIRisk rejected the token request.');
  },
  unauthorized: () => l10n.t('AIRisk rejected the token because it expired or was revoked. Sign in again.'),
  token_expired: () => l10n.t('AIRisk issued a token that is already expired.'),
  not_silent: () => l10n.t('AIRisk requires you to sign in again in the browser.'),
  port_in_use: ({ subject = '', reason = '' }) =>
    reason === 'EADDRINUSE'
      ? l10n.t('Port {0} is in use by another program, or by a sign-in in another window.', subject)
      : l10n.t('Port {0} is not available ({1}).', subject, reason),
  sign_in_waiting: ({ subject = '' }) =>
    l10n.t('Your sign-in as {0} is still waiting for the browser.', subject),
  storage: (error) =>
    nextStepOf(error) === 'keyringQuestion'
      ? l10n.t("VS Code's secret storage does not respond.")
      : l10n.t("VS Code's secret storage is not working."),
};

function notReached(error: AiriskError): string {
  const { subject = '', reason = '' } = error;
  switch (nextStepOf(error)) {
    case 'dns':
      return l10n.t('No server named {0} can be found.', subject);
    case 'plainHttp':
      return l10n.t('{0} does not speak https at this port.', subject);
    case 'otherPort':
      return l10n.t('VS Code and browsers refuse the port of {0}.', subject);
    case 'tls':
      return l10n.t('The certificate of {0} is not trusted ({1}).', subject, reason);
    default:
      if (reason === 'ECONNREFUSED') return l10n.t('Nothing responds at {0}.', subject);
      if (/TIMED?_?OUT$/.test(reason)) return sentences.request_timeout(error);
      return said(error) && !systemCode(error)
        ? l10n.t('{0} cannot be reached: {1}.', subject, said(error))
        : l10n.t('{0} cannot be reached.', subject);
  }
}

/** What a library or the operating system calls the reason, such as `UND_ERR_SOCKET`: for the log and the report. */
export function systemCode({ reason = '' }: AiriskError): string | undefined {
  return /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(reason) ? reason : undefined;
}

function answerOf(error: AiriskError): string {
  return [`HTTP ${error.status}`, said(error)].filter(Boolean).join(', ');
}

/** The words of a server or the operating system, to stand before a full stop. */
function said({ reason = '' }: AiriskError): string {
  return reason.replace(/[\s.。．｡…!！?？:：;；,，、؟।]+$/u, '');
}
