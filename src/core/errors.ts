/** What a person does about a failure; the words and buttons live in `vscode/nextSteps.ts`. */
export type NextStep =
  | 'setUp'
  | 'settings'
  | 'deployments'
  | 'keyring'
  | 'keyringQuestion'
  | 'clientId'
  | 'user'
  | 'clientSecret'
  | 'redirectUri'
  | 'editor'
  | 'scheme'
  | 'port'
  | 'signInWaits'
  | 'dns'
  | 'tls'
  | 'plainHttp'
  | 'otherPort'
  | 'proxy'
  | 'network'
  | 'portal'
  | 'moved'
  | 'wait'
  | 'clock'
  | 'administrator';

/** What follows from a failure. */
interface Policy {
  /**
   * When the same request may succeed without anybody's help: `soon` for a failure that passes, `later` for what may
   * be a page of maintenance or a firewall's words, `never` until a person has changed something.
   */
  readonly again: 'soon' | 'later' | 'never';
  /** None for a failure whose own words say all that there is to do. */
  readonly nextStep?: NextStep | ((error: AiriskError) => NextStep | undefined);
}

const policies = {
  not_configured: { again: 'never', nextStep: 'setUp' },
  invalid_setting: {
    again: 'never',
    nextStep: ({ reason }) => {
      // No setting is to blame for what a command was called with.
      if (reason === 'argument') return undefined;
      return reason === 'elsewhere' ? 'editor' : 'settings';
    },
  },
  invalid_scopes: { again: 'never' },
  invalid_link: { again: 'never' },
  unknown_deployment: { again: 'never', nextStep: 'deployments' },
  wrong_account: { again: 'never' },
  settings_changed: { again: 'never' },
  unreachable: { again: 'soon', nextStep: networkStep },
  request_timeout: { again: 'soon', nextStep: 'network' },
  server_error: { again: 'soon', nextStep: 'wait' },
  invalid_response: { again: 'soon', nextStep: 'portal' },
  list_too_large: { again: 'never' },
  moved: { again: 'later', nextStep: 'moved' },
  not_airisk: { again: 'later', nextStep: 'portal' },
  forbidden: { again: 'later', nextStep: 'administrator' },
  wrong_address: { again: 'later', nextStep: 'portal' },
  authorization_refused: { again: 'never' },
  authorization_error: { again: 'later', nextStep: authorizationStep },
  authorization_response_invalid: { again: 'soon' },
  state_missing: { again: 'later', nextStep: 'administrator' },
  sign_in_timeout: { again: 'never' },
  browser_not_opened: { again: 'never' },
  // Each attempt has a code of its own.
  invalid_code: { again: 'soon' },
  invalid_client: { again: 'never', nextStep: 'clientSecret' },
  generic_token_refused: { again: 'later' },
  invalid_request: { again: 'later', nextStep: fieldStep },
  unauthorized: { again: 'never' },
  token_expired: { again: 'soon', nextStep: 'clock' },
  not_silent: { again: 'later' },
  port_in_use: { again: 'never', nextStep: 'port' },
  sign_in_waiting: { again: 'never', nextStep: 'signInWaits' },
  // VS Code asks a question before it stores without a keyring, and waits for its answer.
  storage: {
    again: 'soon',
    nextStep: ({ reason }) => (reason === 'time-out' ? 'keyringQuestion' : 'keyring'),
  },
} as const satisfies Record<string, Policy>;

/** What went wrong, as a literal that callers branch on; the words for people live in `vscode/errorMessages.ts`. */
export type AiriskErrorCode = keyof typeof policies;

/** When what failed may be tried again without a person; an error of another kind passes as well as any. */
export function triedAgain(error: unknown): Policy['again'] {
  return error instanceof AiriskError ? policies[error.code].again : 'soon';
}

/** What a person does about an error, when its own words do not say it. */
export function nextStepOf(error: AiriskError): NextStep | undefined {
  const { nextStep }: Policy = policies[error.code];
  return typeof nextStep === 'function' ? nextStep(error) : nextStep;
}

// What undici, OpenSSL and VS Code's proxy agent call the reason that a request did not arrive.
function networkStep({ reason = '' }: AiriskError): NextStep {
  if (/^(ENOTFOUND|EAI_|ERR_NAME)/.test(reason)) return 'dns';
  if (/proxy|tunnel/i.test(reason)) return 'proxy';
  // What OpenSSL says of an answer that is no TLS.
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|^EPROTO/.test(reason)) return 'plainHttp';
  // The ports that fetch refuses, as browsers do (https://fetch.spec.whatwg.org/#port-blocking).
  if (reason === 'bad port') return 'otherPort';
  return /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_/i.test(reason) ? 'tls' : 'network';
}

function authorizationStep(error: AiriskError): NextStep {
  // RFC 6749 §4.1.2.1: the words beside it are for people, and may name anything.
  if (error.oauthError)
    return /^(server_error|temporarily_unavailable)$/.test(error.oauthError) ? 'wait' : 'administrator';
  const named = fieldStep(error);
  if (error.status !== 401 || named !== 'administrator') return named;
  // AIRisk does not say which of the two it does not know.
  return error.request?.userid ? 'user' : 'clientId';
}

function fieldStep({ reason = '', request }: AiriskError): NextStep {
  if (request && /redirect/i.test(reason)) return 'redirectUri';
  if (/secret/i.test(reason)) return 'clientSecret';
  // A request for the application names no user who could be another.
  if (/user/i.test(reason) && request?.userid !== '') return 'user';
  return /client/i.test(reason) ? 'clientId' : 'administrator';
}

/** Facts that go with an error. Text that came from outside has passed `plainText`. */
export interface AiriskErrorDetails {
  /** The setting, field, port or address that the message names. */
  readonly subject?: string | undefined;
  /** Words of the server or the operating system. */
  readonly reason?: string | undefined;
  /** The `error` of an authorization response (RFC 6749 §4.1.2.1), as text from outside. */
  readonly oauthError?: string | undefined;
  /** HTTP status of AIRisk's answer. */
  readonly status?: number | undefined;
  /** What AIRisk's support asks for (problem details, RFC 9457 extension member). */
  readonly traceId?: string | undefined;
  /** What the authorization or token request was made with. */
  readonly request?: { readonly redirectUri: string; readonly userid: string } | undefined;
  /** How long AIRisk wants to be left alone, ms. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** An expected failure. Never holds a token, code, client secret or state. */
export class AiriskError extends Error {
  override readonly name = 'AiriskError';
  readonly code: AiriskErrorCode;
  readonly subject: string | undefined;
  readonly reason: string | undefined;
  readonly oauthError: string | undefined;
  readonly status: number | undefined;
  readonly traceId: string | undefined;
  readonly request: AiriskErrorDetails['request'];
  readonly retryAfterMs: number | undefined;
  /** When it was made, epoch ms on this computer's clock: it may be shown much later. */
  readonly at = Date.now();
  /** Where it happened, once {@link atDeployment} knows: what helps has to be done there. */
  deployment: { readonly origin: string; readonly clientId: string; readonly key: string } | undefined;

  constructor(code: AiriskErrorCode, details: AiriskErrorDetails = {}) {
    const { subject, reason, oauthError, status, traceId, request, retryAfterMs, cause } = details;
    const facts = [subject, reason, status && `HTTP ${status}`, traceId && `traceId ${traceId}`];
    super([code, ...facts.filter(Boolean)].join(': '), { cause });
    this.code = code;
    this.subject = subject;
    this.reason = reason;
    this.oauthError = oauthError;
    this.status = status;
    this.traceId = traceId;
    this.request = request;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * Does something at a deployment. What it fails with says that it was there, unless that has been said of a different
 * one: whoever shows it offers what helps, and another deployment may be in use by then.
 */
export async function atDeployment<T>(
  deployment: AiriskError['deployment'],
  task: () => PromiseLike<T>,
): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof AiriskError) error.deployment ??= deployment;
    throw error;
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
