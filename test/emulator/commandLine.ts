import { parseArgs } from 'node:util';
import type { EmulatorOptions } from './options.ts';
import { guidClient, manyUsers, seedClients, seedUsers, withGuids } from './seed.ts';

/** How the emulator's command line is used. */
export const usage = `Usage: airisk-emulator [options]            (in a clone: npm run emulator -- [options])

Starts an AIRisk deployment on this computer, and ends on Ctrl+C.

  --port PORT              a free one when left out
  --host HOST              127.0.0.1 when left out
  --lifetime SECONDS       how long its tokens live; 3600 when left out
  --login                  shows a page to log in: no token is renewed without the browser
  --ignore-redirect-query  compares redirect URIs without their query, which a browser-hosted VS Code adds to
  --users N                how many users it has; ${seedUsers.length} when left out
  --help, -h

While it runs, with ORIGIN for the address that it prints:

  curl -X POST ORIGIN/_admin/revoke        makes every token invalid: the next request with one gets a 401
  curl -X PUT ORIGIN/_admin/network -d '{"offline":true}'   cuts every connection
  curl -X PUT ORIGIN/_admin/network -d '{"delayMs":5000}'   answers slowly
  curl -X PUT ORIGIN/_admin/network -d '{}'                 as usual again
  curl -X PATCH ORIGIN/_admin/options -d '{"tokenLifetimeSeconds":5}'   for the tokens from now on
  curl ORIGIN/_admin/requests              what it was asked
  curl -X POST ORIGIN/_admin/reset         everything as at the start`;

class UsageError extends Error {}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new UsageError(`--${name} must be a whole number from ${min} to ${max}, not "${text}".`);
}

/**
 * What a command line asks for.
 * @returns nothing when it asks for help
 * @throws an error that `isUsageError` knows
 */
export function readArguments(args: readonly string[]): Partial<EmulatorOptions> | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '0' },
      host: { type: 'string', default: '127.0.0.1' },
      lifetime: { type: 'string', default: '3600' },
      login: { type: 'boolean', default: false },
      'ignore-redirect-query': { type: 'boolean', default: false },
      users: { type: 'string', default: String(seedUsers.length) },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    port: wholeNumber('port', values.port, 0, 65_535),
    host: values.host,
    tokenLifetimeSeconds: wholeNumber('lifetime', values.lifetime, 1, 10 * 365 * 86_400),
    mode: values.login ? 'login' : 'immediate',
    redirectMatch: values['ignore-redirect-query'] ? 'ignoreQuery' : 'exact',
    users: withGuids(manyUsers(wholeNumber('users', values.users, 0, 100_000))),
    clients: [guidClient, ...seedClients],
  };
}

/** Whether an error is the fault of who wrote the command line: its message is for them. */
export function isUsageError(error: unknown): error is Error {
  return (
    error instanceof UsageError ||
    (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
  );
}
