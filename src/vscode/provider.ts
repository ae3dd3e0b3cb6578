import * as vscode from 'vscode';
import { accountLabel, type Session } from '../core/session/session.ts';
import type { Sessions } from '../core/session/sessions.ts';
import { useridOfScopes } from '../core/session/scopes.ts';
import { errorMessage, isCancellation, showError } from './errorMessages.ts';

/** What the provider cannot do by itself. */
export interface ProviderParts {
  readonly sessions: Sessions;
  readonly signIn: (userid: string) => Promise<Session>;
  /** Asks whom to sign in as, where the caller takes any session. */
  readonly chooseUserid: () => Promise<string>;
  readonly currentUserid: () => string | undefined;
  readonly sessionId: (userid: string) => string;
  readonly log: vscode.LogOutputChannel;
}

/**
 * The provider `airisk` of `vscode.authentication`.
 * @see VS Code API, AuthenticationProvider
 */
export class AiriskAuthenticationProvider implements vscode.AuthenticationProvider, vscode.Disposable {
  readonly #parts: ProviderParts;
  readonly #changes =
    new vscode.EventEmitter<vscode.AuthenticationProviderAuthenticationSessionsChangeEvent>();
  readonly #subscription: vscode.Disposable;
  readonly onDidChangeSessions = this.#changes.event;

  constructor(parts: ProviderParts) {
    this.#parts = parts;
    const each = (sessions: readonly Session[], ...scopes: (readonly string[] | undefined)[]) =>
      sessions.flatMap((session) => scopes.map((list) => this.#present(session, list)));
    this.#subscription = vscode.Disposable.from(
      parts.sessions.onDidChange(({ added, changed, removed }) =>
        this.#changes.fire({
          // VS Code takes the badge off the Accounts menu when an added session has the scopes that were asked for.
          added: each(added, undefined, []),
          changed: each(changed, undefined),
          removed: each(removed, undefined),
        }),
      ),
    );
  }

  /** Usable sessions, the best one first. Rejects for unknown scopes only. */
  async getSessions(
    scopes?: readonly string[],
    options?: vscode.AuthenticationProviderSessionOptions,
  ): Promise<vscode.AuthenticationSession[]> {
    const { sessions, currentUserid, log } = this.#parts;
    const userid = useridOfScopes(scopes);
    const account = options?.account;
    try {
      const all = (): Promise<Session[]> => (scopes === undefined ? sessions.listUsable() : sessions.list());
      const found = userid === undefined ? await all() : [await sessions.find(userid)];
      const current = currentUserid();
      return found
        .filter((session) => session !== undefined)
        .map((session) => this.#present(session, scopes))
        .filter(
          (session) =>
            !account || session.account.id === account.id || session.account.label === account.label,
        )
        .toSorted((a, b) => Number(this.#isOf(b, current)) - Number(this.#isOf(a, current)));
    } catch (error) {
      // A rejection would make the Accounts menu say that AIRisk is unavailable.
      log.error(error instanceof Error ? error : 'Reading sessions failed');
      return [];
    }
  }

  /**
   * Signs in.
   * @throws Error with a message for people; `CancellationError` when the user cancels
   */
  async createSession(
    scopes: readonly string[],
    options?: vscode.AuthenticationProviderSessionOptions,
  ): Promise<vscode.AuthenticationSession> {
    try {
      const userid = useridOfScopes(scopes) ?? (await this.#useridOf(options?.account));
      return this.#present(await this.#parts.signIn(userid), scopes);
    } catch (error) {
      if (isCancellation(error)) throw new vscode.CancellationError();
      void showError(this.#parts.log, error);
      throw new Error(errorMessage(error), { cause: error });
    }
  }

  /** Signs one session out. An id that is not known is no error: the session is gone, as was asked. */
  async removeSession(sessionId: string): Promise<void> {
    const { sessions } = this.#parts;
    const session = (await sessions.listStored()).find(
      ({ userid }) => this.#parts.sessionId(userid) === sessionId,
    );
    if (session) await sessions.signOut(session.userid);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changes.dispose();
  }

  async #useridOf(account: vscode.AuthenticationSessionAccountInformation | undefined): Promise<string> {
    const stored = account ? await this.#parts.sessions.listStored() : [];
    const session = stored.find((candidate) => accountLabel(candidate, candidate.userid) === account?.label);
    return session ? session.userid : this.#parts.chooseUserid();
  }

  #isOf(session: vscode.AuthenticationSession, userid: string | undefined): boolean {
    return userid !== undefined && session.id === this.#parts.sessionId(userid);
  }

  #present(session: Session, scopes?: readonly string[]): vscode.AuthenticationSession {
    const id = this.#parts.sessionId(session.userid);
    return {
      id,
      accessToken: session.accessToken,
      account: { id, label: accountLabel(session, session.userid) },
      scopes: scopes ?? [session.userid === '' ? 'generic' : `userid:${session.userid}`],
    };
  }
}
