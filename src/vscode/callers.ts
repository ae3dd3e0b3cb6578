import { keyOf, type Session } from '../core/sessions/session.ts';

/** What callers of the provider were given, and how many wait for a first session: VS Code does not say who calls. */
export class Callers {
  /** By the key of a session, the token that was given last. */
  readonly #given = new Map<string, string>();
  /** By scopes, how many asked without an account and were given nothing. */
  readonly #waiting = new Map<string, number>();

  /**
   * Notes what a caller who named no account was given. Whoever is given something clears the count: a caller that
   * asks again is served, and one that only looked has not waited.
   */
  answer(scopes: readonly string[], sessions: readonly Session[]): void {
    this.#set(scopes, sessions.length === 0 ? this.#count(scopes) + 1 : 0);
    this.give(sessions);
  }

  /** Notes that a caller was given these. */
  give(sessions: readonly Session[]): void {
    for (const session of sessions) this.#given.set(keyOf(session), session.accessToken);
  }

  /** Whether a caller was given this token: who asks for a session after that wants a different one. */
  had(session: Session): boolean {
    return this.#given.get(keyOf(session)) === session.accessToken;
  }

  /** Whether anybody waits for a first session. */
  wait(scopes: readonly string[]): boolean {
    return this.#count(scopes) > 0;
  }

  /** One of those has its session now. */
  serve(scopes: readonly string[]): void {
    this.#set(scopes, this.#count(scopes) - 1);
  }

  /** Nobody waits any more. */
  clear(): void {
    this.#waiting.clear();
  }

  #count(scopes: readonly string[]): number {
    return this.#waiting.get(scopes.join(' ')) ?? 0;
  }

  #set(scopes: readonly string[], count: number): void {
    if (count > 0) this.#waiting.set(scopes.join(' '), count);
    else this.#waiting.delete(scopes.join(' '));
  }
}
