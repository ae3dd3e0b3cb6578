const mostPerMinute = 5;

/** Limits how often tokens are renewed because an extension asks for a new session: some ask in a loop. */
export class RenewalLimit {
  readonly #now: () => number;
  /** By account id, when tokens were renewed in the last minute: epoch ms. */
  readonly #renewals = new Map<string, readonly number[]>();

  /** @param now epoch ms */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether a token may be renewed because somebody asks for it, and counts it if so. */
  mayRenew(id: string): boolean {
    const recent = (this.#renewals.get(id) ?? []).filter((at) => Math.abs(this.#now() - at) < 60_000);
    const may = recent.length < mostPerMinute;
    this.#renewals.set(id, may ? [...recent, this.#now()] : recent);
    return may;
  }
}
