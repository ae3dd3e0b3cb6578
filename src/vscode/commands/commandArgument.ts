import * as z from 'zod/mini';
import { AiriskError, atDeployment } from '../../core/errors.ts';
import { sameState } from '../../core/oauth/authorizationResponse.ts';
import type { ConfiguredDeployment } from '../../core/oauth/configuredDeployments.ts';
import type { Deployment } from '../../core/oauth/deployment.ts';
import { Userid } from '../../core/oauth/settingValues.ts';
import { stillConfigured } from '../accountTarget.ts';
import type { SettingsReader } from '../settings.ts';

const Target = z.optional(
  z.object({
    userid: z.optional(Userid),
    deployment: z.optional(z.string().check(z.maxLength(256))),
    // What our own buttons and links have in place of the name.
    deploymentKey: z.optional(z.string().check(z.maxLength(64))),
  }),
);
const WaitingSignIn = z.optional(z.object({ account: z.optional(z.string()) }));
const OwnCall = z.object({ ticket: z.string() });

/** What the command `airisk.signIn` is run with. */
export type SignInArgument = ReturnType<typeof namedIn>;

/** What a command is about: any user when no userid is named. */
export interface CommandTarget {
  readonly userid?: string | undefined;
  readonly deployment?: ConfiguredDeployment | undefined;
}

/**
 * What a command's argument names, if anything: a userid, and a deployment by its name or its key.
 * @throws AiriskError `invalid_setting` for an argument of another shape
 */
export function namedIn(argument: unknown): NonNullable<z.infer<typeof Target>> {
  const target = Target.safeParse(argument);
  if (!target.success) throw new AiriskError('invalid_setting', { subject: 'userid', reason: 'argument' });
  return target.data ?? {};
}

/**
 * What a command's argument is about.
 * @throws AiriskError `invalid_setting` for an argument of another shape, `unknown_deployment`, `settings_changed` for
 * the key of a deployment that is not configured any more
 */
export function readTarget(settings: SettingsReader, argument: unknown): CommandTarget {
  const { userid, deployment, deploymentKey: key } = namedIn(argument);
  if (key !== undefined) return { userid, deployment: stillConfigured(settings, { key }) };
  return { userid, deployment: deployment === undefined ? undefined : settings.named(deployment) };
}

/**
 * A command that acts at one deployment from beginning to end: the one that its argument names, or that the window uses
 * when it begins. What it fails with says which.
 */
export function atOneDeployment<T>(
  settings: SettingsReader,
  act: (target: CommandTarget, argument: unknown) => Promise<T>,
): (argument: unknown) => Promise<T> {
  return async (argument) => {
    const named = readTarget(settings, argument);
    const deployment = named.deployment ?? settings.inUse();
    return atDeployment(deployment, () => act({ ...named, deployment }, argument));
  };
}

/** The argument of a command that has failed, for a second attempt at the same deployment. */
export function sameArgument(argument: unknown, error: unknown): unknown {
  if (!(error instanceof AiriskError) || !error.deployment) return argument;
  const given = typeof argument === 'object' ? argument : {};
  return { ...given, deploymentKey: error.deployment.key };
}

/**
 * The argument that makes a command act on what its button shows, however long that has been there. By the key: a
 * different deployment may have the name by then, where the same userid is somebody else.
 */
export function targetArgument(target: {
  readonly deployment?: Pick<Deployment, 'key'> | undefined;
  readonly userid?: string | undefined;
}): SignInArgument {
  return { userid: target.userid, deploymentKey: target.deployment?.key };
}

/**
 * The account, as messages name it, whose sign-in is to end; `undefined` for all.
 * @throws AiriskError `invalid_setting` for an argument of another shape
 */
export function waitingAccount(argument: unknown): string | undefined {
  const waiting = WaitingSignIn.safeParse(argument);
  if (!waiting.success) throw new AiriskError('invalid_setting', { subject: 'account', reason: 'argument' });
  return waiting.data?.account;
}

/**
 * Whether a command was called by this extension's own menus and links: only they have the ticket of this window. The
 * palette cannot be told from another extension, which could take a token unseen.
 */
export function isOwnCall(argument: unknown, ticket: string): boolean {
  const { data } = OwnCall.safeParse(argument);
  return data !== undefined && sameState(ticket, data.ticket);
}
