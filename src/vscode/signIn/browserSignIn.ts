import * as vscode from 'vscode';
import { AiriskError } from '../../core/errors.ts';
import type { Http } from '../../core/oauth/http.ts';
import { type Opening, type RedirectReceiver, signIn } from '../../core/oauth/signIn.ts';
import type { Token } from '../../core/oauth/tokenRequest.ts';
import type { TokenSource } from '../../core/sessions/tokenSource.ts';
import { stillConfigured, type Target } from '../accountTarget.ts';
import { showError } from '../errorMessages.ts';
import { withCancel } from '../progress.ts';
import type { Questions } from '../questions.ts';
import type { SettingsReader } from '../settings.ts';
import { whoAndWhere } from '../wording.ts';
import { offerWaysOnLater, type WaitingSignIn } from './waysOn.ts';

const { l10n } = vscode;

/** What a sign-in through the browser works with. */
export interface BrowserSignInParts {
  readonly tokenSource: TokenSource;
  readonly settings: SettingsReader;
  readonly questions: Questions;
  readonly http: () => Http;
  readonly receiverFor: (redirectUri: string) => RedirectReceiver;
  readonly log: vscode.LogOutputChannel;
}

/** A sign-in through the browser, with progress and Cancel. */
export class BrowserSignIn {
  /** The account, as messages name it: no other sign-in under way has that name. */
  readonly name: string;
  /** Rejects with AiriskError, or `CancellationError` when the person leaves. */
  readonly token: Promise<Token>;
  /** What it waits for, once the browser has been asked for. */
  waiting: WaitingSignIn | undefined;
  /** The redirect URI, once something waits for the redirect. */
  receivesAt: string | undefined;
  readonly #parts: BrowserSignInParts;
  readonly #target: Target;
  readonly #onWaiting: () => void;
  readonly #ending = new AbortController();
  /** Ends what is offered for one browser when it is opened for a different request. */
  #replacing = new AbortController();
  #finish: (token: Token) => void = () => undefined;

  /**
   * Begins it.
   * @param onWaiting called when `waiting` is there
   */
  constructor(parts: BrowserSignInParts, target: Target, onWaiting: () => void) {
    this.#parts = parts;
    this.#target = target;
    this.#onWaiting = onWaiting;
    this.name = whoAndWhere(target, parts.settings);
    this.token = this.#run();
  }

  leave(): void {
    this.#ending.abort(new vscode.CancellationError());
  }

  async #run(): Promise<Token> {
    const { tokenSource, settings, http, receiverFor, log } = this.#parts;
    const { deployment, userid } = this.#target;
    const receiver = receiverFor(stillConfigured(settings, deployment).redirectUri);
    const request = await tokenSource.request(deployment, userid);
    const finished = new Promise<Token>((resolve) => {
      this.#finish = resolve;
    });
    const begin: RedirectReceiver['begin'] = async (state, signal) => {
      const expected = await receiver.begin(state, signal);
      this.receivesAt = expected.redirectUri;
      return expected;
    };
    const ports = {
      http: http(),
      receiver: { begin },
      open: (opening: Opening) => this.#open(opening),
      timeoutMs: settings.read().signInTimeoutMinutes * 60_000,
    };
    log.info(`Signing in to ${deployment.origin} as ${this.name}`);
    try {
      return await withCancel(l10n.t('Signing in to AIRisk as {0}', this.name), (cancelled) =>
        Promise.race([signIn(request, ports, AbortSignal.any([cancelled, this.#ending.signal])), finished]),
      );
    } finally {
      this.#ending.abort();
    }
  }

  async #open(opening: Opening): Promise<void> {
    const { tokenSource, log } = this.#parts;
    this.#replacing.abort();
    this.#replacing = new AbortController();
    const openAgain = (): Promise<void> => this.#openBrowser(opening.url);
    this.waiting = {
      target: this.#target,
      name: this.name,
      opening,
      ended: AbortSignal.any([this.#ending.signal, this.#replacing.signal]),
      openAgain,
      finishSilently: async () =>
        this.#finish(await tokenSource.requestSilently(this.#target.deployment, this.#target.userid)),
      leave: () => this.leave(),
    };
    this.#onWaiting();
    offerWaysOnLater(this.waiting, log);
    await openAgain();
  }

  /** Opens the browser; when VS Code has not, the person has cancelled or copied the address, and is told what waits. */
  async #openBrowser(url: string): Promise<void> {
    if (await this.#parts.questions.behind(() => openInBrowser(url))) return;
    const openAgain = l10n.t('Open Again');
    const leave = l10n.t('Cancel');
    const message = l10n.t(
      'The browser was not opened. If you copied the address, open it yourself: AIRisk waits.',
    );
    const chosen = vscode.window.showInformationMessage(message, openAgain, leave).then((choice) => {
      if (choice === leave) this.leave();
      return choice === openAgain && !this.#ending.signal.aborted ? this.#openBrowser(url) : undefined;
    });
    Promise.resolve(chosen).catch((error: unknown) => void showError(this.#parts.log, error));
  }
}

/**
 * Opens an address byte for byte. A Uri loses encoded `& + ? #` on its way and breaks `redirect_uri`, the string
 * arrives as it is (microsoft/vscode#83610). `false` means that the user chose Copy or Cancel.
 * @throws AiriskError `browser_not_opened` without its cause: the host's words quote the address, and with it the state
 */
async function openInBrowser(url: string): Promise<boolean> {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
    return await vscode.env.openExternal(url as unknown as vscode.Uri);
  } catch {
    throw new AiriskError('browser_not_opened');
  }
}
