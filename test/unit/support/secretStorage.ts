import type { SecretStore } from '../../../src/core/sessions/store.ts';

export type SecretVerb = 'keys' | 'get' | 'store' | 'delete';

/** One window's SecretStorage. */
export interface SecretWindow extends SecretStore {
  /** The calls so far, as `verb key`. */
  readonly calls: string[];
  /** Stands before each call: a promise that rejects makes the call fail, one that never ends makes it hang. */
  before: (verb: SecretVerb, key: string, value?: string) => Promise<void> | undefined;
  /** Stands in the same way between a call that has been carried out and its result. */
  after: SecretWindow['before'];
}

/** What the windows of one host store in. */
export interface SecretHost {
  /** What outlives the windows. */
  readonly stored: Map<string, string>;
  openWindow(): SecretWindow;
}

/** How long things take; nothing by default. */
export interface SecretTiming {
  /** One way between a window and its storage: each call has two. */
  readonly way?: () => Promise<void>;
  /** How one write is told to one window: as many events as there are promises, each at its end. */
  readonly events?: () => readonly Promise<void>[];
}

/** The desktop: one storage, the last write to a key wins, every window is told, the writer's own too. */
export function desktopSecrets(timing: SecretTiming = {}): SecretHost {
  const stored = new Map<string, string>();
  const audience = new Set<Listener>();
  return {
    stored,
    openWindow: () => createWindow({ timing, entries: stored, audience, written: () => undefined }),
  };
}

/**
 * A browser-hosted VS Code: each window works on the copy that it took when it loaded, is told of its own writes
 * only, and puts its whole copy back with each of them (measured, see design.md §5).
 */
export function browserHostedSecrets(timing: SecretTiming = {}): SecretHost {
  const stored = new Map<string, string>();
  return {
    stored,
    openWindow() {
      const entries = new Map(stored);
      const written = (): void => {
        stored.clear();
        for (const [key, value] of entries) stored.set(key, value);
      };
      return createWindow({ timing, entries, audience: new Set<Listener>(), written });
    },
  };
}

/** Linux without a keyring: each window has a memory of its own, which ends with it or with a reload. */
export function memorySecrets(): SecretHost {
  const stored = new Map<string, string>();
  return {
    stored,
    openWindow: () =>
      createWindow({
        timing: {},
        entries: new Map(),
        audience: new Set<Listener>(),
        written: () => undefined,
      }),
  };
}

/** Ways of up to `maxMs`, and events that come late, doubled and out of order, as the seed will have it. */
export function unsteady(seed: number, maxMs: number): SecretTiming {
  const random = randomNumbers(seed);
  const upTo = async (ms: number): Promise<void> => {
    const wait = Math.floor(random() * ms);
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  };
  return {
    way: () => upTo(maxMs),
    events: () => (random() < 0.5 ? [upTo(maxMs)] : [upTo(5 * maxMs), upTo(10 * maxMs)]),
  };
}

/** For {@link SecretWindow.before}: the keyring refuses these verbs. */
export function failing(...verbs: readonly SecretVerb[]): SecretWindow['before'] {
  return (verb) => (verbs.includes(verb) ? Promise.reject(new Error('the keyring is locked')) : undefined);
}

/** For {@link SecretWindow.before}: calls that a condition names never end. */
export function hanging(hangs: (verb: SecretVerb, key: string) => boolean): SecretWindow['before'] {
  return (verb, key) => (hangs(verb, key) ? new Promise(() => undefined) : undefined);
}

type Listener = (key: string) => void;

interface WindowParts {
  readonly timing: SecretTiming;
  readonly entries: Map<string, string>;
  readonly audience: Set<Listener>;
  readonly written: () => void;
}

function createWindow({ timing, entries, audience, written }: WindowParts): SecretWindow {
  const { way = () => Promise.resolve(), events = () => [Promise.resolve()] } = timing;
  async function call<T>(verb: SecretVerb, key: string, effect: () => T, value?: string): Promise<T> {
    window.calls.push(`${verb} ${key}`.trim());
    await window.before(verb, key, value);
    await way();
    const result = effect();
    await way();
    await window.after(verb, key);
    return result;
  }
  function tell(key: string): void {
    written();
    for (const listener of audience) {
      for (const event of events()) void event.then(() => audience.has(listener) && listener(key));
    }
  }
  const window: SecretWindow = {
    calls: [],
    before: () => undefined,
    after: () => undefined,
    keys: () => call('keys', '', () => [...entries.keys()]),
    get: (key) => call('get', key, () => entries.get(key)),
    store: (key, value) =>
      call(
        'store',
        key,
        () => {
          entries.set(key, value);
          tell(key);
        },
        value,
      ),
    delete: (key) =>
      call('delete', key, () => {
        entries.delete(key);
        tell(key);
      }),
    onDidChange(listener) {
      const own = (key: string): void => listener(key);
      audience.add(own);
      return { dispose: () => audience.delete(own) };
    },
  };
  return window;
}

function randomNumbers(seed: number): () => number {
  let state = seed;
  // mulberry32: small, and good enough to shake things up.
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
