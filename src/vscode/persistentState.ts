import type * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { Deployment } from '../core/oauth/deployment.ts';
import { Userid } from '../core/oauth/settingValues.ts';
import { lenient } from '../core/schema.ts';
import type { Person } from '../core/sessions/session.ts';
import type { PendingClear } from '../core/secretClipboard.ts';

// Without a name it was remembered by an earlier version.
const Recent = z.union([
  z.object({ userid: Userid, name: z.optional(z.string()) }),
  z.pipe(
    Userid,
    z.transform((userid) => ({ userid })),
  ),
]);
const RecentUsers = lenient(z.array(lenient(z.optional(Recent), undefined)), []);
const Pending = lenient(z.optional(z.object({ digest: z.string(), at: z.number() })), undefined);

const welcomedKey = 'welcomed';
const clipboardKey = 'clipboard';
const mostRecentUsers = 5;

/** A user whom somebody signed in as, and what that user was called then. */
export interface RecentUser extends Pick<Person, 'name'> {
  readonly userid: string;
}

/** What the extension remembers across windows and restarts, other than secrets. */
export interface PersistentState {
  /** Whether the person was welcomed, or need not be. */
  readonly isWelcomed: () => boolean;
  readonly setWelcomed: () => Promise<void>;
  /** The user whose session was chosen last, empty for the application; `undefined` when none was. */
  readonly chosenUserid: (deployment: Deployment) => string | undefined;
  readonly chooseUserid: (deployment: Deployment, userid: string) => Promise<void>;
  /** Whom people signed in as lately, the latest first. */
  readonly recentUsers: (deployment: Deployment) => readonly RecentUser[];
  readonly addRecentUser: (deployment: Deployment, user: RecentUser) => Promise<void>;
  /** Notes what one of them is called, in its place. */
  readonly nameRecentUser: (deployment: Deployment, user: RecentUser) => Promise<void>;
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
  const recentKey = ({ key }: Deployment): string => `recent:${key}`;
  const chosenKey = ({ key }: Deployment): string => `current:${key}`;
  const secretKey = ({ key }: Pick<Deployment, 'key'>): string => `secret:${key}`;
  const hadSecret = (deployment: Pick<Deployment, 'key'>): boolean =>
    memento.get(secretKey(deployment)) === true;
  const recentUsers = (deployment: Deployment): readonly RecentUser[] =>
    RecentUsers.parse(memento.get(recentKey(deployment))).flatMap((user) => (user?.userid ? user : []));
  return {
    isWelcomed: () => memento.get(welcomedKey) === true,
    setWelcomed: () => remember(memento, welcomedKey, true),
    chosenUserid: (deployment) => Userid.safeParse(memento.get(chosenKey(deployment))).data,
    chooseUserid: async (deployment, userid) => {
      await remember(memento, chosenKey(deployment), userid);
      onChosen();
    },
    recentUsers,
    addRecentUser: (deployment, { userid, name }) => {
      const others = recentUsers(deployment).filter((other) => other.userid !== userid);
      const users = [{ userid, name }, ...others].slice(0, mostRecentUsers);
      return remember(memento, recentKey(deployment), users);
    },
    nameRecentUser: async (deployment, { userid, name }) => {
      const users = recentUsers(deployment);
      if (!users.some((user) => user.userid === userid && user.name !== name)) return;
      const named = users.map((user) => (user.userid === userid ? { userid, name } : user));
      await remember(memento, recentKey(deployment), named);
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
 * without what was set meanwhile. When a write has ended, all echoes before it have come.
 */
export async function remember(memento: vscode.Memento, key: string, value: unknown): Promise<void> {
  await memento.update(key, value);
  if (JSON.stringify(memento.get(key)) !== JSON.stringify(value)) await memento.update(key, value);
}
