import type * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { Deployment } from '../core/oauth/deployment.ts';
import { Userid } from '../core/oauth/settingValues.ts';
import { lenient } from '../core/schema.ts';
import type { PendingClear } from '../core/secretClipboard.ts';

const Pending = lenient(z.optional(z.object({ digest: z.string(), at: z.number() })), undefined);

const welcomedKey = 'welcomed';
const clipboardKey = 'clipboard';

/** What the extension remembers across windows and restarts, other than secrets. */
export interface PersistentState {
  /** Whether the person was welcomed, or need not be. */
  readonly isWelcomed: () => boolean;
  readonly setWelcomed: () => Promise<void>;
  /** The user whose session was chosen last, empty for the application; `undefined` when none was. */
  readonly chosenUserid: (deployment: Pick<Deployment, 'key'>) => string | undefined;
  readonly chooseUserid: (deployment: Pick<Deployment, 'key'>, userid: string | undefined) => Promise<void>;
  /** Whether a client secret was stored, in whichever window, and not removed since. */
  readonly hadSecret: (deployment: Deployment) => boolean;
  readonly setHadSecret: (deployment: Pick<Deployment, 'key'>, had: boolean) => Promise<void>;
  /** The copied token, as a hash, that is still to be taken off the clipboard. */
  readonly pendingClear: () => PendingClear | undefined;
  readonly setPendingClear: (pending: PendingClear | undefined) => Promise<void>;
}

/**
 * Keeps all of it in the extension's global state: no userid is a secret.
 * @param onChosen called when a user's session was chosen
 */
export function createPersistentState(
  memento: vscode.ExtensionContext['globalState'],
  onChosen: () => void,
): PersistentState {
  // Settings Sync carries that to the person's other computers.
  memento.setKeysForSync([welcomedKey]);
  const chosenKey = ({ key }: Pick<Deployment, 'key'>): string => `current:${key}`;
  const secretKey = ({ key }: Pick<Deployment, 'key'>): string => `secret:${key}`;
  const hadSecret = (deployment: Pick<Deployment, 'key'>): boolean =>
    memento.get(secretKey(deployment)) === true;
  return {
    isWelcomed: () => memento.get(welcomedKey) === true,
    setWelcomed: () => remember(memento, welcomedKey, true),
    chosenUserid: (deployment) => Userid.safeParse(memento.get(chosenKey(deployment))).data,
    chooseUserid: async (deployment, userid) => {
      await remember(memento, chosenKey(deployment), userid);
      onChosen();
    },
    hadSecret,
    setHadSecret: async (deployment, had) => {
      if (hadSecret(deployment) !== had) await remember(memento, secretKey(deployment), had || undefined);
    },
    pendingClear: () => Pending.parse(memento.get(clipboardKey)),
    setPendingClear: (pending) => remember(memento, clipboardKey, pending),
  };
}

/**
 * Writes a value, and once more when VS Code loses it: it takes the echo of an earlier write for the whole state,
 * without what was set meanwhile. When a write has ended, all echoes before it have come. A later value stays.
 */
export async function remember(memento: vscode.Memento, key: string, value: unknown): Promise<void> {
  const stored = (): string | undefined => JSON.stringify(memento.get(key));
  const before = stored();
  await memento.update(key, value);
  if (stored() === before && before !== JSON.stringify(value)) await memento.update(key, value);
}
