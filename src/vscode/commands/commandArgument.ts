import * as z from 'zod/mini';
import { AiriskError } from '../../core/errors.ts';
import { isUserid } from '../../core/oauth/userid.ts';
import { lazily, string, where } from '../../core/schema.ts';

/** An optional userid as an argument of a command: empty for the application. */
export const Userid = lazily(() =>
  z.optional(where(string(), (userid) => userid === '' || isUserid(userid))),
);
const Target = lazily(() => z.optional(z.object({ userid: Userid() })));

/**
 * The userid that a command's argument names, if any.
 * @throws AiriskError `invalid_setting` for an argument of another shape
 */
export function targetUserid(argument: unknown): string | undefined {
  const target = Target().safeParse(argument);
  if (!target.success) throw new AiriskError('invalid_setting', { subject: 'userid' });
  return target.data?.userid;
}
