/** What went wrong, as a literal that callers branch on; the people-facing words live in `vscode/errorMessages.ts`. */
export type AiriskErrorCode =
  | 'not_configured'
  | 'invalid_setting'
  | 'invalid_scopes'
  | 'wrong_account'
  | 'settings_changed'
  | 'unreachable'
  | 'request_timeout'
  | 'server_error'
  | 'invalid_response'
  | 'authorization_refused'
  | 'authorization_error'
  | 'authorization_response_invalid'
  | 'sign_in_timeout'
  | 'browser_not_opened'
  | 'invalid_code'
  | 'invalid_client'
  | 'generic_token_refused'
  | 'invalid_request'
  | 'unauthorized'
  | 'token_expired'
  | 'not_silent'
  | 'port_in_use'
  | 'storage';

/** Facts that go with an error. Text that came from outside has passed {@link plainText}. */
export interface AiriskErrorDetails {
  /** The setting, field, port or address that the message names. */
  readonly subject?: string | undefined;
  /** Words of the server or the operating system. */
  readonly reason?: string | undefined;
  /** HTTP status of AIRisk's answer. */
  readonly status?: number | undefined;
  /** What AIRisk's support asks for (problem details, RFC 9457 extension member). */
  readonly traceId?: string | undefined;
  readonly cause?: unknown;
}

/** An expected failure. Never holds a token, code, client secret or state. */
export class AiriskError extends Error {
  override readonly name = 'AiriskError';
  readonly code: AiriskErrorCode;
  readonly subject: string | undefined;
  readonly reason: string | undefined;
  readonly status: number | undefined;
  readonly traceId: string | undefined;

  constructor(code: AiriskErrorCode, details: AiriskErrorDetails = {}) {
    const { subject, reason, status, traceId, cause } = details;
    const facts = [subject, reason, status && `HTTP ${status}`, traceId && `traceId ${traceId}`];
    super([code, ...facts.filter(Boolean)].join(': '), { cause });
    this.code = code;
    this.subject = subject;
    this.reason = reason;
    this.status = status;
    this.traceId = traceId;
  }
}

/** True for an {@link AiriskError} with one of these codes. */
export function hasCode(error: unknown, ...codes: readonly AiriskErrorCode[]): error is AiriskError {
  return error instanceof AiriskError && codes.includes(error.code);
}

/** True for the error that `AbortSignal.throwIfAborted()` throws after a cancel. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/**
 * Text from a server or a callback, made safe to show: no control or bidirectional characters, no links
 * (VS Code turns `[text](command:…)` in messages into links), at most `maxLength` characters.
 */
export function plainText(text: string, maxLength = 200): string {
  const line = text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replaceAll('](', '] (')
    .trim();
  // Not in the middle of a surrogate pair.
  return line.length > maxLength ? `${line.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…` : line;
}
