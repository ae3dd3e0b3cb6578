import * as z from 'zod/mini';
import { isLoopback } from '../../core/oauth/deployment.ts';
import { lazily } from '../../core/schema.ts';
import { Userid } from '../commands/commandArgument.ts';
import type { CommandParts } from '../commands/commands.ts';
import { ClientSecret } from '../secretStorage.ts';

const Input = lazily(() => z.object({ clientSecret: ClientSecret(), userid: Userid() }));

/**
 * `airisk.signInForTests` gives the tests of other extensions a session without a browser and without a person:
 * `{ clientSecret, userid }`, an empty userid for the generic token, none for the secret alone. It works against this
 * computer only; a real deployment is never asked.
 * @throws Error for an address that is no loopback one, ZodError for an argument of another shape, AiriskError
 */
export async function signInForTests(parts: CommandParts, argument: unknown): Promise<void> {
  const { readSettings, deploymentOf, clientSecrets, sessions, flow } = parts;
  const deployment = deploymentOf(readSettings());
  if (!isLoopback(new URL(deployment.origin).hostname)) {
    throw new Error('airisk.signInForTests works only where airisk.baseUrl is a loopback address.');
  }
  const { clientSecret, userid } = Input().parse(argument);
  await clientSecrets.store(deployment, clientSecret);
  await sessions.use(deployment);
  if (userid === undefined) return;
  await sessions.signIn(deployment, userid, () => flow.requestTokenSilently(deployment, userid));
}
