import { AiriskError } from '../errors.ts';
import { isUserid } from '../oauth/userid.ts';
import { plainText } from '../text.ts';

/** Whose session a caller takes: anybody's, that of any user but not of the application, or of one userid. */
export type Wanted = 'any' | 'user' | { readonly userid: string };

/** What the scopes of a `getSession` call name. */
interface ScopeParts {
  /** The name of a deployment; none for the one in use. */
  readonly deployment: string | undefined;
  /** The other scopes, for {@link readScopes}. */
  readonly others: readonly string[];
}

/**
 * Takes the scope `deployment:NAME` out of scopes.
 * @throws AiriskError `invalid_scopes` for more than one, or one without a name or with blanks around it
 */
export function splitScopes(scopes: readonly string[] = []): ScopeParts {
  const start = 'deployment:';
  const names = scopes.filter((scope) => scope.startsWith(start)).map((scope) => scope.slice(start.length));
  if (names.length > 1 || names.some((name) => name === '' || name !== name.trim())) throw invalid(scopes);
  return { deployment: names[0], others: scopes.filter((scope) => !scope.startsWith(start)) };
}

/**
 * Which sessions the scopes of a `getSession` call ask for; an empty userid is the application.
 * @throws AiriskError `invalid_scopes` for anything but `[]`, `["user"]`, `["userid:ID"]` and `["generic"]`
 */
export function readScopes(scopes: readonly string[] = []): Wanted {
  const [scope, ...more] = scopes;
  if (scope === undefined) return 'any';
  const [, userid] = /^userid:(.+)$/s.exec(scope) ?? [];
  if (more.length === 0 && scope === 'user') return 'user';
  if (more.length === 0 && scope === 'generic') return { userid: '' };
  if (more.length === 0 && userid !== undefined && isUserid(userid)) return { userid };
  throw invalid(scopes);
}

/** Quoted, so that a blank around one can be seen. */
function invalid(scopes: readonly string[]): AiriskError {
  const subject = plainText(scopes.map((scope) => JSON.stringify(scope)).join(', '));
  return new AiriskError('invalid_scopes', { subject });
}

/** Whether a session of this userid is one that a caller takes. */
export function isWanted(wanted: Wanted, userid: string): boolean {
  if (typeof wanted === 'object') return userid === wanted.userid;
  return wanted === 'any' || userid !== '';
}
