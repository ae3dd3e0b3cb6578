/** How long SecretStorage takes across the host boundary of a browser-hosted VS Code: measured medians, ms. */
export const measuredDelays = { get: 2.6, store: 3.7, delete: 3.3 };

/** How long each verb of a double takes, in ms; zero settles at once. */
export type Delays = typeof measuredDelays;

/** What VS Code's SecretStorage is to an extension, in memory. */
export interface SecretsDouble {
  readonly records: Map<string, string>;
  keys(): Promise<string[]>;
  get(key: string): Promise<string | undefined>;
  store(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
  onDidChange(listener: (event: { key: string }) => void): { dispose(): void };
}

/**
 * A SecretStorage with the given delays.
 * @param delayOf another delay for the `get` of some keys
 */
export function createSecretsDouble(delays: Delays, delayOf?: (key: string) => number): SecretsDouble {
  const records = new Map<string, string>();
  const listeners = new Set<(event: { key: string }) => void>();
  const tell = (key: string): void => listeners.forEach((listener) => listener({ key }));
  return {
    records,
    keys: async () => {
      await elapse(delays.get);
      return [...records.keys()];
    },
    get: async (key) => {
      await elapse(delayOf?.(key) ?? delays.get);
      return records.get(key);
    },
    store: async (key, value) => {
      await elapse(delays.store);
      records.set(key, value);
      tell(key);
    },
    delete: async (key) => {
      await elapse(delays.delete);
      records.delete(key);
      tell(key);
    },
    onDidChange: (listener) => {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
  };
}

interface Waiting {
  readonly due: number;
  readonly resolve: () => void;
}

let waiting: Waiting[] = [];

// Timers know whole milliseconds only: one loop for all who wait looks at the clock instead.
function elapse(delay: number): Promise<void> {
  if (delay === 0) return Promise.resolve();
  return new Promise((resolve) => {
    waiting.push({ due: performance.now() + delay, resolve });
    if (waiting.length === 1) setImmediate(serve);
  });
}

function serve(): void {
  const now = performance.now();
  const due = waiting.filter((one) => one.due <= now);
  waiting = waiting.filter((one) => one.due > now);
  for (const one of due) one.resolve();
  if (waiting.length > 0) setImmediate(serve);
}
