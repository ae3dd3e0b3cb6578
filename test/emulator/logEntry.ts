import * as z from 'zod/mini';

const authorizationKindSchema = z.enum(['generic', 'user', 'none', 'invalid']);

/** The shape of one line of the request log. */
export const loggedRequestSchema = z.strictObject({
  method: z.string(),
  path: z.string(),
  /** Path and query exactly as they came over the wire. */
  url: z.string(),
  /** Decoded; of a repeated parameter the first. */
  query: z.record(z.string(), z.string()),
  /** The body's fields, decoded; values that are not strings as JSON. */
  body: z.record(z.string(), z.string()),
  bodyFormat: z.enum(['form', 'json', 'other', 'none']),
  authorization: authorizationKindSchema,
  /** The kind of fault that was in force, if any. */
  fault: z.nullable(z.string()),
  /** 0 while unanswered, and for ever when the connection was dropped. */
  status: z.number(),
  /** From arrival to the answer's headers, injected delays included. */
  ms: z.number(),
});

/** One request that the emulator received, in order of arrival. */
export type LoggedRequest = z.infer<typeof loggedRequestSchema>;
/** What an Authorization header was worth when it arrived. `invalid` includes expired and revoked tokens. */
export type AuthorizationKind = z.infer<typeof authorizationKindSchema>;
