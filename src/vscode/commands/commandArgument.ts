import * as z from 'zod/mini';
import { AiriskError } from '../../core/errors.ts';
import { sameState } from '../../core/oauth/authorizationResponse.ts';
import { isUserid } from '../../core/oauth/userid.ts';

/** A userid as an argument of a command: empty for the application. */
export const Userid = z.string().check(z.refine((userid) => userid === '' || isUserid(userid)));

const Target = z.optional(z.object({ userid: z.optional(Userid) }));
const WaitingSignIn = z.optional(z.object({ account: z.optional(z.string()) }));
const OwnCall = z.object({ ticket: z.string() });

/**
 * The userid that a command's argument names, if any.
 * @throws AiriskError `invalid_setting` for an argument of another shape
 */
export function targetUserid(argument: unknown): string | undefined {
  const target = Target.safeParse(argument);
  if (!target.success) throw new AiriskError('invalid_setting', { subject: 'userid' });
  return target.data?.userid;
}

/**
 * The account, as messages name it, whose sign-in is to end; `undefined` for all.
 * @throws AiriskError `invalid_setting` for an argument of another shape
 */
export function waitingAccount(argument: unknown): string | undefined {
  const waiting = WaitingSignIn.safeParse(argument);
  if (!waiting.success) throw new AiriskError('invalid_setting', { subject: 'account' });
  return waiting.data?.account;
}

/**
 * Whether a command was called by this extension's own menus and links: only they have the ticket of this window. The
 * palette cannot be told from another extension, which could take a token unseen.
 */
export function isOwnCall(argument: unknown, ticket: string): boolean {
  const { data } = OwnCall.safeParse(argument);
  return data !== undefined && sameState(ticket, data.ticket);
}
