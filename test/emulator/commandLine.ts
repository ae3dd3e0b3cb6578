import { parseArgs } from 'node:util';
import type { EmulatorOptions } from './options.ts';
import { manyUsers, seedUsers } from './seed.ts';

/** How the emulator's command line is used. */
export const usage = `Usage: npm run emulator -- [--port PORT] [--host HOST] [--lifetime SECONDS] [--login] [--ignore-redirect-query] [--users N]`;

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
    users: manyUsers(wholeNumber('users', values.users, 0, 100_000)),
  };
}

/** Whether an error is the fault of who wrote the command line: its message is for them. */
export function isUsageError(error: unknown): error is Error {
  return (
    error instanceof UsageError ||
    (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
  );
}
