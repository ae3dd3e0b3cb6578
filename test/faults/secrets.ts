import { setTimeout as sleep } from 'node:timers/promises';
import type { SecretStorage } from 'vscode';

/**
 * How SecretStorage behaves for the moment: `fails` rejects, `hangs` never answers and never takes effect, `waits`
 * does both as soon as it works again, `late` does both when the caller has given up.
 */
export type Mood = 'works' | 'fails' | 'hangs' | 'waits' | 'late';

/** A SecretStorage that a run can break, with what is stored in plain sight. */
export interface BreakableSecrets {
  readonly api: SecretStorage;
  readonly stored: Map<string, string>;
  mood: Mood;
  /** The mood that comes with the next write of a session, that one included. */
  moodAtWrite: Mood | undefined;
  /** How many subscriptions are left. */
  readonly listeners: () => number;
  /** Resolves when no call is under way that will still take effect. */
  readonly settled: () => Promise<void>;
}

/**
 * SecretStorage as a window of the desktop has it: own writes are told as well.
 * @param lateMs how long a call takes in the mood `late`
 */
export function breakableSecrets(lateMs = 1_000): BreakableSecrets {
  let late = Promise.resolve();
  const stored = new Map<string, string>();
  const audience = new Set<(event: { key: string }) => unknown>();
  const call = async <T>(effect: () => T, value = ''): Promise<T> => {
    // Some hosts quote what they could not store.
    if (secrets.mood === 'fails') throw new Error(`the keyring is locked ${value}`);
    if (secrets.mood === 'hangs') return new Promise<never>(() => undefined);
    if (secrets.mood === 'late') {
      const delayed = sleep(lateMs).then(effect);
      late = Promise.all([late, delayed]).then(() => undefined);
      return delayed;
    }
    while (secrets.mood === 'waits') await sleep(10);
    await Promise.resolve();
    return effect();
  };
  const tell = (key: string): void => {
    setImmediate(() => audience.forEach((listener) => listener({ key })));
  };
  const api: SecretStorage = {
    keys: () => call(() => [...stored.keys()]),
    get: (key) => call(() => stored.get(key)),
    store(key, value) {
      if (key.startsWith('session:')) secrets.mood = secrets.moodAtWrite ?? secrets.mood;
      return call(() => {
        stored.set(key, value);
        tell(key);
      }, value);
    },
    delete: (key) =>
      call(() => {
        stored.delete(key);
        tell(key);
      }),
    onDidChange(listener, self: unknown) {
      const own = (event: { key: string }): unknown => listener.call(self, event);
      audience.add(own);
      return { dispose: () => audience.delete(own) };
    },
  };
  const secrets: BreakableSecrets = {
    api,
    stored,
    mood: 'works',
    moodAtWrite: undefined,
    listeners: () => audience.size,
    settled: () => late,
  };
  return secrets;
}
