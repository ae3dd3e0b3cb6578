import * as vscode from 'vscode';
import { atDeployment, hasCode } from '../core/errors.ts';
import { isWanted } from '../core/sessions/scopes.ts';
import {
  type Account,
  accountOf,
  isAccountOf,
  keyOf,
  remainingMs,
  type Session,
  useridOfKey,
} from '../core/sessions/session.ts';
import { readEach, stillConfigured, type Target } from './accountTarget.ts';
import {
  type CallerRequest,
  chooseTarget,
  namedTarget,
  readRequest,
  requestsFor,
  scopeOf,
  signInArgument,
  type TargetParts,
} from './callerRequest.ts';
import { type SignInArgument, targetArgument } from './commands/commandArgument.ts';
import { callerError, throwCallerError } from './callerErrors.ts';
import { Callers } from './callers.ts';
import { forLog, isCancellation, showError } from './errorMessages.ts';
import { RenewalLimit } from './renewalLimit.ts';
import type { PersistentState } from './persistentState.ts';

type ChangeEvent = vscode.AuthenticationProviderAuthenticationSessionsChangeEvent;

/** What the provider cannot do by itself. */
export interface ProviderParts extends TargetParts {
  readonly state: PersistentState;
  readonly signIn: (target: Target) => Promise<Session>;
  /** Replaces a live token without the browser; false when that is not wanted or did not work. */
  readonly renew: (target: Target) => Promise<boolean>;
  readonly now: () => number;
  readonly log: vscode.LogOutputChannel;
}

/**
 * The provider `airisk` of `vscode.authentication`.
 * @see VS Code API, AuthenticationProvider
 */
export class AiriskAuthenticationProvider implements vscode.AuthenticationProvider, vscode.Disposable {
  readonly #parts: ProviderParts;
  readonly #changes = new vscode.EventEmitter<ChangeEvent>();
  readonly #subscription: vscode.Disposable;
  readonly #renewalLimit: RenewalLimit;
  readonly #callers = new Callers();
  /** Changes from before VS Code listens, which it does some turns after the registration. */
  #early: ChangeEvent[] | undefined = [];

  constructor(parts: ProviderParts) {
    this.#parts = parts;
    this.#renewalLimit = new RenewalLimit(parts.now);
    this.#subscription = parts.sessions.onDidChange(({ added, changed, removed, reason }) => {
      if (reason === 'renewal') this.#callers.clear();
      // The account stays as it is.
      if (reason === 'name') return;
      const each = (list: readonly Session[]) => list.map((session) => this.#present(session));
      this.#fire({
        added: added.flatMap((session) =>
          requestsFor(parts.settings, session).map((scopes) => this.#present(session, scopes)),
        ),
        changed: each(changed),
        removed: each(removed),
      });
    });
  }

  /** Lets callers ask again: `[]` and its like mean a different deployment from now on. */
  async notifySwitch(): Promise<void> {
    const { sessions, settings } = this.#parts;
    const inUse = settings.inUse();
    const usable = inUse ? await sessions.listUsable(inUse) : [];
    this.#fire({ added: [], changed: usable.map((session) => this.#present(session)), removed: [] });
  }

  /** Fires for what came before somebody listened too, in the turn after that. */
  readonly onDidChangeSessions: vscode.Event<ChangeEvent> = (...listener) => {
    // Not at once: VS Code drops the events of a provider that its window does not know yet.
    setTimeout(() => {
      const early = this.#early ?? [];
      this.#early = undefined;
      for (const change of early) this.#changes.fire(change);
    });
    return this.#changes.event(...listener);
  };

  /**
   * Usable sessions, the best one first.
   * @throws Error with a message for people, for unknown scopes and deployments only
   */
  async getSessions(
    scopes?: readonly string[],
    options?: vscode.AuthenticationProviderSessionOptions,
  ): Promise<vscode.AuthenticationSession[]> {
    const account = options?.account;
    let request: CallerRequest;
    try {
      request = readRequest(this.#parts.settings, scopes);
    } catch (error) {
      throw callerError(error);
    }
    try {
      // VS Code's menus ask without scopes and use no token: for them nothing is renewed, nor counts as in use.
      const found = scopes ? await this.#find(request, account) : await this.#listUsable();
      const matching = found.filter(
        ({ deployment, userid }) => !account || isAccountOf(account, deployment, userid),
      );
      if (scopes && account) this.#callers.give(matching);
      else if (scopes) this.#callers.answer(scopes, matching);
      return matching.map((session) => this.#present(session, scopes));
    } catch (error) {
      // A rejection would make the Accounts menu say that AIRisk is unavailable.
      this.#parts.log.error('Reading the sessions failed', forLog(error));
      return [];
    }
  }

  /**
   * Gives a session that the caller has not seen yet: one that came meanwhile, a renewed or a new one.
   * @throws Error with a message for people; `CancellationError` when the user cancels
   */
  async createSession(
    scopes: readonly string[],
    options?: vscode.AuthenticationProviderSessionOptions,
  ): Promise<vscode.AuthenticationSession> {
    const { sessions, settings } = this.#parts;
    const account = options?.account;
    let about: SignInArgument | undefined;
    try {
      const request = readRequest(settings, scopes);
      about = signInArgument(settings, request);
      const named = account && (await namedTarget(sessions, settings, request, account));
      if (named) about = targetArgument(named);
      // It asked before anybody had signed in, and the person has allowed it only now. VS Code names the account of
      // whoever had one, with `forceNewSession`.
      const waitsForFirst = !account && this.#callers.wait(scopes);
      const [brought] = waitsForFirst ? await this.#find(request, undefined) : [];
      const target = brought ?? (await chooseTarget(this.#parts, request, named, account));
      about = targetArgument(target);
      const session = await atDeployment(target.deployment, () => this.#obtain(target, waitsForFirst));
      // What was begun for a deployment that is not configured any more ends with a message.
      stillConfigured(settings, target.deployment);
      if (waitsForFirst) this.#callers.serve(scopes);
      return this.#present(session, scopes);
    } catch (error) {
      if (isCancellation(error)) throw callerError(error);
      // The call is over, but the session that a second attempt brings is there for the next one.
      const again = async (): Promise<unknown> => vscode.commands.executeCommand('airisk.signIn', about);
      void showError(this.#parts.log, error, hasCode(error, 'wrong_account') ? undefined : again);
      throw callerError(error);
    }
  }

  /** Signs one session out. An id that is not known is no error: the session is gone, as was asked. */
  async removeSession(sessionId: string): Promise<void> {
    const { sessions, settings } = this.#parts;
    for (const deployment of settings.deployments()) {
      const userid = useridOfKey(deployment, sessionId);
      if (userid === undefined) continue;
      await sessions.signOut(deployment, userid).catch(throwCallerError);
    }
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changes.dispose();
  }

  #fire(change: ChangeEvent): void {
    if (this.#early) this.#early.push(change);
    else this.#changes.fire(change);
  }

  /** The sessions that can be handed out to a caller, who may name an account. */
  async #find(request: CallerRequest, account: Account | undefined): Promise<Session[]> {
    const { sessions, settings, state } = this.#parts;
    const { wanted, scoped } = request;
    const named = account && (await namedTarget(sessions, settings, request, account));
    const deployment = named?.deployment ?? scoped ?? settings.inUse();
    // No other session is an answer: none is renewed, nor counts as in use.
    if (!deployment || (account && !named)) return [];
    const userid = named?.userid ?? (typeof wanted === 'object' ? wanted.userid : undefined);
    if (userid === undefined)
      return sessions.list(deployment, state.chosenUserid(deployment), (one) => isWanted(wanted, one));
    const session = await sessions.find(deployment, userid);
    return session ? [session] : [];
  }

  #listUsable(): Promise<Session[]> {
    const { sessions, settings, state } = this.#parts;
    return readEach(settings.deployments(), (one) => sessions.listUsable(one, state.chosenUserid(one)));
  }

  async #obtain(target: Target, waitsForFirst: boolean): Promise<Session> {
    const { sessions, signIn, renew } = this.#parts;
    const { deployment, userid } = target;
    const live = await sessions.find(deployment, userid);
    if (!live) return signIn(target);
    // Calls come one after the other: while this one waited, another one has signed in.
    const isNews = waitsForFirst || !this.#callers.had(live);
    if (!sessions.wasRejected(live) && (isNews || !this.#renewalLimit.mayRenew(keyOf(live)))) return live;
    return ((await renew(target)) && (await sessions.find(deployment, userid))) || signIn(target);
  }

  #present(
    session: Session,
    scopes: readonly string[] = [scopeOf(session.userid)],
  ): vscode.AuthenticationSession {
    const presented = {
      id: keyOf(session),
      accessToken: session.accessToken,
      account: accountOf(session),
      scopes,
      // Proposed API authIssuers and authSessionExpiration (microsoft/vscode#335184): VS Code hands both on.
      authorizationServer: vscode.Uri.parse(session.deployment.origin),
      expiresAfter: Math.max(1, Math.floor(remainingMs(session, this.#parts.now()))),
    };
    return presented;
  }
}
