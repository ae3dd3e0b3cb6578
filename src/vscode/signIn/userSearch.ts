import type { User } from '../../core/oauth/users.ts';
import { isUserid } from '../../core/oauth/userid.ts';

/**
 * What was typed, as a userid, where it is found in no user's name or id; `undefined` where it is found, or cannot
 * be a userid.
 */
export function unlistedUserid(users: readonly User[], typed: string): string | undefined {
  const userid = typed.trim();
  const wanted = userid.toLowerCase();
  const listed = users.some(
    (user) => user.name.toLowerCase().includes(wanted) || user.userid.toLowerCase().includes(wanted),
  );
  return isUserid(userid) && !listed ? userid : undefined;
}

/** Users in whose name or id the letters typed stand in this order: no fewer than an editor's fuzzy search finds. */
export function roughMatches(users: readonly User[], typed: string): User[] {
  const letters = Array.from(typed.trim().toLowerCase());
  return users.filter(({ name, userid }) =>
    [name, userid].some((text) => {
      const lower = text.toLowerCase();
      let from = 0;
      return letters.every((letter) => {
        from = lower.indexOf(letter, from) + 1;
        return from > 0;
      });
    }),
  );
}
