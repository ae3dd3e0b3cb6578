import { visible } from '../../core/oauth/settingValues.ts';
import type { User } from '../../core/oauth/users.ts';

/**
 * The user whom a typed text means: by the whole id, or by a whole name that nobody else has. Never one who is only
 * like it: somebody else would be signed in as.
 */
export function exactUser(users: readonly User[], typed: string): User | undefined {
  const text = visible(typed);
  const byId = users.find(({ userid }) => userid === text);
  const byName = users.filter(({ name }) => name !== '' && isSameName(name, text));
  return byId ?? (byName.length === 1 ? byName[0] : undefined);
}

/** Whether people take one name for the other. */
export function isSameName(one: string, other: string): boolean {
  return comparable(one) === comparable(other);
}

/** The same for names that people take for one, however they are encoded (UAX #15) and whatever is invisible in them. */
function comparable(name: string): string {
  return visible(name.normalize('NFC')).toLowerCase();
}

/**
 * Users in whose name or id the letters typed stand in this order: no fewer than an editor's fuzzy search finds. Those
 * with the text as a whole come first.
 */
export function roughMatches(users: readonly User[], typed: string): User[] {
  const text = comparable(typed);
  const letters = Array.from(text);
  const rank = (hay: string): number => {
    if (hay.includes(text)) return 2;
    let from = 0;
    const isRough = letters.every((letter) => {
      from = hay.indexOf(letter, from) + 1;
      return from > 0;
    });
    return Number(isRough);
  };
  const ranked = users.map((user) => ({
    user,
    rank: Math.max(rank(comparable(user.name)), rank(comparable(user.userid))),
  }));
  return [2, 1].flatMap((wanted) => ranked.filter((one) => one.rank === wanted).map(({ user }) => user));
}
