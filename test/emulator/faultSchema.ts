import * as z from 'zod/mini';

/** Where a fault can show. */
export const endpoints = ['authorize', 'token', 'users', 'conversations'] as const;
const endpointSchema = z.enum(endpoints);

const anywhere = [
  'delay',
  'drop',
  '500',
  '502',
  'captivePortal',
  'garbage',
  'hugeBody',
  'slowBody',
  'retryAfter',
  'quotes',
  'redirect',
  'loginProxy',
  'negotiate',
  'signInPage',
  'badRequest',
  'forbidden',
  'notFound',
] as const;
const withJsonBody = ['wrongContentType'] as const;
const onAuthorize = [
  'errorRedirect',
  'noRedirect',
  'wrongState',
  'missingState',
  'doubledState',
  'missingCode',
  'wrongCode',
  'issuer',
] as const;
const onToken = ['missingExpiration', 'pastExpiration', 'missingToken'] as const;

/** The kinds that put another answer in the place of the endpoint's own. */
const replacing: ReadonlySet<string> = new Set([
  'drop',
  '500',
  '502',
  'captivePortal',
  'garbage',
  'retryAfter',
  'quotes',
  'redirect',
  'loginProxy',
  'negotiate',
  'signInPage',
  'badRequest',
  'forbidden',
  'notFound',
]);

const kindsOf: Record<z.infer<typeof endpointSchema>, readonly string[]> = {
  authorize: [...anywhere, ...onAuthorize],
  token: [...anywhere, ...withJsonBody, ...onToken],
  users: [...anywhere, ...withJsonBody],
  conversations: [...anywhere, ...withJsonBody],
};

/** A fault to inject. The endpoint shows it on its next `times` requests. */
export const faultSchema = z
  .strictObject({
    endpoint: endpointSchema,
    kind: z.enum([...anywhere, ...withJsonBody, ...onAuthorize, ...onToken]),
    /** 0 means until the next reset. */
    times: z._default(z.number().check(z.int(), z.nonnegative()), 1),
    /** The wait before the request is looked at; of `slowBody`, the pause between two pieces of the body. */
    delayMs: z.optional(z.number().check(z.nonnegative())),
    /** Whether a replaced answer's request still took effect (a code was used up, a token issued). */
    processed: z.optional(z.boolean()),
    /** Of `errorRedirect`. */
    error: z._default(z.string(), 'access_denied'),
    errorDescription: z._default(z.string(), 'The request was refused.'),
    errorUri: z.optional(z.string()),
    /** Of `retryAfter`. */
    retryAfterSeconds: z._default(z.number(), 7),
    /** Of `redirect`: where the request is sent on to, path and query unchanged. */
    origin: z.optional(z.url()),
  })
  .check(
    z.refine(
      (fault) => kindsOf[fault.endpoint].includes(fault.kind),
      'this endpoint has no fault of this kind',
    ),
    z.refine((fault) => fault.kind !== 'redirect' || fault.origin !== undefined, 'redirect needs an origin'),
    z.refine(
      (fault) => fault.processed === undefined || replacing.has(fault.kind),
      'processed is only for kinds that replace the answer',
    ),
  );

/** A fault in force. */
export type Fault = z.infer<typeof faultSchema>;
/** A fault as a test writes it. */
export type FaultInput = z.input<typeof faultSchema>;
/** What can go wrong. */
export type FaultKind = Fault['kind'];
/** Where it can go wrong. */
export type Endpoint = Fault['endpoint'];
