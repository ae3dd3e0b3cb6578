import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { AiriskError } from '../core/errors.ts';
import { isUserid, listUsers } from '../core/oauth/users.ts';
import { where } from '../core/schema.ts';
import { accountLabel, type Session } from '../core/session/session.ts';
import { accountActions, type CommandItem, sessionItem, type SessionItem } from './accounts.ts';
import type { CurrentAccount } from './currentAccount.ts';
import { showError } from './errorMessages.ts';
import { diagnose, type DiagnoseParts } from './diagnose.ts';
import { askClientSecret, setUp } from './setUp.ts';
import { cancellable, type SignInFlow } from './signInFlow.ts';
import { pickIdentity, pickUser } from './userPicker.ts';

const { l10n } = vscode;

/** What the commands work with. */
export interface CommandParts extends DiagnoseParts {
  readonly flow: SignInFlow;
  readonly current: CurrentAccount;
  readonly log: vscode.LogOutputChannel;
}

/** An optional userid as an argument of a command: empty for the application. */
export const Userid = z.optional(where(z.string(), (userid) => userid === '' || isUserid(userid)));
const Target = z.optional(z.object({ userid: Userid }));

/** Registers every command of the extension; each ends quietly, well, or with one error message. */
export function registerCommands(parts: CommandParts): vscode.Disposable {
  const commands: Record<string, (argument?: unknown) => Promise<unknown>> = {
    'airisk.signIn': async (argument) => announce(parts, await signIn(parts, targetUserid(argument))),
    'airisk.signInAsUser': async () => announce(parts, await parts.flow.signIn(await chooseUser(parts))),
    'airisk.switchAccount': () => switchAccount(parts),
    'airisk.signOut': (argument) => signOut(parts, targetUserid(argument)),
    'airisk.signOutAll': async () => signOutOf(parts, await parts.sessions.listStored()),
    'airisk.renew': (argument) => renew(parts, targetUserid(argument)),
    'airisk.showAccounts': () => showAccounts(parts),
    'airisk.setUp': async () => {
      if (await setUp(parts, 'baseUrl', true)) await vscode.commands.executeCommand('airisk.signIn');
    },
    'airisk.setClientSecret': async () => {
      if (await askClientSecret(parts)) offerSignIn(parts, l10n.t('The client secret is stored.'));
    },
    'airisk.removeClientSecret': () => removeClientSecret(parts),
    'airisk.diagnose': () => diagnose(parts),
    'airisk.showLog': async () => parts.log.show(),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, command]) => {
      const run = async (argument?: unknown): Promise<void> => {
        try {
          await command(argument);
        } catch (error) {
          void showError(parts.log, error, () => run(argument));
        }
      };
      return vscode.commands.registerCommand(name, run);
    }),
  );
}

/** Asks whom to sign in as; the list of users needs a generic token, so that one is obtained first where missing. */
export async function chooseUserid(parts: CommandParts): Promise<string> {
  const { settings } = await parts.flow.configuration();
  return (await pickIdentity(settings.userid)) ?? chooseUser(parts);
}

function targetUserid(argument: unknown): string | undefined {
  const target = Target.safeParse(argument);
  if (!target.success) throw new AiriskError('invalid_setting', { subject: 'userid' });
  return target.data?.userid;
}

async function signIn(parts: CommandParts, userid: string | undefined): Promise<Session> {
  return parts.flow.signIn(userid ?? (await chooseUserid(parts)));
}

async function chooseUser(parts: CommandParts): Promise<string> {
  const { sessions, flow, http } = parts;
  const { deployment } = await flow.configuration();
  await sessions.use(deployment);
  const generic = (await sessions.find('')) ?? (await flow.signIn(''));
  const signedIn = new Set((await sessions.listUsable()).map(({ userid }) => userid));
  const controller = new AbortController();
  try {
    const userid = await pickUser(
      listUsers(http(), deployment, generic.accessToken, controller.signal),
      signedIn,
    );
    if (userid === undefined) throw new vscode.CancellationError();
    return userid;
  } finally {
    controller.abort();
  }
}

async function announce({ sessions, current }: CommandParts, session: Session): Promise<void> {
  if (sessions.deployment) await current.set(sessions.deployment, session.userid);
  void vscode.window.showInformationMessage(
    l10n.t('Signed in to AIRisk as {0}.', accountLabel(session, session.userid)),
  );
}

async function switchAccount(parts: CommandParts): Promise<void> {
  const session = await pickSession(parts, l10n.t('Switch AIRisk account'));
  if (session) await use(parts, session);
}

async function use(parts: CommandParts, { userid }: Session): Promise<void> {
  const { sessions, current, flow } = parts;
  if (!(await sessions.find(userid))) await flow.signIn(userid);
  if (sessions.deployment) await current.set(sessions.deployment, userid);
}

async function renew(parts: CommandParts, userid: string | undefined): Promise<void> {
  const { sessions, flow } = parts;
  const target = userid ?? (await pickSession(parts, l10n.t('Renew an AIRisk token')))?.userid;
  if (target === undefined) return;
  const title = l10n.t('Renewing the AIRisk token');
  if (!(await cancellable(title, () => sessions.renew(target)))) await flow.signIn(target);
  void vscode.window.showInformationMessage(l10n.t('The AIRisk token is renewed.'));
}

async function signOut(parts: CommandParts, userid: string | undefined): Promise<void> {
  const stored = await parts.sessions.listStored();
  const targets = userid === undefined ? stored : stored.filter((session) => session.userid === userid);
  if (targets.length < 2) return signOutOf(parts, targets);
  const session = await pickSession(parts, l10n.t('Sign out of AIRisk'));
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
      : l10n.t('Signed out of {0}.', accountLabel(first, first.userid));
  inBackground(log, async () => {
    const undo = l10n.t('Undo');
    if ((await vscode.window.showInformationMessage(message, undo)) !== undo) return;
    await Promise.all(targets.map((session) => sessions.restore(deployment, session)));
  });
}

/** A message stays until somebody closes it, and whoever ran the command must not wait for that. */
function inBackground(log: vscode.LogOutputChannel, task: () => Promise<void>): void {
  task().catch((error: unknown) => showError(log, error));
}

async function showAccounts(parts: CommandParts): Promise<void> {
  const items = await sessionItems(parts);
  const separator = { label: '', kind: vscode.QuickPickItemKind.Separator, command: '' };
  const choices: (SessionItem | CommandItem)[] = [...items, separator, ...accountActions(items.length > 0)];
  const chosen = await vscode.window.showQuickPick(choices, {
    title: l10n.t('AIRisk accounts'),
    placeHolder: l10n.t('Pick the account to use, or what to do'),
  });
  if (!chosen) return;
  if ('session' in chosen) await use(parts, chosen.session);
  else await vscode.commands.executeCommand(chosen.command);
}

async function pickSession(parts: CommandParts, title: string): Promise<Session | undefined> {
  const items = await sessionItems(parts);
  if (items.length === 0) {
    offerSignIn(parts, l10n.t('You are not signed in to AIRisk.'));
    return undefined;
  }
  return (await vscode.window.showQuickPick(items, { title }))?.session;
}

async function sessionItems({ sessions, current, now }: CommandParts): Promise<SessionItem[]> {
  const userid = current.get(sessions.deployment);
  return (await sessions.listStored()).map((session) =>
    sessionItem(session, session.userid === userid, now()),
  );
}

function offerSignIn({ log }: CommandParts, message: string): void {
  inBackground(log, async () => {
    const action = l10n.t('Sign In');
    const chosen = await vscode.window.showInformationMessage(message, action);
    if (chosen === action) await vscode.commands.executeCommand('airisk.signIn');
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
    l10n.t('The client secret for {0} is removed. Sessions stay until they expire.', deployment.origin),
  );
}
