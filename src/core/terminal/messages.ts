import * as z from 'zod/mini';

/** The most that a request of the helper may have, in bytes. */
export const mostRequestBytes = 8_192;

/** The most that an answer to the helper may have, in bytes: enough for every token. */
export const mostAnswerBytes = 1_048_576;

/** What the helper in a terminal asks the window for. All of it is the terminal's word, and nothing proves it. */
export const TokenRequest = z.object({
  /** Absent for the session in use, empty for the generic token. */
  userid: z.optional(z.string()),
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
export type TokenRequest = z.infer<typeof TokenRequest>;

/** A token, with what a program needs to use it. */
export const TokenAnswer = z.object({
  accessToken: z.string().check(z.minLength(1)),
  /** Epoch ms. */
  expiration: z.number(),
  /** Empty for the generic token. */
  userid: z.string(),
  origin: z.string(),
});
export type TokenAnswer = z.infer<typeof TokenAnswer>;

/** Why there is no token, and one line for the person in the language of the window. */
export const Refusal = z.object({
  refusal: z.enum(['denied', 'signedOut', 'failed']),
  message: z.string(),
});
export type Refusal = z.infer<typeof Refusal>;

/** What the window answers. */
export const Answer = z.union([TokenAnswer, Refusal]);
export type Answer = z.infer<typeof Answer>;

/** Where the window that answers is found; only its owner can read it. */
export const Descriptor = z.object({
  /** The path of a Unix socket, or the name of a pipe on Windows. */
  socket: z.string(),
  /** 256 bits in base64url: whoever proves them may ask. */
  key: z.string().check(z.regex(/^[\w-]{43}$/)),
});
export type Descriptor = z.infer<typeof Descriptor>;
