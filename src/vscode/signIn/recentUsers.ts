import type * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { Deployment } from '../../core/oauth/deployment.ts';
import { lazily, where } from '../../core/schema.ts';
import type { Sessions } from '../../core/sessions/sessions.ts';
import { keep } from '../persistentState.ts';

const Recent = lazily(() =>
  where(
    z.unknown(),
    (value): value is string[] => Array.isArray(value) && value.every((userid) => typeof userid === 'string'),
  ),
);

/** Remembers whom people signed in as lately, for each deployment, the latest first. */
export interface RecentUsers {
  get(deployment: Deployment): readonly string[];
  add(deployment: Deployment, userid: string): Promise<void>;
}

/** Keeps recent userids in the extension's global state: they are no secrets. */
export function createRecentUsers(state: vscode.Memento): RecentUsers {
  const get = (deployment: Deployment): string[] =>
    Recent().safeParse(state.get(`recent:${deployment.key}`)).data ?? [];
  return {
    get,
    add: (deployment, userid) =>
      keep(state, `recent:${deployment.key}`, rememberUserid(get(deployment), userid)),
  };
}

/** Remembers every user who signs in. */
export function rememberRecentUsers(sessions: Sessions, recentUsers: RecentUsers): { dispose(): void } {
  return sessions.onDidChange(({ added, changed, reason }) => {
    const { deployment } = sessions;
    if (!deployment || reason !== 'signIn') return;
    for (const { userid } of [...added, ...changed]) {
      // A list that cannot be written is no reason for a message: it only saves typing.
      if (userid !== '') recentUsers.add(deployment, userid).catch(() => undefined);
    }
  });
}

/** Puts a userid first among the recent ones, each of which stands once; the oldest go. */
export function rememberUserid(recent: readonly string[], userid: string, most = 5): string[] {
  return [userid, ...recent.filter((other) => other !== userid)].slice(0, most);
}
