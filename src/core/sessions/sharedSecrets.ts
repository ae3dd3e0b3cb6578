import * as z from 'zod/mini';
import { createState } from '../oauth/state.ts';
import { parseJson } from '../schema.ts';
import { taskQueue } from '../tasks.ts';
import type { SecretStore } from './store.ts';

/** Carries texts to the other windows of the same person, in any order, unreadable for anybody else. */
export interface WindowChannel {
  post(text: string): Promise<void>;
  /**
   * Delivers the texts of the last minute, its own among them, some of them twice; those from before this window opened
   * come together.
   */
  onDidReceive(listener: (text: string) => void): { dispose(): void };
}

/** How long a change is worth applying, in ms: it is for windows that are open. */
export const changeLifetimeMs = 60_000;

const Change = z.object({
  key: z.string(),
  /** Absent when the secret was deleted. */
  value: z.optional(z.string()),
  at: z.number(),
  window: z.string(),
});
type Change = z.infer<typeof Change>;

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
  /** The last change of each key, and whether this window's copy has it. */
  const latest = new Map<string, { readonly change: Change; applied: boolean }>();
  // A Lamport clock: a change is later than all that its window knew of, whatever the computer's clock does.
  let clock = 0;
  /** A change that arrives while this window writes waits, and so neither undoes the other. */
  const inTurn = taskQueue(1);

  const apply = ({ key, value }: Change): Promise<void> =>
    value === undefined ? secrets.delete(key) : secrets.store(key, value);
  const flush = async (): Promise<void> => {
    for (const [key, known] of latest) {
      if (known.applied) continue;
      try {
        const stored = await secrets.get(key);
        // Superseded while this window read: the flush that came with the later change writes that one.
        if (latest.get(key) !== known) continue;
        if (stored !== known.change.value) await apply(known.change);
        known.applied = true;
      } catch {
        // It waits for the next flush, and the others go ahead.
      }
    }
  };
  const isLast = (change: Change): boolean => {
    const known = latest.get(change.key);
    return !known || isLater(change, known.change);
  };
  const write = (key: string, value?: string): Promise<void> =>
    inTurn(async () => {
      // This window's write puts its whole copy back: what the copy lacked would be gone in all.
      await flush();
      clock = Math.max(now(), clock + 1);
      const change = { key, value, at: clock, window };
      await apply(change);
      if (isLast(change)) latest.set(key, { change, applied: true });
      // The write itself has worked: when this does not, the other windows see it when they are loaded again.
      channel.post(JSON.stringify(change)).catch(() => undefined);
    });
  const subscription = channel.onDidReceive((text) => {
    const change = parseJson(Change, text);
    if (!change || change.at + changeLifetimeMs < now()) return;
    clock = Math.max(clock, change.at);
    if (!isLast(change)) return;
    // At once: of changes that come together only the last one is written, so that nothing signed out comes back.
    latest.set(change.key, { change, applied: false });
    void inTurn(flush);
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
  return a.at === b.at ? a.window > b.window : a.at > b.at;
}
