import { parseArgs } from 'node:util';
import { startEmulator } from './emulator.ts';
import type { EmulatorOptions } from './options.ts';
import { manyUsers, seedClients, seedUsers } from './seed.ts';

const usage = `Usage: npm run emulator -- [--port PORT] [--host HOST] [--lifetime SECONDS] [--login] [--ignore-redirect-query] [--users N]`;

class UsageError extends Error {}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new UsageError(`--${name} must be a whole number from ${min} to ${max}, not "${text}".`);
}

/** What the command line asks for; nothing where it asks for help. */
function readArguments(): Partial<EmulatorOptions> | undefined {
  const { values } = parseArgs({
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

function isUsageError(error: unknown): error is Error {
  return (
    error instanceof UsageError ||
    (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
  );
}

async function main(): Promise<void> {
  const options = readArguments();
  if (!options) {
    console.log(usage);
    return;
  }
  const emulator = await startEmulator(options);
  console.log(`AIRisk emulator at ${emulator.origin}`);
  for (const client of seedClients) {
    console.log(`client ${client.client_id}  secret ${client.client_secret}`);
    for (const uri of client.redirect_uri.split(',')) console.log(`  redirect URI ${uri}`);
  }
  const users = options.users ?? [];
  for (const user of users.slice(0, 20)) console.log(`user ${user.id}  ${user.name}`);
  if (users.length > 20) console.log(`… and ${users.length - 20} more users`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void emulator.close());
}

try {
  await main();
} catch (error) {
  const wrongUse = isUsageError(error);
  console.error(wrongUse ? `${error.message}\n${usage}` : `The emulator did not start: ${String(error)}`);
  process.exitCode = wrongUse ? 2 : 1;
}
