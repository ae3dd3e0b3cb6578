import type { Deployment } from './deployment.ts';

/** The shells that a command line can be quoted for. */
export type Shell = 'posix' | 'powershell';

/**
 * The command line of a documented request: `GetConversations` for a user's token, `ListUsers` for a generic one.
 * @see airisk-api.md, Using a token
 */
export function curlCommand(
  shell: Shell,
  { origin }: Pick<Deployment, 'origin'>,
  userid: string,
  accessToken: string,
): string {
  const url = origin + (userid === '' ? '/api/Users/ListUsers' : '/api/GetConversations');
  // In Windows PowerShell `curl` is another program: an alias of Invoke-WebRequest.
  const [program, quote] = shell === 'posix' ? ['curl', quotePosix] : ['curl.exe', quotePowerShell];
  return `${program} --header ${quote(`Authorization: Bearer ${accessToken}`)} ${quote(url)}`;
}

/** Quotes one argument for any POSIX shell. @see POSIX.1-2017, Shell Command Language, §2.2.2 */
export function quotePosix(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * Quotes one argument for PowerShell, which takes typographic quotes for single quotes too. Windows PowerShell 5.1
 * loses double quotes on the way to a program whatever the quoting; RFC 6750 §2.1 tokens have none.
 * @see about_Quoting_Rules
 */
export function quotePowerShell(text: string): string {
  return `'${text.replaceAll(/['\u2018-\u201b]/g, '$&$&')}'`;
}
