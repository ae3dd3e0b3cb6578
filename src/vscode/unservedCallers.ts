/** Counts the callers that asked for some scopes without an account, were given nothing, and wait for a first session. */
export class UnservedCallers {
  readonly #counts = new Map<string, number>();

  /** One more was given nothing. */
  add(scopes: readonly string[]): void {
    this.#set(scopes, this.#count(scopes) + 1);
  }

  /** One of them has its session now. */
  serve(scopes: readonly string[]): void {
    this.#set(scopes, this.#count(scopes) - 1);
  }

  /** Forgets those of some scopes: whoever asks again is given something. */
  forget(scopes: readonly string[]): void {
    this.#set(scopes, 0);
  }

  /** Forgets all. */
  clear(): void {
    this.#counts.clear();
  }

  /** Whether any waits. */
  wait(scopes: readonly string[]): boolean {
    return this.#count(scopes) > 0;
  }

  #count(scopes: readonly string[]): number {
    return this.#counts.get(scopes.join(' ')) ?? 0;
  }

  #set(scopes: readonly string[], count: number): void {
    if (count > 0) this.#counts.set(scopes.join(' '), count);
    else this.#counts.delete(scopes.join(' '));
  }
}
