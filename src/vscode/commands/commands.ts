import * as vscode from 'vscode';
import { AiriskError, hasCode } from '../../core/errors.ts';
import type { Deployment } from '../../core/oauth/deployment.ts';
import { listUsers, type User } from '../../core/oauth/users.ts';
import { belongsTo, type Session } from '../../core/sessions/session.ts';
import { pickSession, showAccounts } from './accountPicker.ts';
import { targetUserid } from './commandArgument.ts';
import type { CommandName } from './commandNames.ts';
import { diagnose, type DiagnoseParts } from '../diagnose/diagnose.ts';
import { showError } from '../errorMessages.ts';
import { inBackground, offerSignIn } from '../messages.ts';
import type { RecentUsers } from '../signIn/recentUsers.ts';
import { askClientSecret, setUp } from '../setUp/setUp.ts';
import { renewCancellably, type SignInFlow } from '../signIn/signInFlow.ts';
import { type TokenCommandParts, tokenCommands } from './tokenCommands.ts';
import { pickIdentity, pickUser } from '../signIn/userPicker.ts';
import { accountName } from '../wording.ts';

const { l10n } = vscode;

/** What the commands work with. */
export interface CommandParts extends DiagnoseParts, TokenCommandParts {
  readonly flow: SignInFlow;
  readonly recentUsers: RecentUsers;
}

/** Makes what runs a command: it ends quietly, well, or with one error message. */
export function createCommands(parts: CommandParts): (name: CommandName, argument: unknown) => Promise<void> {
  const commands: Record<CommandName, (argument: unknown) => Promise<unknown>> = {
    signIn: async (argument) => announce(parts, await signIn(parts, targetUserid(argument))),
    signInAsUser: async () => announce(parts, await parts.flow.signIn(await chooseUser(parts))),
    switchAccount: (argument) => switchAccount(parts, targetUserid(argument)),
    signOut: (argument) => signOut(parts, targetUserid(argument)),
    signOutAll: async () => signOutOf(parts, await parts.sessions.listStored()),
    renew: (argument) => renew(parts, targetUserid(argument)),
    showAccounts: () => switchAccount(parts, undefined),
    setUp: async () => {
      if (await setUp(parts, 'baseUrl', true)) await vscode.commands.executeCommand('airisk.signIn');
    },
    setClientSecret: async () => {
      if (await askClientSecret(parts)) offerSignIn(parts, l10n.t('Client secret stored.'));
    },
    removeClientSecret: () => removeClientSecret(parts),
    diagnose: () => diagnose(parts),
    showLog: async () => parts.log.show(),
    ...tokenCommands(parts),
  };
  const run = async (name: CommandName, argument: unknown): Promise<void> => {
    try {
      await commands[name](argument);
    } catch (error) {
      void showError(parts.log, error, () => run(name, argument));
    }
  };
  return run;
}

/** Asks whom to sign in as; the list of users needs a generic token, so that one is obtained first where missing. */
export async function chooseUserid(parts: CommandParts): Promise<string> {
  const { settings } = await parts.flow.configuration();
  return (await pickIdentity(settings.userid)) ?? chooseUser(parts);
}

async function signIn(parts: CommandParts, userid: string | undefined): Promise<Session> {
  return parts.flow.signIn(userid ?? (await chooseUserid(parts)));
}

async function chooseUser(parts: CommandParts): Promise<string> {
  const { sessions, flow, recentUsers, now } = parts;
  const { deployment } = await flow.configuration();
  await sessions.use(deployment);
  const userid = await pickUser({
    load: (signal) => loadUsers(parts, deployment, signal),
    recent: recentUsers.get(deployment),
    signedIn: await sessions.listUsable(),
    now: now(),
  });
  if (userid === undefined) throw new vscode.CancellationError();
  return userid;
}

/** The list takes a generic token, which is obtained first where there is none: without the browser if that works. */
async function loadUsers(parts: CommandParts, deployment: Deployment, signal: AbortSignal): Promise<User[]> {
  const list = async (session: Session): Promise<User[]> => {
    // The settings may have been changed since the picker came: no token goes to another deployment.
    if (!belongsTo(session, deployment)) throw new AiriskError('settings_changed');
    return listUsers(parts.http(), deployment, session.accessToken, signal);
  };
  const generic = await parts.sessions.find('');
  try {
    if (generic) return await list(generic);
  } catch (error) {
    // Revoked before its time: another one, once.
    if (!hasCode(error, 'unauthorized')) throw error;
  }
  return list(await signInAsApplication(parts, deployment, signal));
}

async function signInAsApplication(
  { sessions, flow, readSettings }: CommandParts,
  deployment: Deployment,
  signal: AbortSignal,
): Promise<Session> {
  try {
    if (readSettings().renewal === 'silent') {
      return await sessions.signIn(deployment, '', () => flow.requestTokenSilently(deployment, ''));
    }
  } catch (error) {
    if (!hasCode(error, 'not_silent')) throw error;
  }
  signal.throwIfAborted();
  return flow.signIn('');
}

async function announce({ sessions, current }: CommandParts, session: Session): Promise<void> {
  if (sessions.deployment) await current.set(sessions.deployment, session.userid);
  void vscode.window.showInformationMessage(
    l10n.t('Signed in to AIRisk as {0}.', accountName(session, session.userid)),
  );
}

async function switchAccount(parts: CommandParts, userid: string | undefined): Promise<void> {
  const session = await (userid === undefined ? showAccounts(parts) : pickSession(parts, '', userid));
  if (session) await use(parts, session);
}

async function use(parts: CommandParts, { userid }: Session): Promise<void> {
  const { sessions, current, flow } = parts;
  if (!(await sessions.find(userid))) await flow.signIn(userid);
  if (!sessions.deployment) return;
  await current.set(sessions.deployment, userid);
  void vscode.window.showInformationMessage(
    l10n.t('Now using {0}.', accountName(sessions.deployment, userid)),
  );
}

async function renew(parts: CommandParts, userid: string | undefined): Promise<void> {
  const { sessions, flow } = parts;
  const target = userid ?? (await pickSession(parts, l10n.t('Renew an AIRisk token')))?.userid;
  if (target === undefined) return;
  if (!(await renewCancellably(sessions, target))) await flow.signIn(target);
  void vscode.window.showInformationMessage(l10n.t('AIRisk token renewed.'));
}

async function signOut(parts: CommandParts, userid: string | undefined): Promise<void> {
  const session = await pickSession(parts, l10n.t('Sign out of AIRisk'), userid);
  if (session) await signOutOf(parts, [session]);
}

async function signOutOf({ sessions, log }: CommandParts, targets: readonly Session[]): Promise<void> {
  const { deployment } = sessions;
  const [first, ...more] = targets;
  if (!deployment || !first) {
    void vscode.window.showInformationMessage(l10n.t('You are not signed in to AIRisk.'));
    return;
  }
  await Promise.all(targets.map(({ userid }) => sessions.signOut(userid)));
  const message =
    more.length > 0
      ? l10n.t('Signed out of {0} AIRisk accounts.', targets.length)
      : l10n.t('Signed out of {0}.', accountName(first, first.userid));
  inBackground(log, async () => {
    const undo = l10n.t('Undo');
    if ((await vscode.window.showInformationMessage(message, undo)) !== undo) return;
    await Promise.all(targets.map((session) => sessions.restore(deployment, session)));
    void vscode.window.showInformationMessage(l10n.t('Sign-out undone.'));
  });
}

async function removeClientSecret({
  readSettings,
  deploymentOf,
  clientSecrets,
}: CommandParts): Promise<void> {
  const deployment = deploymentOf(readSettings());
  await clientSecrets.delete(deployment);
  void vscode.window.showInformationMessage(
    l10n.t('Client secret for {0} removed. Sessions last until they expire.', deployment.origin),
  );
}
