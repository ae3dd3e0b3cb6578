// By itself, so that the helper, which reads none, does not carry what reading one takes.
import * as z from 'zod/mini';
import { Userid } from '../oauth/settingValues.ts';

/** The most that a request of the helper may have, in bytes. */
export const mostRequestBytes = 8_192;

/** What the helper in a terminal asks the window for. All of it is the terminal's word, and nothing proves it. */
export const HelperRequest = z.object({
  /** Absent for the session in use, empty for the generic token. */
  userid: z.optional(Userid),
  /** The name of a deployment; absent for the one in use. */
  deployment: z.optional(z.string()),
  /** How long the token must live at least, in seconds. */
  minLifetimeSeconds: z.int().check(z.nonnegative()),
  /** Which terminal it is, the same for all its life: a random name that opens nothing. */
  terminal: z.optional(z.string().check(z.regex(/^[\w.-]{1,100}$/))),
  /** The processes that the helper was started by, the nearest first: they say the name of the terminal. */
  ancestors: z.array(z.int()).check(z.maxLength(64)),
  /** The mark of an AI agent in the environment. */
  agent: z.optional(z.string().check(z.maxLength(40))),
});
export type HelperRequest = z.infer<typeof HelperRequest>;
