import { isUsageError, readArguments, usage } from './commandLine.ts';
import { startEmulator } from './emulator.ts';

async function main(): Promise<void> {
  const options = readArguments(process.argv.slice(2));
  if (!options) {
    console.log(usage);
    return;
  }
  const emulator = await startEmulator(options);
  console.log(`AIRisk emulator at ${emulator.origin}`);
  for (const client of options.clients ?? []) {
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
  console.error(
    wrongUse
      ? `${error.message} Run it with --help to see what it takes.`
      : `The emulator did not start: ${String(error)}`,
  );
  process.exitCode = wrongUse ? 2 : 1;
}
