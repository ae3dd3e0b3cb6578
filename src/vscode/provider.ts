import * as vscode from 'vscode';
import { AiriskError, hasCode } from '../core/errors.ts';
import type { ConfiguredDeployment } from '../core/oauth/configuredDeployments.ts';
import { isWanted, readScopes, type Wanted } from '../core/sessions/scopes.ts';
import { accountLabel } from '../core/sessions/accountLabel.ts';
import {
  type Account,
  accountOf,
  isAccountOf,
  keyOf,
  remainingMs,
  type Session,
  useridOfKey,
} from '../core/sessions/session.ts';
import type { Sessions } from '../core/sessions/sessions.ts';
import { type Target, targetOf } from './accountTarget.ts';
import type { Chosen } from './signIn/userPicker.ts';
import { callerError } from './callerErrors.ts';
import { isCancellation, showError } from './errorMessages.ts';
import { RenewalLimit } from './renewalLimit.ts';
import type { PersistentState } from './persistentState.ts';
import type { SettingsReader } from './settings.ts';
import { plainText } from '../core/text.ts';

type ChangeEvent = vscode.AuthenticationProviderAuthenticationSessionsChangeEvent;

/** What the provider cannot do by itself. */
export interface ProviderParts {
  readonly sessions: Sessions;
  readonly settings: SettingsReader;
  readonly state: PersistentState;
  readonly signIn: (target: Target) => Promise<Session>;
  /** Replaces a live token without the browser; false when that is not wanted or did not work. */
  readonly renew: (target: Target) => Promise<boolean>;
  /** The deployment that this window uses: leads into set-up when something is missing. */
  readonly ensureSetUp: () => Promise<ConfiguredDeployment>;
  /** Asks whom to sign in as, for a caller that takes any session, or any user's. */
  readonly chooseUser: (deployment: ConfiguredDeployment, wanted: 'any' | 'user') => Promise<Chosen>;
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
  /** Scopes that callers who named no account were given nothing for, since the last renewal. */
  readonly #unserved = new Set<string>();
  /** Changes from before VS Code listens, which it does some turns after the registration. */
  #early: ChangeEvent[] | undefined = [];

  constructor(parts: ProviderParts) {
    this.#parts = parts;
    this.#renewalLimit = new RenewalLimit(parts.now);
    this.#subscription = parts.sessions.onDidChange(({ added, changed, removed, reason }) => {
      if (reason === 'renewal') this.#unserved.clear();
      // The account stays as it is.
      if (reason === 'name') return;
      const each = (sessions: readonly Session[], ...scopes: (readonly string[] | undefined)[]) =>
        sessions.flatMap((session) => scopes.map((list) => this.#present(session, list)));
      const change = {
        // VS Code takes its badge off the Accounts menu when an added session has the scopes of the request, which it
        // keeps as one text and splits at its blanks: that of `[]` is `['']`, and the blanks of a userid part its scope.
        added: [
          ...each(added, undefined, ['']),
          ...added
            .filter(({ userid }) => userid.includes(' '))
            .map((session) => this.#present(session, `userid:${session.userid}`.split(' '))),
          ...each(
            added.filter(({ userid }) => isWanted('user', userid)),
            ['user'],
          ),
        ],
        changed: each(changed, undefined),
        removed: each(removed, undefined),
      };
      if (this.#early) this.#early.push(change);
      else this.#changes.fire(change);
    });
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
   * @throws Error with a message for people, for unknown scopes only
   */
  async getSessions(
    scopes?: readonly string[],
    options?: vscode.AuthenticationProviderSessionOptions,
  ): Promise<vscode.AuthenticationSession[]> {
    const { sessions, log } = this.#parts;
    const account = options?.account;
    let wanted: Wanted;
    try {
      wanted = readScopes(scopes);
    } catch (error) {
      throw callerError(error);
    }
    try {
      // VS Code's menus ask without scopes and use no token: for them nothing is renewed, nor counts as in use.
      const found = scopes ? await this.#find(wanted, account) : await this.#listUsable();
      const matching = found.filter(
        ({ deployment, userid }) => !account || isAccountOf(account, deployment, userid),
      );
      if (scopes) for (const session of matching) sessions.markSeen(session);
      if (scopes && !account && matching.length === 0) this.#unserved.add(scopes.join(' '));
      return matching.map((session) => this.#present(session, scopes));
    } catch (error) {
      // A rejection would make the Accounts menu say that AIRisk is unavailable.
      log.error(error instanceof Error ? error : 'Reading sessions failed');
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
    let target: Target | undefined;
    try {
      target = await this.#chooseTarget(scopes, options?.account);
      const session = await this.#obtain(target, this.#waitsForFirst(scopes, options?.account));
      // What was begun for a deployment that is not configured any more ends with a word.
      if (!this.#parts.settings.describe(target.deployment)) throw new AiriskError('settings_changed');
      return this.#present(session, scopes);
    } catch (error) {
      if (isCancellation(error)) throw callerError(error);
      const userid = target?.userid;
      // The call is over, but the session that a second attempt brings is there for the next one.
      const again = async (): Promise<unknown> =>
        vscode.commands.executeCommand('airisk.signIn', userid === undefined ? undefined : { userid });
      void showError(this.#parts.log, error, hasCode(error, 'wrong_account') ? undefined : again);
      throw callerError(error);
    }
  }

  /** Signs one session out. An id that is not known is no error: the session is gone, as was asked. */
  async removeSession(sessionId: string): Promise<void> {
    const { sessions, settings } = this.#parts;
    for (const deployment of settings.deployments()) {
      const userid = useridOfKey(deployment, sessionId);
      if (userid !== undefined) await sessions.signOut(deployment, userid);
    }
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changes.dispose();
  }

  /** The sessions that can be handed out to a caller, who may name an account. */
  async #find(wanted: Wanted, account: Account | undefined): Promise<Session[]> {
    const { sessions, settings, state } = this.#parts;
    const inUse = settings.inUse();
    const named = account && (await targetOf(sessions, settings, account));
    const target = typeof wanted === 'object' ? inUse && { deployment: inUse, ...wanted } : named;
    if (target) {
      const { deployment, userid } = target;
      const session = isWanted(wanted, userid) ? await sessions.find(deployment, userid) : undefined;
      return session ? [session] : [];
    }
    return inUse ? sessions.list(inUse, state.chosenUserid(inUse), (userid) => isWanted(wanted, userid)) : [];
  }

  async #listUsable(): Promise<Session[]> {
    const { sessions, settings, state } = this.#parts;
    const usable = await Promise.all(
      settings.deployments().map((one) => sessions.listUsable(one, state.chosenUserid(one))),
    );
    return usable.flat();
  }

  async #chooseTarget(scopes: readonly string[], account: Account | undefined): Promise<Target> {
    const { sessions, settings, ensureSetUp, chooseUser } = this.#parts;
    const wanted = readScopes(scopes);
    if (typeof wanted !== 'object') {
      const named = account && (await targetOf(sessions, settings, account));
      if (named && isWanted(wanted, named.userid)) return named;
      const deployment = await ensureSetUp();
      return { deployment, ...(await chooseUser(deployment, wanted)) };
    }
    const deployment = await ensureSetUp();
    const { userid } = wanted;
    // VS Code's account picker offers all accounts, whomever the scopes ask for.
    const stored = (await sessions.listStored(deployment)).find((one) => one.userid === userid);
    if (!account || isAccountOf(account, deployment, userid)) {
      return { deployment, userid, name: stored?.name, label: account?.label };
    }
    const label = stored?.label ?? accountLabel(deployment, userid);
    throw new AiriskError('wrong_account', { subject: label, reason: plainText(account.label) });
  }

  /**
   * Whether a caller that creates a session has had none yet: it asked before anybody had signed in, and the person
   * has allowed it only now. VS Code names the account of whoever had one, with `forceNewSession`.
   */
  #waitsForFirst(scopes: readonly string[], account: Account | undefined): boolean {
    return !account && this.#unserved.has(scopes.join(' '));
  }

  async #obtain(target: Target, waitsForFirst: boolean): Promise<Session> {
    const { sessions, signIn, renew } = this.#parts;
    const { deployment, userid } = target;
    const live = await sessions.find(deployment, userid);
    if (!live) return signIn(target);
    // Calls come one after the other: while this one waited, another one has signed in.
    const isNews = waitsForFirst || !sessions.wasSeen(live);
    if (!sessions.wasRejected(live) && (isNews || !this.#renewalLimit.mayRenew(keyOf(live)))) return live;
    return ((await renew(target)) && (await sessions.find(deployment, userid))) || signIn(target);
  }

  #present(
    session: Session,
    scopes: readonly string[] = [session.userid === '' ? 'generic' : `userid:${session.userid}`],
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
