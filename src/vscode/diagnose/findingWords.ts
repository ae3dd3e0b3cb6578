import * as vscode from 'vscode';
import type { Check, Finding } from '../../core/diagnosis.ts';
import type { AiriskError, NextStep } from '../../core/errors.ts';
import { errorMessage } from '../errorMessages.ts';

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
  const { check, ok, error, detail, fact = '' } = finding;
  if (ok === undefined) return l10n.t('Not checked.');
  if (error) return errorText(error, finding.nextStep);
  switch (detail) {
    case 'callback':
      return l10n.t('This editor receives the redirect at {0}.', fact);
    case 'changingCallback':
      return l10n.t(
        'This editor runs in a browser and receives the redirect. Its address has a different query for each sign-in, so AIRisk must ignore the query.',
      );
    case 'otherEditor':
      return l10n.t('{0} opens a different editor.', fact);
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

// Without the advice that an error message has in it: the next step says it better.
function errorText(error: AiriskError, nextStep: NextStep | undefined): string {
  const { subject = '', status = 0, traceId } = error;
  const reason = (error.reason ?? '').replace(/\.$/, '');
  const trace = traceId ? l10n.t(' AIRisk trace ID: {0}.', traceId) : '';
  switch (error.code) {
    case 'unreachable':
      return l10n.t('{0} cannot be reached: {1}.', subject, reason);
    case 'request_timeout':
      return l10n.t('{0} did not respond in time.', subject);
    case 'server_error':
      return l10n.t('AIRisk has a server problem (HTTP {0}).', status) + trace;
    case 'invalid_response':
      return l10n.t('Something other than AIRisk responded: {0}.', reason || `HTTP ${status}`);
    case 'authorization_error':
      if (nextStep === 'clientId')
        return l10n.t('AIRisk does not recognize this client ID ({0}).', reason) + trace;
      if (nextStep === 'redirectUri')
        return l10n.t('AIRisk does not recognize this redirect URI ({0}).', reason) + trace;
      return l10n.t('AIRisk rejected the request: {0}.', reason) + trace;
    case 'invalid_client':
      return l10n.t('AIRisk rejected the client secret.') + trace;
    case 'port_in_use':
      return reason === 'EADDRINUSE'
        ? l10n.t('Port {0} is in use by another program.', subject)
        : l10n.t('Port {0} is not available ({1}).', subject, reason);
    case 'storage':
      return l10n.t('Reading or writing failed.');
    default:
      return errorMessage(error);
  }
}

function passedText(check: Check, fact: string): string {
  switch (check) {
    case 'settings':
      return l10n.t('Complete for client ID {0}.', fact);
    case 'secretStorage':
      return l10n.t(
        'Writing and reading work. Without a keyring, VS Code keeps secrets only until it closes.',
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

/** What to do about a failure. */
export function nextStepText(nextStep: NextStep, redirectUri: string): string {
  switch (nextStep) {
    case 'setUp':
      return l10n.t('Run "AIRisk: Set Up".');
    case 'settings':
      return l10n.t('Correct it in the settings, or run "AIRisk: Set Up".');
    case 'keyring':
      return l10n.t('Unlock or install a keyring, then restart VS Code.');
    case 'clientId':
      return l10n.t('Compare the client ID with the one from your AIRisk administrator.');
    case 'clientSecret':
      return l10n.t('Enter it exactly as you received it ("AIRisk: Set Client Secret").');
    case 'redirectUri':
      return l10n.t('Ask your AIRisk administrator to register exactly this redirect URI: {0}', redirectUri);
    case 'editor':
      return l10n.t('Run "AIRisk: Set Up" and select how the sign-in returns to this editor.');
    case 'scheme':
      return l10n.t('Reinstall this editor, or run "AIRisk: Set Up" and select a local port.');
    case 'port':
      return l10n.t(
        'Close the program that uses the port, or register a redirect URI with a different port.',
      );
    case 'dns':
      return l10n.t('Check the spelling of the address and whether it requires a VPN.');
    case 'tls':
      return l10n.t(
        "The certificate is not trusted. If you are on a guest network, sign in to it. Otherwise, ask IT for your proxy's certificate.",
      );
    case 'proxy':
      return l10n.t('Check the proxy and its credentials in the http.proxy setting.');
    case 'network':
      return l10n.t('Check the address, network, VPN, and proxy.');
    case 'portal':
      return l10n.t(
        'Open the address in a browser. If a network sign-in page appears, sign in. Otherwise, correct the address with "AIRisk: Set Up".',
      );
    case 'wait':
      return l10n.t(
        'Try again in a few minutes. If it persists, send the report of "AIRisk: Diagnose" to AIRisk support.',
      );
    case 'clock':
      return l10n.t('Turn on automatic time on this computer.');
    case 'administrator':
      return l10n.t('Send the report of "AIRisk: Diagnose" to your AIRisk administrator.');
  }
}
