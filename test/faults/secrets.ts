import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type { SecretStorage } from 'vscode';
import { desktopSecrets } from '../unit/support/secretStorage.ts';

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
  const host = desktopSecrets({ events: () => [turn()] });
  const window = host.openWindow();
  let listeners = 0;
  let late = Promise.resolve();
  window.before = async (_verb, _key, value = '') => {
    // Some hosts quote what they could not store.
    if (secrets.mood === 'fails') throw new Error(`the keyring is locked ${value}`);
    if (secrets.mood === 'hangs') return new Promise<never>(() => undefined);
    if (secrets.mood === 'late') return sleep(lateMs);
    while (secrets.mood === 'waits') await sleep(10);
  };
  const call = <T>(perform: () => Promise<T>): Promise<T> => {
    const isLate = secrets.mood === 'late';
    const done = perform();
    if (isLate) late = Promise.all([late, done]).then(() => undefined);
    return done;
  };
  const secrets: BreakableSecrets = {
    api: {
      keys: () => call(async () => [...(await window.keys())]),
      get: (key) => call(() => window.get(key)),
      store(key, value) {
        if (key.startsWith('session:')) secrets.mood = secrets.moodAtWrite ?? secrets.mood;
        return call(() => window.store(key, value));
      },
      delete: (key) => call(() => window.delete(key)),
      onDidChange(listener, self: unknown) {
        const subscription = window.onDidChange((key) => listener.call(self, { key }));
        listeners += 1;
        return { dispose: () => ((listeners -= 1), subscription.dispose()) };
      },
    },
    stored: host.stored,
    mood: 'works',
    moodAtWrite: undefined,
    listeners: () => listeners,
    settled: () => late,
  };
  return secrets;
}
