import * as vscode from 'vscode';
import type { AiriskErrorName } from '../api.ts';
import { AiriskError, type AiriskErrorCode } from '../core/errors.ts';
import { errorMessage, isCancellation } from './errorMessages.ts';

const names: Record<AiriskErrorCode, AiriskErrorName> = {
  not_configured: 'AiriskNotConfigured',
  invalid_setting: 'AiriskNotConfigured',
  invalid_scopes: 'AiriskInvalidScopes',
  invalid_link: 'AiriskFailed',
  unknown_deployment: 'AiriskUnknownDeployment',
  wrong_account: 'AiriskWrongAccount',
  settings_changed: 'AiriskSettingsChanged',
  unreachable: 'AiriskOffline',
  request_timeout: 'AiriskOffline',
  server_error: 'AiriskUnavailable',
  invalid_response: 'AiriskUnavailable',
  list_too_large: 'AiriskUnavailable',
  moved: 'AiriskUnavailable',
  not_airisk: 'AiriskUnavailable',
  wrong_address: 'AiriskUnavailable',
  forbidden: 'AiriskRefused',
  authorization_refused: 'AiriskRefused',
  authorization_error: 'AiriskRefused',
  authorization_response_invalid: 'AiriskUnavailable',
  state_missing: 'AiriskUnavailable',
  sign_in_timeout: 'AiriskTimedOut',
  browser_not_opened: 'AiriskFailed',
  invalid_code: 'AiriskRefused',
  invalid_client: 'AiriskRefused',
  generic_token_refused: 'AiriskRefused',
  invalid_request: 'AiriskRefused',
  unauthorized: 'AiriskRefused',
  token_expired: 'AiriskFailed',
  not_silent: 'AiriskFailed',
  port_in_use: 'AiriskFailed',
  sign_in_waiting: 'AiriskFailed',
  storage: 'AiriskFailed',
};

/**
 * What a consumer may know of an error. VS Code hands on its name and message, and its whole chain of causes, whatever
 * they quote: so nothing else goes along.
 */
export function callerError(error: unknown): Error {
  if (isCancellation(error)) return new vscode.CancellationError();
  const told = new Error(errorMessage(error));
  told.name = error instanceof AiriskError ? names[error.code] : 'AiriskFailed';
  return told;
}

/** For `catch`: rejects with what a consumer may know of the error. */
export function throwCallerError(error: unknown): never {
  throw callerError(error);
}
