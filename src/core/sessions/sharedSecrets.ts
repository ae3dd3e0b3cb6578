import * as z from 'zod/mini';
import { createState } from '../oauth/state.ts';
import { lazily, number, parseJson, string } from '../schema.ts';
import type { SecretStore } from './store.ts';

/** Carries texts to the other windows of the same person, in any order, unreadable for anybody else. */
export interface WindowChannel {
  post(text: string): Promise<void>;
  /** Tells the texts of the last minute, also its own, and some twice; those from before this window was there together. */
  onDidReceive(listener: (text: string) => void): { dispose(): void };
}

/** How long a change is worth applying, in ms: it is for windows that are open. */
export const changeLifetimeMs = 60_000;

const Change = lazily(() =>
  z.object({
    key: string(),
    /** Absent where the secret was deleted. */
    value: z.optional(string()),
    at: number(),
    window: string(),
  }),
);
type Change = z.infer<ReturnType<typeof Change>>;

const channelKey = 'windows:v1';

/** The secret that the windows of one browser profile have in common; the first one makes it (256 bits). */
export async function windowsSecret(secrets: SecretStore): Promise<string> {
  const stored = await secrets.get(channelKey);
  if (stored !== undefined) return stored;
  const made = createState();
  await secrets.store(channelKey, made);
  return made;
}

/**
 * SecretStorage for a host that gives each window a copy of its own and lets every write put the whole copy back:
 * what one window writes is written in all, so that no copy lacks what another has.
 * @param now epoch ms
 */
export function shareSecrets(
  secrets: SecretStore,
  channel: WindowChannel,
  now: () => number,
): SecretStore & { dispose(): void } {
  const window = crypto.randomUUID();
  const latest = new Map<string, Change>();
  // A Lamport clock: a change is later than all that its window knew of, whatever the computer's clock does.
  let clock = 0;
  let received: Promise<unknown> = Promise.resolve();
  /** Changes of other windows that could not be written here. */
  const missed = new Set<Change>();

  const apply = ({ key, value }: Change): Promise<void> =>
    value === undefined ? secrets.delete(key) : secrets.store(key, value);
  const write = async (key: string, value?: string): Promise<void> => {
    // This window's write puts its whole copy back, so that what it misses would be gone in all.
    await received;
    // What cannot be written even now waits for the next time, and the write goes ahead: the other windows have it.
    if (missed.size > 0) await catchUp();
    clock = Math.max(now(), clock + 1);
    const change = { key, value, at: clock, window };
    latest.set(key, change);
    await apply(change);
    // The write itself has worked: where this does not, the other windows see it when they are loaded again.
    channel.post(JSON.stringify(change)).catch(() => undefined);
  };
  const put = async (change: Change): Promise<void> => {
    const isLatest = (): boolean => latest.get(change.key) === change;
    if (!isLatest()) return;
    const stored = await secrets.get(change.key);
    if (stored !== change.value && isLatest()) await apply(change);
  };
  const receive = (change: Change): void => {
    received = received.then(() => put(change)).catch(() => missed.add(change));
  };
  const catchUp = (): Promise<unknown> => {
    const again = [...missed];
    missed.clear();
    again.forEach(receive);
    return received;
  };
  const subscription = channel.onDidReceive((text) => {
    const change = parseJson(Change, text);
    if (!change || change.at + changeLifetimeMs < now()) return;
    clock = Math.max(clock, change.at);
    const known = latest.get(change.key);
    if (known && isLater(known, change)) return;
    // At once: of changes that come together only the last one is written, so that nothing signed out comes back.
    latest.set(change.key, change);
    missed.add(change);
    void catchUp();
  });

  return {
    keys: () => secrets.keys(),
    get: (key) => secrets.get(key),
    store: write,
    delete: (key) => write(key),
    onDidChange: (listener) => secrets.onDidChange(listener),
    dispose: () => subscription.dispose(),
  };
}

function isLater(a: Change, b: Change): boolean {
  return a.at === b.at ? a.window >= b.window : a.at > b.at;
}
