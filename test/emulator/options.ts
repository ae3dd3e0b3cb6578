import * as z from 'zod/mini';
import { seedClients, seedUsers } from './seed.ts';

/** The options that can change while the emulator runs. */
export const behaviourSchema = z.strictObject({
  /** `immediate` redirects at once, as documented; `login` shows a page with Allow and Deny first. */
  mode: z.enum(['immediate', 'login']),
  tokenLifetimeSeconds: z.number().check(z.positive()),
  codeLifetimeSeconds: z.number().check(z.positive()),
  /**
   * `ignoreQuery` compares redirect URIs without their query, for hosts that add one of their own; `normalized`
   * compares them as URIs, and redirects to the normal spelling.
   */
  redirectMatch: z.enum(['exact', 'ignoreQuery', 'normalized']),
  /** `2025-03-31T13:12:17` followed by `Z`, `.1234567Z`, `+00:00` or nothing. */
  expirationStyle: z.enum(['Z', 'fraction', 'offset', 'none']),
  /** Shifts the emulator's whole idea of the time, seen from the machine it runs on. */
  clockSkewSeconds: z.number(),
  /** The only one of the two documented paths that answers; the other is a 404. */
  usersPath: z.enum(['/api/Users/ListUsers', '/api/ListUsers']),
  /** `null` is a list that is null, `none` an answer without content. */
  listUsersShape: z.enum(['array', 'users', 'data', 'value', 'items', 'null', 'none']),
  /** Ids that are whole numbers are written as such, of whatever size. */
  numericIds: z.boolean(),
  /** Random strings in place of JWTs. */
  opaqueTokens: z.boolean(),
  users: z.array(z.strictObject({ id: z.string(), name: z.string() })),
  clients: z.array(
    z.strictObject({ client_id: z.string(), client_secret: z.string(), redirect_uri: z.string() }),
  ),
});

/** Everything about the emulator that can change while it runs. */
export type BehaviourOptions = z.infer<typeof behaviourSchema>;

/** What an emulator is started with. */
export interface EmulatorOptions extends BehaviourOptions {
  host: string;
  port: number;
}

/** The documented behaviour. */
export const defaultBehaviour: BehaviourOptions = {
  mode: 'immediate',
  tokenLifetimeSeconds: 3600,
  codeLifetimeSeconds: 60,
  redirectMatch: 'exact',
  expirationStyle: 'Z',
  clockSkewSeconds: 0,
  usersPath: '/api/Users/ListUsers',
  listUsersShape: 'array',
  numericIds: false,
  opaqueTokens: false,
  users: [...seedUsers],
  clients: [...seedClients],
};

/** `current` with the properties of `patch` in place of its own; throws a `ZodError` when the result is not valid. */
export function patchBehaviour(current: BehaviourOptions, patch: object): BehaviourOptions {
  return behaviourSchema.parse({ ...current, ...patch });
}
