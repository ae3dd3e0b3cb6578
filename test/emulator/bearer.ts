import type { EmulatorContext } from './env.ts';
import type { AuthorizationKind } from './logEntry.ts';
import type { EmulatorState } from './state.ts';
import type { IssuedToken } from './tokens.ts';

/** The live token in the Authorization header, and what the header is worth. @see RFC 6750 §2.1 */
export function readBearer(
  c: EmulatorContext,
  state: EmulatorState,
): { kind: AuthorizationKind; token: IssuedToken | undefined } {
  const header = c.req.header('authorization');
  if (header === undefined) return { kind: 'none', token: undefined };
  const bearer = /^Bearer +(\S+)$/i.exec(header)?.[1];
  const token = bearer === undefined ? undefined : state.tokens.find(bearer, state.now());
  if (!token) return { kind: 'invalid', token };
  return { kind: token.userid === undefined ? 'generic' : 'user', token };
}
