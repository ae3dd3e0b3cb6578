import * as z from 'zod/mini';

/** The most that an answer to the helper may have, in bytes: enough for every token. */
export const mostAnswerBytes = 1_048_576;

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
