import * as vscode from 'vscode';
import { aborted } from '../../core/abort.ts';
import { isAbort } from '../../core/errors.ts';
import type { Deployment } from '../../core/oauth/deployment.ts';
import { loopbackPort } from '../../core/oauth/redirectUri.ts';
import type { Token } from '../../core/oauth/tokenRequest.ts';
import type { Names } from '../../core/sessions/names.ts';
import { keyOf, type Session, sessionKey } from '../../core/sessions/session.ts';
import type { Sessions } from '../../core/sessions/sessions.ts';
import { joinTasks, withTimeLimit } from '../../core/tasks.ts';
import { stillConfigured, type Target } from '../accountTarget.ts';
import { showError } from '../errorMessages.ts';
import { BrowserSignIn, type BrowserSignInParts } from './browserSignIn.ts';
import { offerWaysOn } from './waysOn.ts';

const { l10n } = vscode;

/** How long a sign-in that is done waits for the user's name, in ms. */
const nameMs = 2_000;

/** What sign-ins work with. */
export interface SignInsParts extends BrowserSignInParts {
  readonly sessions: Sessions;
  readonly names: Names;
}

interface UnderWay {
  readonly browser: BrowserSignIn;
  readonly session: Promise<Session>;
  /** Those who have asked for it and have not left. */
  callers: number;
}

/** The sign-ins under way: whoever asks for the same user meanwhile joins. */
export class SignIns {
  readonly #parts: SignInsParts;
  /** By the key of the session, those through the browser. */
  readonly #underWay = new Map<string, UnderWay>();
  readonly #joinSilent = joinTasks<Session>();
  #item: vscode.StatusBarItem | undefined;

  constructor(parts: SignInsParts) {
    this.#parts = parts;
  }

  /**
   * Signs in as one user (the application for an empty userid) through the browser, with progress and Cancel. Asking
   * again while it waits opens the browser again: its tab may have been closed.
   * @param left aborts when whoever asks has left: the sign-in ends when nobody else wants it
   * @throws AiriskError; `CancellationError` when the user cancels; `AbortError` after `left`
   */
  async signIn(target: Target, left?: AbortSignal): Promise<Session> {
    left?.throwIfAborted();
    const key = keyOf(target);
    const joined = this.#underWay.get(key);
    joined?.browser.waiting?.openAgain().catch((error: unknown) => void showError(this.#parts.log, error));
    const underWay = joined ?? this.#begin(key, target);
    underWay.callers += 1;
    const leave = (): void => {
      underWay.callers -= 1;
      if (underWay.callers === 0) this.#leave(underWay);
    };
    left?.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([underWay.session, ...(left ? [aborted(left)] : [])]);
    } finally {
      left?.removeEventListener('abort', leave);
    }
  }

  /**
   * Signs in as one user without asking anybody.
   * @param left aborts when whoever asks has left: nothing is stored then
   * @throws AiriskError, `not_silent` among them; `AbortError` after `left`
   */
  async signInSilently(deployment: Deployment, userid: string, left?: AbortSignal): Promise<Session> {
    const request = async (): Promise<Token> => {
      const token = await this.#parts.tokenSource.requestSilently(deployment, userid, left);
      left?.throwIfAborted();
      return token;
    };
    try {
      return await this.#joinSilent(sessionKey(deployment, userid), () =>
        this.#obtain({ deployment, userid }, request),
      );
    } catch (error) {
      if (!isAbort(error) || left?.aborted === true) throw error;
      // Whoever had begun it has left.
      return this.signInSilently(deployment, userid, left);
    }
  }

  /**
   * Offers what can be done about the sign-ins that wait for a browser.
   * @returns false when none waits
   */
  offerWaysOn(): boolean {
    const waiting = [...this.#underWay.values()].flatMap(({ browser }) => browser.waiting ?? []);
    for (const one of waiting) void offerWaysOn(one, this.#parts.log);
    return waiting.length > 0;
  }

  /**
   * Ends the sign-ins under way, or the one as an account.
   * @returns false when there is none
   */
  cancel(account?: string): boolean {
    const wanted = [...this.#underWay.values()].filter(
      ({ browser }) => account === undefined || browser.name === account,
    );
    for (const underWay of wanted) this.#leave(underWay);
    return wanted.length > 0;
  }

  /** The account, as messages name it, whose sign-in waits at the local port of a redirect URI. */
  waitingAt(redirectUri: string): string | undefined {
    const port = loopbackPort(redirectUri);
    const holds = ({ browser: { receivesAt = '' } }: UnderWay): boolean =>
      port !== undefined && loopbackPort(receivesAt) === port;
    return [...this.#underWay.values()].find(holds)?.browser.name;
  }

  #begin(key: string, target: Target): UnderWay {
    const browser = new BrowserSignIn(this.#parts, target, () => this.#drawItem());
    const session = this.#obtain(target, () => browser.token).finally(() => this.#forget(underWay));
    const underWay: UnderWay = { browser, session, callers: 0 };
    this.#underWay.set(key, underWay);
    return underWay;
  }

  #leave(underWay: UnderWay): void {
    // At once: whoever asks in this moment begins a sign-in of their own.
    this.#forget(underWay);
    underWay.browser.leave();
  }

  #forget(underWay: UnderWay): void {
    for (const [key, other] of this.#underWay) if (other === underWay) this.#underWay.delete(key);
    this.#drawItem();
  }

  /** What leads on is there also when the messages have been closed. */
  #drawItem(): void {
    const names = [...this.#underWay.values()].flatMap(({ browser }) => browser.waiting?.name ?? []);
    // Else the palette has them above "Sign In" for whoever types that.
    void vscode.commands.executeCommand('setContext', 'airisk.signInWaits', names.length > 0);
    if (names.length === 0 || this.#parts.settings.read().statusBar === 'never') {
      this.#item?.dispose();
      this.#item = undefined;
      return;
    }
    this.#item ??= vscode.window.createStatusBarItem('signIn', vscode.StatusBarAlignment.Right, 91);
    this.#item.name = l10n.t('AIRisk Sign-In');
    this.#item.text = `$(loading~spin) ${l10n.t('Signing in to AIRisk…')}`;
    this.#item.tooltip = l10n.t(
      'Waiting for the browser: {0}. Select to continue or cancel.',
      names.join(', '),
    );
    this.#item.accessibilityInformation = { label: this.#item.tooltip, role: 'button' };
    this.#item.command = 'airisk.continueSignIn';
    this.#item.show();
  }

  async #obtain(target: Target, request: () => Promise<Token>): Promise<Session> {
    const { deployment, userid, label } = target;
    const { sessions, settings, names, log } = this.#parts;
    const token = await request();
    const application = userid === '' ? l10n.t('Application') : undefined;
    const name =
      application ??
      target.name ??
      (await withTimeLimit(names.find(deployment, userid), nameMs, () => undefined));
    const session = await sessions.add(deployment, userid, token, { name, label });
    const expiration = new Date(session.expiration).toISOString();
    log.info(`Signed in; the token expires at ${expiration}`);
    // It is kept, but cannot be had before the deployment is in the settings again.
    stillConfigured(settings, deployment);
    return session;
  }
}
