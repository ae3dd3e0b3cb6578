import * as vscode from 'vscode';
import { aborted } from '../../core/abort.ts';
import { AiriskError } from '../../core/errors.ts';
import type { Deployment } from '../../core/oauth/deployment.ts';
import type { Http } from '../../core/oauth/http.ts';
import { type RedirectReceiver, signIn } from '../../core/oauth/signIn.ts';
import type { Token } from '../../core/oauth/tokenRequest.ts';
import { keyOf, type Session, sessionKey } from '../../core/sessions/session.ts';
import type { Names } from '../../core/sessions/names.ts';
import type { Sessions } from '../../core/sessions/sessions.ts';
import type { TokenSource } from '../../core/sessions/tokenSource.ts';
import { joinTasks, withTimeLimit } from '../../core/tasks.ts';
import type { Target } from '../accountTarget.ts';
import { withCancel } from '../progress.ts';
import type { Questions } from '../questions.ts';
import type { SettingsReader } from '../settings.ts';
import { who } from '../wording.ts';

const { l10n } = vscode;

/** How long a sign-in that is done waits for the user's name, in ms. */
const nameMs = 2_000;

/** What sign-ins work with. */
export interface SignInsParts {
  readonly sessions: Sessions;
  readonly names: Names;
  readonly tokenSource: TokenSource;
  readonly settings: SettingsReader;
  readonly questions: Questions;
  readonly http: () => Http;
  readonly receiverFor: (redirectUri: string) => RedirectReceiver;
  readonly log: vscode.LogOutputChannel;
}

interface UnderWay {
  readonly session: Promise<Session>;
  /** Those who have asked for it and have not left. */
  callers: number;
  readonly leave: () => void;
  /** None before the browser has been opened. */
  openAgain?: () => Promise<void>;
}

/** The sign-ins under way: whoever asks for the same user meanwhile joins. */
export class SignIns {
  readonly #parts: SignInsParts;
  /** By the key of the session, those that wait for the browser. */
  readonly #underWay = new Map<string, UnderWay>();
  readonly #joinSilent = joinTasks<Session>();

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
    joined?.openAgain?.().catch(() => undefined);
    const underWay = joined ?? this.#begin(key, target);
    underWay.callers += 1;
    const leave = (): void => {
      underWay.callers -= 1;
      if (underWay.callers === 0) underWay.leave();
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
   * @throws AiriskError, `not_silent` among them
   */
  signInSilently(deployment: Deployment, userid: string): Promise<Session> {
    return this.#joinSilent(sessionKey(deployment, userid), () =>
      this.#obtain({ deployment, userid }, () => this.#parts.tokenSource.requestSilently(deployment, userid)),
    );
  }

  #begin(key: string, target: Target): UnderWay {
    const leaving = new AbortController();
    const end = (): void => {
      if (this.#underWay.get(key) === underWay) this.#underWay.delete(key);
    };
    const leave = (): void => {
      // At once: whoever asks in this moment begins a sign-in of his own.
      end();
      leaving.abort(new vscode.CancellationError());
    };
    const open = async (url: string): Promise<void> => {
      underWay.openAgain = () => this.#open(url, leave);
      await underWay.openAgain();
    };
    const session = this.#obtain(target, () => this.#request(target, open, leaving.signal)).finally(end);
    const underWay: UnderWay = { session, callers: 0, leave };
    this.#underWay.set(key, underWay);
    return underWay;
  }

  async #request(target: Target, open: (url: string) => Promise<void>, leaving: AbortSignal): Promise<Token> {
    const { deployment, userid } = target;
    const { tokenSource, settings, http, receiverFor, log } = this.#parts;
    const configured = settings.describe(deployment);
    if (!configured) throw new AiriskError('settings_changed');
    const receiver = receiverFor(configured.redirectUri);
    const request = await tokenSource.request(deployment, userid);
    const ports = { http: http(), receiver, open, timeoutMs: settings.read().signInTimeoutMinutes * 60_000 };
    log.info(`Signing in to ${deployment.origin} ${userid ? 'as a user' : 'as the application'}`);
    return withCancel(l10n.t('Signing in to AIRisk as {0}', who(target)), (cancelled) =>
      signIn(request, ports, AbortSignal.any([cancelled, leaving])),
    );
  }

  /** Opens the browser; when VS Code has not, the person has cancelled or copied the address, and is told what waits. */
  async #open(url: string, cancel: () => void): Promise<void> {
    if (await this.#parts.questions.behind(() => openInBrowser(url))) return;
    const openAgain = l10n.t('Open Again');
    const leave = l10n.t('Cancel');
    const message = l10n.t(
      'The browser was not opened. If you copied the address, open it yourself: AIRisk waits.',
    );
    void vscode.window.showInformationMessage(message, openAgain, leave).then((chosen) => {
      if (chosen === leave) cancel();
      return chosen === openAgain ? this.#open(url, cancel) : undefined;
    });
  }

  async #obtain(target: Target, request: () => Promise<Token>): Promise<Session> {
    const { deployment, userid, label } = target;
    const { sessions, names, log } = this.#parts;
    const token = await request();
    const application = userid === '' ? l10n.t('Application') : undefined;
    const name =
      application ??
      target.name ??
      (await withTimeLimit(names.find(deployment, userid), nameMs, () => undefined));
    const session = await sessions.add(deployment, userid, token, { name, label });
    const expiration = new Date(session.expiration).toISOString();
    log.info(`Signed in; the token expires at ${expiration}`);
    return session;
  }
}

/**
 * Opens an address byte for byte. A Uri loses encoded `& + ? #` on its way and breaks `redirect_uri`, the string
 * arrives as it is (microsoft/vscode#83610). `false` means that the user chose Copy or Cancel.
 */
async function openInBrowser(url: string): Promise<boolean> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return vscode.env.openExternal(url as unknown as vscode.Uri);
}
