import * as z from 'zod/mini';
import { isLoopback } from '../../core/oauth/deployment.ts';
import { Userid } from '../commands/commandArgument.ts';
import { ClientSecret } from '../../core/oauth/settingValues.ts';
import type { ClientSecrets } from '../secretStorage.ts';
import type { SettingsReader } from '../settings.ts';
import type { SignIns } from './signIns.ts';

const Input = z.object({ clientSecret: ClientSecret, userid: z.optional(Userid) });

/** What a sign-in for tests works with. */
export interface SignInForTestsParts {
  readonly settings: SettingsReader;
  readonly clientSecrets: ClientSecrets;
  readonly signIns: SignIns;
}

/**
 * `airisk.signInForTests` gives the tests of other extensions a session without a browser and without a person:
 * `{ clientSecret, userid }`, an empty userid for the generic token, none for the secret alone. It works against this
 * computer only; a real deployment is never asked.
 * @throws Error for an address that is no loopback one, ZodError for an argument of another shape, AiriskError
 */
export async function signInForTests(
  { settings, clientSecrets, signIns }: SignInForTestsParts,
  argument: unknown,
): Promise<void> {
  const deployment = settings.deployment();
  if (!isLoopback(new URL(deployment.origin).hostname)) {
    throw new Error('airisk.signInForTests works only where airisk.baseUrl is a loopback address.');
  }
  const { clientSecret, userid } = Input.parse(argument);
  await clientSecrets.store(deployment, clientSecret);
  if (userid !== undefined) await signIns.signInSilently(deployment, userid);
}
