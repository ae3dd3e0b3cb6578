import * as z from 'zod/mini';
import { isLoopback } from '../../core/oauth/deployment.ts';
import { ClientSecret, Userid } from '../../core/oauth/settingValues.ts';
import type { ClientSecrets } from '../secretStorage.ts';
import type { SettingsReader } from '../settings.ts';
import type { SignIns } from './signIns.ts';

const Argument = z.object({
  clientSecret: ClientSecret,
  userid: z.optional(Userid),
  deployment: z.optional(z.string()),
});

/**
 * What `airisk.signInForTests` is run with.
 * @throws Error for an argument of another shape
 */
export function readArgument(argument: unknown): z.infer<typeof Argument> {
  const input = Argument.safeParse(argument);
  if (input.success) return input.data;
  const [issue] = input.error.issues;
  const where = issue?.path.join('.') || 'its argument';
  throw new Error(
    `airisk.signInForTests takes { clientSecret: string, userid?: string, deployment?: string }, and ${where} is not like that.`,
  );
}

/** What a sign-in for tests works with. */
export interface SignInForTestsParts {
  readonly settings: SettingsReader;
  readonly clientSecrets: ClientSecrets;
  readonly signIns: SignIns;
}

/**
 * `airisk.signInForTests` gives the tests of other extensions a session without a browser and without a person:
 * `{ clientSecret, userid, deployment }`, an empty userid for the generic token, none for the secret alone, no deployment
 * for the one in use. It works against this computer only; a real deployment is never asked.
 * @throws Error for an address that is no loopback one, or an argument of another shape; AiriskError, as
 * `unknown_deployment`
 */
export async function signInForTests(
  { settings, clientSecrets, signIns }: SignInForTestsParts,
  argument: unknown,
): Promise<void> {
  const { clientSecret, userid, deployment: name } = readArgument(argument);
  const deployment = name === undefined ? settings.deployment() : settings.named(name);
  if (!isLoopback(new URL(deployment.origin).hostname)) {
    throw new Error(
      'airisk.signInForTests works only where the address of the deployment is a loopback one.',
    );
  }
  await clientSecrets.store(deployment, clientSecret);
  if (userid !== undefined) await signIns.signInSilently(deployment, userid);
}
