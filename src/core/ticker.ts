type Timer = ReturnType<typeof setTimeout>;

/** The timer functions of the host, so that tests bring their own clock. */
export interface Timers {
  /** Epoch ms. */
  readonly now: () => number;
  readonly setTimeout: (callback: () => void, ms: number) => Timer;
  readonly clearTimeout: (timer: Timer | undefined) => void;
}

// setTimeout overflows past 2^31 ms and stands still while the computer sleeps: never wait longer than this.
const longestWaitMs = 60_000;

/** Owns the extension's only long-lived timer. None runs while nothing is due. */
export class Ticker {
  readonly #timers: Timers;
  readonly #tick: (now: number) => number | undefined;
  readonly #onError: (error: unknown) => void;
  #timer: Timer | undefined;
  #disposed = false;

  /**
   * @param tick does what is due and returns in how many ms it wants to be called again, or `undefined` for never
   * @param onError gets what a tick throws; the next one comes in a minute
   */
  constructor(
    timers: Timers,
    tick: (now: number) => number | undefined,
    onError: (error: unknown) => void = () => undefined,
  ) {
    this.#timers = timers;
    this.#tick = tick;
    this.#onError = onError;
  }

  /** Ticks now: something changed, or the computer may have slept. */
  wake(): void {
    const wait = this.#disposed ? undefined : this.#tryTick();
    // After the tick: it may have woken or disposed this ticker itself.
    this.#timers.clearTimeout(this.#timer);
    this.#timer =
      wait === undefined || this.#disposed
        ? undefined
        : this.#timers.setTimeout(() => this.wake(), Math.min(Math.max(wait, 0), longestWaitMs));
  }

  #tryTick(): number | undefined {
    try {
      return this.#tick(this.#timers.now());
    } catch (error) {
      // One that fails must not be the last one.
      this.#onError(error);
      return longestWaitMs;
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#timers.clearTimeout(this.#timer);
  }
}
