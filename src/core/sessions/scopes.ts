import { AiriskError } from '../errors.ts';
import { isUserid } from '../oauth/userid.ts';
import { plainText } from '../text.ts';

/**
 * Which sessions the scopes of a `getSession` call ask for.
 * @returns the userid (empty for the generic token), or `undefined` for any session
 * @throws AiriskError `invalid_scopes` for anything but `[]`, `["userid:ID"]` and `["generic"]`
 */
export function useridOfScopes(scopes: readonly string[] = []): string | undefined {
  const [scope, ...more] = scopes;
  if (scope === undefined) return undefined;
  if (more.length === 0 && scope === 'generic') return '';
  if (more.length === 0 && scope.startsWith('userid:') && isUserid(scope.slice(7))) return scope.slice(7);
  throw new AiriskError('invalid_scopes', { subject: plainText(scopes.join(' ')) });
}
