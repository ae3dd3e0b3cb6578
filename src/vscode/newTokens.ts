// In this time the Allow for a second extension follows that for the first one.
const secondsOldMs = 10_000;
const mostPerMinute = 5;

/**
 * Decides whether whoever asks VS Code for a new session gets a new token. VS Code does not say who asks, or why: a
 * caller that found none and was allowed only after somebody else had signed in takes the session that has just come,
 * and nobody has tokens renewed without end.
 */
export class NewTokens {
  readonly #now: () => number;
  /** Calls that found no session, the latest last. */
  #misses: { readonly scopes: string; readonly at: number }[] = [];
  /** By account id, when tokens were renewed because somebody asked, in the last minute: epoch ms. */
  readonly #renewals = new Map<string, readonly number[]>();

  /** @param now epoch ms */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Notes that a caller found no session. */
  missed(scopes: readonly string[]): void {
    this.#misses = [...this.#misses.slice(-99), { scopes: scopes.join(' '), at: this.#now() }];
  }

  /**
   * Whether a caller of `createSession` asked before the token came, which is seconds old. Each call counts once.
   * @param obtained when the token came: epoch ms
   */
  isMeant(scopes: readonly string[], obtained: number): boolean {
    return Math.abs(this.#now() - obtained) < secondsOldMs && this.#take(scopes, obtained);
  }

  /** Notes that a caller was signed in. */
  signedIn(scopes: readonly string[]): void {
    this.#take(scopes, this.#now());
  }

  /** Whether a token may be renewed because somebody asks for it, and counts it if so. */
  mayRenew(id: string): boolean {
    const recent = (this.#renewals.get(id) ?? []).filter((at) => Math.abs(this.#now() - at) < 60_000);
    const may = recent.length < mostPerMinute;
    this.#renewals.set(id, may ? [...recent, this.#now()] : recent);
    return may;
  }

  #take(scopes: readonly string[], before: number): boolean {
    const index = this.#misses.findLastIndex((miss) => miss.scopes === scopes.join(' ') && miss.at <= before);
    if (index >= 0) this.#misses.splice(index, 1);
    return index >= 0;
  }
}
