import * as vscode from 'vscode';
import { AiriskError, hasCode } from '../core/errors.ts';
import type { Deployment } from '../core/oauth/deployment.ts';
import { accountOf, belongsTo, secondsLeft, type Session, useridOfKey } from '../core/sessions/session.ts';
import type { Sessions } from '../core/sessions/sessions.ts';
import { useridOfScopes } from '../core/sessions/scopes.ts';
import type { ErrorWords } from './errorMessages.ts';
import { plainText } from '../core/text.ts';

type ChangeEvent = vscode.AuthenticationProviderAuthenticationSessionsChangeEvent;

/** What the provider cannot do by itself. */
export interface ProviderParts {
  readonly sessions: Sessions;
  readonly signIn: (userid: string) => Promise<Session>;
  /** Replaces a live token without the browser; false where that is not wanted or did not work. */
  readonly renew: (userid: string) => Promise<boolean>;
  /** Asks whom to sign in as, where the caller takes any session. */
  readonly chooseUserid: () => Promise<string>;
  readonly currentUserid: () => string | undefined;
  /** Read at their first use: seldom. */
  readonly errors: () => Promise<ErrorWords>;
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
  /** Changes from before VS Code listens, which it does some turns after the registration. */
  #early: ChangeEvent[] | undefined = [];
  /** By session id, the token that callers have seen: who asks for a session after that wants another one. */
  readonly #seen = new Map<string, string>();

  constructor(parts: ProviderParts) {
    this.#parts = parts;
    this.#subscription = parts.sessions.onDidChange(({ added, changed, removed, deployment }) => {
      const each = (sessions: readonly Session[], ...scopes: (readonly string[] | undefined)[]) =>
        sessions.flatMap((session) => scopes.map((list) => this.#present(deployment, session, list)));
      for (const session of removed) this.#seen.delete(accountOf(deployment, session.userid).id);
      const change = {
        // VS Code takes its badge off the Accounts menu when an added session has the scopes of the request, which it
        // keeps as one text: split again, that of `[]` is `['']`.
        added: each(added, undefined, ['']),
        changed: each(changed, undefined),
        removed: each(removed, undefined),
      };
      if (this.#early) this.#early.push(change);
      else this.#changes.fire(change);
    });
  }

  /** Tells what came before somebody listened too, in the turn after that. */
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
    const { sessions, currentUserid, log } = this.#parts;
    const account = options?.account;
    let asked: string | undefined;
    try {
      asked = useridOfScopes(scopes);
    } catch (error) {
      throw await this.#forCaller(error);
    }
    try {
      const current = currentUserid();
      // VS Code's menus ask without scopes and use no token: for them nothing is renewed, nor counts as in use.
      const all = (): Promise<Session[]> => (scopes ? sessions.list(current) : sessions.listUsable(current));
      const userid = asked ?? (scopes && account && (await this.#useridOf(account)));
      const found = userid === undefined ? await all() : [await sessions.find(userid)];
      const { deployment } = sessions;
      if (!deployment) return [];
      const matching = found
        .filter((session) => session !== undefined)
        .filter((session) => belongsTo(session, deployment))
        .filter((session) => !account || isAccount(account, deployment, session.userid))
        .map((session) => this.#present(deployment, session, scopes));
      if (scopes) for (const { id, accessToken } of matching) this.#seen.set(id, accessToken);
      return matching;
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
    const { sessions, log } = this.#parts;
    let userid: string | undefined;
    try {
      userid = await this.#chooseUserid(scopes, options?.account);
      const session = await this.#obtain(userid);
      const { deployment } = sessions;
      // Under the account of another deployment, the token would be sent there.
      if (!deployment || !belongsTo(session, deployment)) throw new AiriskError('settings_changed');
      return this.#present(deployment, session, scopes);
    } catch (error) {
      const { isCancellation, showError } = await this.#parts.errors();
      if (isCancellation(error)) throw new vscode.CancellationError();
      // The call is over, but the session that a second attempt brings is there for the next one.
      const again = async (): Promise<unknown> =>
        vscode.commands.executeCommand('airisk.signIn', userid === undefined ? undefined : { userid });
      void showError(log, error, hasCode(error, 'wrong_account') ? undefined : again);
      throw await this.#forCaller(error);
    }
  }

  /** Signs one session out. An id that is not known is no error: the session is gone, as was asked. */
  async removeSession(sessionId: string): Promise<void> {
    const { sessions } = this.#parts;
    const userid = sessions.deployment && useridOfKey(sessions.deployment, sessionId);
    if (userid !== undefined) await sessions.signOut(userid);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changes.dispose();
  }

  async #chooseUserid(
    scopes: readonly string[],
    account: vscode.AuthenticationSessionAccountInformation | undefined,
  ): Promise<string> {
    const { sessions, chooseUserid } = this.#parts;
    const userid = useridOfScopes(scopes);
    const { deployment } = sessions;
    if (!deployment || !account) return userid ?? chooseUserid();
    if (userid === undefined) return (await this.#useridOf(account)) ?? chooseUserid();
    // VS Code's account picker offers all accounts, whomever the scopes ask for.
    if (isAccount(account, deployment, userid)) return userid;
    const { label } = accountOf(deployment, userid);
    throw new AiriskError('wrong_account', { subject: label, reason: plainText(account.label) });
  }

  async #useridOf(account: vscode.AuthenticationSessionAccountInformation): Promise<string | undefined> {
    const { sessions } = this.#parts;
    const { deployment } = sessions;
    const stored = await sessions.listStored();
    const known = deployment && stored.find(({ userid }) => isAccount(account, deployment, userid));
    return known?.userid ?? (deployment && useridOfKey(deployment, account.id));
  }

  async #obtain(userid: string): Promise<Session> {
    const { sessions, signIn, renew } = this.#parts;
    const live = await sessions.find(userid);
    if (!live || !sessions.deployment) return signIn(userid);
    // Calls come one after the other: while this one waited, another one has signed in.
    const { id } = accountOf(sessions.deployment, userid);
    if (this.#seen.get(id) !== live.accessToken) return live;
    return ((await renew(userid)) && (await sessions.find(userid))) || signIn(userid);
  }

  /** What a consumer may know: VS Code hands it an error's whole chain of causes, whatever they quote. */
  async #forCaller(error: unknown): Promise<Error> {
    const { errorMessage } = await this.#parts.errors();
    return new Error(errorMessage(error));
  }

  #present(
    deployment: Deployment,
    session: Session,
    scopes: readonly string[] = [session.userid === '' ? 'generic' : `userid:${session.userid}`],
  ): vscode.AuthenticationSession {
    const account = accountOf(deployment, session.userid);
    const presented = {
      id: account.id,
      accessToken: session.accessToken,
      account,
      scopes,
      // Proposed API authSessionExpiration (microsoft/vscode#335184): VS Code hands it on.
      expiresIn: secondsLeft(session, this.#parts.now()),
    };
    return presented;
  }
}

function isAccount(
  account: vscode.AuthenticationSessionAccountInformation,
  deployment: Deployment,
  userid: string,
): boolean {
  const { id, label } = accountOf(deployment, userid);
  return account.id === id || account.label === label;
}
