import * as z from 'zod/mini';
import type { Deployment } from '../oauth/deployment.ts';
import { isUserid } from '../oauth/userid.ts';
import { parseJson } from '../schema.ts';
import { taskQueue } from '../tasks.ts';
import type { Person, Session } from './session.ts';
import type { SecretStore } from './store.ts';

/** A user whom somebody signed in as, and what that user is called. */
interface RecentUser extends Pick<Person, 'name'> {
  readonly userid: string;
}

/** Whom people signed in as lately, signed out or not. */
export interface RecentUsers {
  /** The latest first. */
  readonly list: (deployment: Deployment) => Promise<readonly RecentUser[]>;
  /** Makes the user of a session the latest one; the application is none. */
  readonly add: (session: Pick<Session, 'deployment' | 'userid' | 'name'>) => Promise<void>;
  /** Notes what a list of all users says, by their ids; whom it lacks keeps a name that is known. */
  readonly note: (deployment: Deployment, names: ReadonlyMap<string, string>) => Promise<void>;
}

/** What the storage keys of all recent users begin with. */
export const recentKeysStart = 'recent:v1:';

const Recent = z.object({
  userid: z.string().check(z.refine(isUserid)),
  name: z.optional(z.string()),
  /** A time that is later than those of the users before: epoch ms, as a rule. */
  at: z.number(),
});
type Recent = z.infer<typeof Recent>;

const most = 5;

/**
 * Keeps recent users in SecretStorage, one record each: a write takes away nothing that another window has written,
 * as it would in the state of an extension, which VS Code writes as a whole.
 * @param now epoch ms
 */
export function createRecentUsers(secrets: SecretStore, now: () => number): RecentUsers {
  const inTurn = taskQueue(1);
  const prefixOf = ({ key }: Deployment): string => `${recentKeysStart}${key}:`;
  const keyOf = (deployment: Deployment, userid: string): string =>
    prefixOf(deployment) + encodeURIComponent(userid);
  const store = (deployment: Deployment, recent: Recent): Promise<void> =>
    secrets.store(keyOf(deployment, recent.userid), JSON.stringify(recent));
  const read = async (deployment: Deployment): Promise<Recent[]> => {
    const keys = (await secrets.keys()).filter((key) => key.startsWith(prefixOf(deployment)));
    const records = await Promise.all(
      keys.map(async (key) => {
        const recent = parseJson(Recent, (await secrets.get(key)) ?? '');
        return recent && keyOf(deployment, recent.userid) === key ? recent : undefined;
      }),
    );
    return records.filter((recent) => recent !== undefined).toSorted((a, b) => b.at - a.at);
  };
  return {
    // In turn: whoever has just signed in is there.
    list: (deployment) =>
      inTurn(async () =>
        (await read(deployment)).slice(0, most).map(({ userid, name }) => ({ userid, name })),
      ),
    add: ({ deployment, userid, name }) =>
      inTurn(async () => {
        if (userid === '') return;
        const all = await read(deployment);
        const others = all.filter((other) => other.userid !== userid);
        const known = all.find((other) => other.userid === userid)?.name;
        // Whatever the clock does, and at the same moment too.
        const at = Math.max(now(), ...others.map((other) => other.at + 1));
        // An empty one may come from a list that lacks this user.
        await store(deployment, { userid, name: name || (known ?? name), at });
        await Promise.all(
          others.slice(most - 1).map((other) => secrets.delete(keyOf(deployment, other.userid))),
        );
      }),
    note: (deployment, names) =>
      inTurn(async () => {
        for (const recent of await read(deployment)) {
          const name = names.get(recent.userid) ?? recent.name ?? '';
          if (recent.name !== name) await store(deployment, { ...recent, name });
        }
      }),
  };
}
