import * as z from 'zod/mini';
import { parseJson } from '../../core/schema.ts';
import type { SecretStore } from '../../core/sessions/store.ts';
import type { AllowedTerminals } from '../../core/terminal/consent.ts';

const prefix = 'terminal:v1:';
/** How long an answer counts at most, in ms. */
const keepMs = 7 * 24 * 60 * 60_000;

const Allowed = z.object({
  accounts: z.array(z.string()),
  /** Epoch ms. */
  at: z.number(),
});

/**
 * Keeps in SecretStorage what a person allowed, one record for each terminal: a window that is loaded again asks
 * nothing anew, and no other program can add to it.
 * @param now epoch ms
 */
export function createAllowedTerminals(
  secrets: SecretStore,
  now: () => number,
): AllowedTerminals & {
  /** Takes everything back, in all windows. */
  clear(): Promise<void>;
  /** Removes what counts no more. */
  sweep(): Promise<void>;
} {
  const read = async (key: string): Promise<readonly string[]> => {
    const record = parseJson(Allowed, (await secrets.get(key)) ?? '');
    return record && now() - record.at < keepMs ? record.accounts : [];
  };
  const keys = async (): Promise<string[]> => (await secrets.keys()).filter((key) => key.startsWith(prefix));
  return {
    has: async (terminal, account) => (await read(prefix + terminal)).includes(account),
    async add(terminal, account) {
      const accounts = [...new Set([...(await read(prefix + terminal)), account])];
      await secrets.store(prefix + terminal, JSON.stringify({ accounts, at: now() }));
    },
    clear: async () => void (await Promise.all((await keys()).map((key) => secrets.delete(key)))),
    async sweep() {
      for (const key of await keys()) if ((await read(key)).length === 0) await secrets.delete(key);
    },
  };
}
