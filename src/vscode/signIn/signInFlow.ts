import * as vscode from 'vscode';
import { AiriskError, hasCode } from '../../core/errors.ts';
import type { Deployment } from '../../core/oauth/deployment.ts';
import type { Http } from '../../core/oauth/http.ts';
import type { Token } from '../../core/oauth/tokenRequest.ts';
import { belongsTo, type Session } from '../../core/sessions/session.ts';
import type { Sessions } from '../../core/sessions/sessions.ts';
import { within } from '../../core/patience.ts';
import {
  aborted,
  type RedirectReceiver,
  signIn,
  type SignInRequest,
  signInSilently,
} from '../../core/oauth/signIn.ts';
import type { ClientSecrets } from '../secretStorage.ts';
import type { Settings } from '../settings.ts';
import { accountName } from '../wording.ts';

/** Everything that a request to AIRisk needs and a person has set up. */
export interface Configuration {
  readonly deployment: Deployment;
  readonly clientSecret: string;
  readonly settings: Settings;
}

/** What the sign-in flow works with. */
export interface SignInFlowParts {
  readonly sessions: Sessions;
  readonly clientSecrets: ClientSecrets;
  readonly readSettings: () => Settings;
  readonly deploymentOf: (settings: Settings) => Deployment;
  readonly http: () => Http;
  /** The redirect URI that stands for an empty setting. */
  readonly callback: string;
  readonly receiverFor: (redirectUri: string) => RedirectReceiver;
  /** Leads through set-up from the first thing that is missing. */
  readonly setUp: () => Promise<unknown>;
  readonly log: vscode.LogOutputChannel;
}

/** Hides what stands between "sign in as this user" and a session: set-up, progress with Cancel, the browser. */
export class SignInFlow {
  readonly #parts: SignInFlowParts;

  constructor(parts: SignInFlowParts) {
    this.#parts = parts;
  }

  /**
   * What is set up; leads into set-up where something is missing.
   * @throws AiriskError `not_configured` where set-up was left, `invalid_setting`
   */
  async configuration(): Promise<Configuration> {
    try {
      return await this.#configuration();
    } catch (error) {
      if (!hasCode(error, 'not_configured')) throw error;
      await this.#parts.setUp();
      return this.#configuration();
    }
  }

  /**
   * Signs in as one user (the application for an empty userid), with progress and Cancel.
   * @throws AiriskError; `CancellationError` when the user cancels
   */
  async signIn(userid: string): Promise<Session> {
    const { sessions, http, log } = this.#parts;
    const { deployment, clientSecret, settings } = await this.configuration();
    await sessions.use(deployment);
    const receiver = this.#parts.receiverFor(settings.redirectUri.trim());
    const session = await sessions.signIn(deployment, userid, async () => {
      const request = await this.#request({ deployment, clientSecret, settings }, userid);
      const ports = {
        http: http(),
        receiver,
        open: openInBrowser,
        timeoutMs: settings.signInTimeoutMinutes * 60_000,
      };
      log.info(`Signing in to ${deployment.origin} ${userid ? 'as a user' : 'as the application'}`);
      return cancellable(
        vscode.l10n.t('Signing in to AIRisk as {0}', accountName(deployment, userid)),
        (signal) => signIn(request, ports, signal),
      );
    });
    log.info(`Signed in; the token expires at ${new Date(session.expiration).toISOString()}`);
    return session;
  }

  /**
   * Gets a token without asking anybody.
   * @param allowed before this has resolved, no token is bought
   * @throws AiriskError, `not_configured` and `not_silent` among them, and what `allowed` rejects with
   */
  async requestTokenSilently(
    deployment: Deployment,
    userid: string,
    allowed?: Promise<void>,
  ): Promise<Token> {
    const { readSettings, clientSecrets, http, callback } = this.#parts;
    const settings = readSettings();
    const prepare = async (): Promise<SignInRequest> => {
      const [clientSecret] = await Promise.all([clientSecrets.get(deployment), allowed]);
      if (!clientSecret) throw new AiriskError('not_configured');
      return this.#request({ deployment, clientSecret, settings }, userid);
    };
    const redirectUri = settings.redirectUri.trim() || callback;
    return signInSilently(http(), { deployment, redirectUri, userid }, prepare());
  }

  async #request(
    { deployment, clientSecret, settings }: Configuration,
    userid: string,
  ): Promise<SignInRequest> {
    const usable = userid === '' ? [] : await this.#parts.sessions.listUsable();
    const generic = usable.find((session) => session.userid === '' && belongsTo(session, deployment));
    return {
      deployment,
      clientSecret,
      userid,
      format: settings.tokenRequestFormat,
      genericToken: generic?.accessToken,
      onGenericTokenRefused: async () => {
        this.#parts.log.warn("AIRisk refused the application's token");
        if (generic) await this.#parts.sessions.expire(deployment, generic).catch(() => undefined);
      },
    };
  }

  async #configuration(): Promise<Configuration> {
    const settings = this.#parts.readSettings();
    const deployment = this.#parts.deploymentOf(settings);
    const clientSecret = await this.#parts.clientSecrets.get(deployment);
    if (!clientSecret)
      throw new AiriskError('not_configured', { subject: vscode.l10n.t('the client secret') });
    return { deployment, clientSecret, settings };
  }
}

/**
 * Runs a task behind a notification with Cancel.
 * @throws `CancellationError` after Cancel, whatever the task ends with, and what the task throws
 */
export async function cancellable<T>(title: string, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const options = { location: vscode.ProgressLocation.Notification, cancellable: true, title };
  return vscode.window.withProgress(options, async (_progress, token) => {
    token.onCancellationRequested(() => controller.abort());
    try {
      return await task(controller.signal);
    } finally {
      // oxlint-disable-next-line no-unsafe-finally -- Cancel wins
      if (controller.signal.aborted) throw new vscode.CancellationError();
    }
  });
}

/**
 * Waits for a person while VS Code's queue for the provider waits with it: no longer than `ms`.
 * @throws AiriskError `sign_in_timeout`, and what `asking` rejects with
 */
export async function inTime<T>(asking: Promise<T>, ms: number, onLate?: () => void): Promise<T> {
  return within(asking, ms, () => {
    onLate?.();
    throw new AiriskError('sign_in_timeout', { subject: 'question' });
  });
}

/**
 * Renews a session behind a notification with Cancel, which leaves the renewal to itself: others may wait for it.
 * @returns false where AIRisk wants to see the user
 * @throws `CancellationError` at Cancel, AiriskError
 */
export async function renewCancellably(sessions: Sessions, userid: string): Promise<boolean> {
  return cancellable(vscode.l10n.t('Renewing the AIRisk token'), (signal) =>
    Promise.race([sessions.renew(userid), aborted(signal)]),
  );
}

/**
 * Opens an address byte for byte. A Uri loses encoded `& + ? #` on its way and breaks `redirect_uri`, the string
 * arrives as it is (microsoft/vscode#83610). `false` means that the user chose Copy, and is no cancel.
 */
async function openInBrowser(url: string): Promise<boolean> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return vscode.env.openExternal(url as unknown as vscode.Uri);
}
