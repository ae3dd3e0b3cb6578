import type { Deployment } from '../oauth/deployment.ts';
import type { Http } from '../oauth/http.ts';
import { listUsers, type User } from '../oauth/users.ts';
import { joinTasks } from '../tasks.ts';
import type { RecentUsers } from './recentUsers.ts';
import { remainingMs } from './session.ts';
import type { SessionStore } from './store.ts';

/** What names are learned with. */
export interface NamesParts {
  readonly store: SessionStore;
  readonly recentUsers: Pick<RecentUsers, 'note'>;
  readonly http: () => Http;
  /** Epoch ms. */
  readonly now: () => number;
}

/**
 * What the users of sessions, and recent ones, are called, as ListUsers says. No token is obtained for it: one that
 * lives is used.
 */
export interface Names {
  /** What a user is called: empty for one without a name, `undefined` when that cannot be known now. */
  readonly find: (deployment: Deployment, userid: string) => Promise<string | undefined>;
  /** Learns the names of a deployment's sessions once, if there is one whose name nobody has asked for. */
  readonly learn: (deployment: Deployment) => Promise<void>;
  /** Notes what a list of all users says; whom it lacks keeps a name that is known. */
  readonly note: (deployment: Deployment, users: readonly User[]) => Promise<void>;
}

/** Makes what learns names. */
export function createNames({ store, recentUsers, http, now }: NamesParts): Names {
  const lists = joinTasks<readonly User[] | undefined>();
  /** By the key of the deployment, the token that it was tried with last: a different one may do better. */
  const tried = new Map<string, string>();

  const note: Names['note'] = async (deployment, users) => {
    const names = new Map(users.map(({ userid, name }) => [userid, name]));
    const people = (await store.list(deployment)).filter(({ userid }) => userid !== '');
    await Promise.all([
      recentUsers.note(deployment, names),
      // A list may lack somebody who is in the next one.
      ...people.map((session) => store.rename(session, names.get(session.userid) ?? session.name ?? '')),
    ]);
  };
  const list = (deployment: Deployment): Promise<readonly User[] | undefined> =>
    lists(deployment.key, async () => {
      const generic = await store.get(deployment, '');
      if (!generic || remainingMs(generic, now()) <= 0) return undefined;
      tried.set(deployment.key, generic.accessToken);
      const { users } = await listUsers(http(), deployment, generic.accessToken);
      await note(deployment, users);
      return users;
    });
  return {
    find: async (deployment, userid) => {
      const stored = await store.get(deployment, userid).catch(() => undefined);
      if (stored?.name !== undefined) return stored.name;
      const users = await list(deployment).catch(() => undefined);
      return users && (users.find((user) => user.userid === userid)?.name ?? '');
    },
    learn: async (deployment) => {
      const stored = await store.list(deployment);
      if (!stored.some(({ userid, name }) => userid !== '' && name === undefined)) return;
      const generic = stored.find(({ userid }) => userid === '');
      if (!generic || tried.get(deployment.key) === generic.accessToken) return;
      await list(deployment);
    },
    note,
  };
}
