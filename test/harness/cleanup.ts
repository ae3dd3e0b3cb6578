/** Collects how to close what has been opened, for an end in the reverse order. */
export interface Cleanup {
  add(close: () => Promise<unknown>): void;
  /** Closes everything; one failure does not keep the rest open. */
  run(): Promise<void>;
}

/** An empty collection. */
export function createCleanup(): Cleanup {
  const closers: (() => Promise<unknown>)[] = [];
  return {
    add: (close) => {
      closers.push(close);
    },
    run: async () => {
      for (let close = closers.pop(); close !== undefined; close = closers.pop()) {
        await close().catch((error: unknown) => {
          console.error('cleaning up:', error);
        });
      }
    },
  };
}

/** Makes Ctrl+C and a polite kill end the process the way `process.exit` does, so that exit listeners run. */
export function exitOnSignals(): void {
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
}
