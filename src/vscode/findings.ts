import * as vscode from 'vscode';
import type { Check, Finding } from '../core/diagnosis.ts';
import type { NextStep } from '../core/nextStep.ts';
import type { AiriskError } from '../core/errors.ts';
import { errorMessage } from './errorMessages.ts';

const { l10n } = vscode;

/** The name of a check. */
export function checkTitle(check: Check): string {
  const titles: Record<Check, string> = {
    settings: l10n.t('Settings'),
    secretStorage: l10n.t('Secret storage'),
    clientSecret: l10n.t('Client secret'),
    redirectUri: l10n.t('Redirect URI'),
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
  if (ok === undefined) return l10n.t('Not looked at.');
  if (error) return errorText(error, finding.nextStep);
  switch (detail) {
    case 'callback':
      return l10n.t('This editor receives the redirect itself, at {0}.', fact);
    case 'changingCallback':
      return l10n.t(
        'This editor runs in a browser and receives the redirect itself. Its address gets another query at every sign-in, so AIRisk must compare it without the query.',
      );
    case 'otherEditor':
      return l10n.t('{0} leads to another editor, not to this one.', fact);
    case 'loopback':
      return l10n.t('{0} is free to receive the redirect.', fact);
    case 'paste':
      return l10n.t('{0} is an address where nobody listens: you paste where the browser ends.', fact);
    case 'page':
      return l10n.t(
        'AIRisk shows a page first. Whether it knows the client, a sign-in in the browser tells.',
      );
    case 'skew':
      return Number(fact) > 0
        ? l10n.t("This computer's clock is {0} seconds behind AIRisk's.", fact)
        : l10n.t("This computer's clock is {0} seconds ahead of AIRisk's.", fact.slice(1));
    case 'missing':
      return l10n.t('Not stored.');
    case 'invalid':
      return l10n.t('Not valid, so the default is used: {0}.', fact);
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
      return l10n.t('{0} did not answer in time.', subject);
    case 'server_error':
      return l10n.t('AIRisk answers HTTP {0}: it has a problem of its own.', status) + trace;
    case 'invalid_response':
      return l10n.t('Something else answers in the place of AIRisk: {0}.', reason || `HTTP ${status}`);
    case 'authorization_error':
      if (nextStep === 'clientId')
        return l10n.t('AIRisk does not know this client ID ({0}).', reason) + trace;
      if (nextStep === 'redirectUri')
        return l10n.t('AIRisk does not know this redirect URI ({0}).', reason) + trace;
      return l10n.t('AIRisk does not accept the request: {0}.', reason) + trace;
    case 'invalid_client':
      return l10n.t('AIRisk does not accept the client secret.') + trace;
    case 'port_in_use':
      return l10n.t('Port {0} is in use by another program.', subject);
    default:
      return errorMessage(error);
  }
}

function passedText(check: Check, fact: string): string {
  switch (check) {
    case 'settings':
      return l10n.t('Complete, for the client ID {0}.', fact);
    case 'secretStorage':
      return l10n.t(
        'A value was written, read back and deleted. Without a keyring, VS Code keeps secrets until it is closed.',
      );
    case 'clientSecret':
      return l10n.t('Stored.');
    case 'deployment':
      return l10n.t('AIRisk answers at {0}.', fact);
    case 'clock':
      return l10n.t("Agrees with AIRisk's.");
    case 'authorization':
      return l10n.t('AIRisk knows the client and the redirect URI, and redirects at once.');
    case 'token':
      return l10n.t('AIRisk accepts the client secret and gave a token, which was thrown away.');
    case 'redirectUri':
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
      return l10n.t('Unlock or install a keyring, then start VS Code again.');
    case 'clientId':
      return l10n.t('Compare the client ID with what your AIRisk administrator gave you.');
    case 'clientSecret':
      return l10n.t('Enter it again as your administrator gave it to you ("AIRisk: Set Client Secret").');
    case 'redirectUri':
      return l10n.t('Ask your AIRisk administrator to register exactly this redirect URI: {0}', redirectUri);
    case 'editor':
      return l10n.t('Run "AIRisk: Set Up" and choose how the sign-in comes back to this editor.');
    case 'port':
      return l10n.t('Close the program that uses the port, or register a redirect URI with another port.');
    case 'dns':
      return l10n.t('Check the spelling of the address, and whether you need a VPN for it.');
    case 'tls':
      return l10n.t(
        'The certificate is not trusted. Sign in to your guest network if you are in one, else ask your IT for the certificate of your proxy.',
      );
    case 'proxy':
      return l10n.t('Check the proxy in the setting http.proxy, and its sign-in.');
    case 'network':
      return l10n.t('Check the address, your network, VPN and proxy.');
    case 'portal':
      return l10n.t(
        'Open the address in a browser. If a network asks you to sign in there, do it; else correct the address with "AIRisk: Set Up".',
      );
    case 'wait':
      return l10n.t('Try again in a few minutes. If it stays, send this report to AIRisk support.');
    case 'clock':
      return l10n.t('Let this computer set its clock automatically.');
    case 'administrator':
      return l10n.t('Send this report to your AIRisk administrator.');
  }
}
