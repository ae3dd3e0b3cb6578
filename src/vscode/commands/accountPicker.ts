import * as vscode from 'vscode';
import type { Deployment } from '../../core/oauth/deployment.ts';
import { sessionInUse, withFirst } from '../../core/sessions/statusSummary.ts';
import { keyOf, remainingMs, type Session } from '../../core/sessions/session.ts';
import type { Sessions } from '../../core/sessions/sessions.ts';
import type { PersistentState } from '../persistentState.ts';
import type { SettingsReader } from '../settings.ts';
import { type CommandTarget, type SignInArgument, targetArgument } from './commandArgument.ts';
import { ChangingRows } from '../changingRows.ts';
import { forLog } from '../errorMessages.ts';
import { inBackground, offerSignIn } from '../messages.ts';
import { closeButton, type Questions } from '../questions.ts';
import { where, labelText, nameOf, timeLeft, who } from '../wording.ts';

const { l10n } = vscode;

// What the Accounts menu itself runs: VS Code has no public command that takes an account.
const trustedExtensions = '_manageTrustedExtensionsForAccount';

// What leaves room for the time left and the account in use where the window is 800 pixels wide.
const mostOfName = 24;

/** What pickers of accounts work with. */
export interface AccountsParts {
  readonly sessions: Sessions;
  readonly settings: SettingsReader;
  readonly state: PersistentState;
  readonly questions: Questions;
  /** What the commands of this window's own menus and links are recognized by; nobody else knows it. */
  readonly ticket: string;
  readonly now: () => number;
  readonly log: vscode.LogOutputChannel;
}

interface SessionItem extends vscode.QuickPickItem {
  readonly session: Session;
  readonly used: boolean;
}

interface ActionItem extends vscode.QuickPickItem {
  readonly command?: string;
  readonly argument?: SignInArgument;
}

interface SessionButton extends vscode.QuickInputButton {
  readonly command: string;
  /** The picker stays open and shows what has changed. */
  readonly stays: boolean;
}

/**
 * Lets one of the stored sessions of a deployment be picked; offers to sign in when there is none. With a userid nobody
 * is asked.
 * @returns `undefined` when there is none, or the picker was left
 */
export async function pickSession(
  parts: AccountsParts,
  title: string,
  { userid, deployment }: CommandTarget,
): Promise<Session | undefined> {
  const all = await sessionItems(parts, deployment);
  const items = all.filter(({ session }) => userid === undefined || session.userid === userid);
  if (items.length > 1) return (await parts.questions.pick(items, title))?.session;
  if (items.length === 0) {
    const message =
      all[0] && userid !== undefined
        ? l10n.t('{0} is not signed in to AIRisk.', who({ ...all[0].session, userid, name: undefined }))
        : l10n.t('You are not signed in to AIRisk.');
    offerSignIn(parts, message, { deployment, userid });
  }
  return items[0]?.session;
}

/**
 * Shows the accounts of a deployment, with buttons for what can be done to each, and what else can be done.
 * @returns the session to use, or `undefined` when something else was chosen and done, or the picker was left
 */
export async function showAccounts(
  parts: AccountsParts,
  deployment: Deployment | undefined,
  signal: AbortSignal,
): Promise<Session | undefined> {
  const picker = vscode.window.createQuickPick<SessionItem | ActionItem>();
  picker.placeholder = l10n.t('Select an account or an action (Tab for its buttons)');
  picker.matchOnDescription = true;
  picker.keepScrollPosition = true;
  picker.buttons = [closeButton()];
  const rows = new ChangingRows(picker, identityOf);
  const refresh = async (): Promise<void> => {
    const shown = parts.settings.shown(deployment);
    const items = await sessionItems(parts, deployment, accountButtons());
    picker.title = deployment
      ? l10n.t('AIRisk accounts for {0}', where(deployment, shown))
      : l10n.t('AIRisk accounts');
    const active = picker.activeItems[0] ?? items.find(({ used }) => used);
    // Above all while the one that was chosen is not valid.
    const isOther = ({ key }: Deployment): boolean => key !== deployment?.key;
    const switches = shown !== undefined || parts.settings.deployments().some(isOther);
    rows.set([...items, ...actions(items, deployment, switches)], active);
  };
  const subscription = parts.sessions.onDidChange(() => {
    refresh().catch((error: unknown) => parts.log.error(forLog(error)));
  });
  try {
    await refresh();
    type Answer = SessionItem | ActionItem | undefined;
    const listen = (answer: (chosen: Answer) => void): void => {
      rows.onDidPick((row) => row && answer(row));
      picker.onDidTriggerButton(() => answer(undefined));
      picker.onDidTriggerItemButton(({ item, button }) => {
        if (!('session' in item) || !rows.isClear(item)) return;
        const { command, stays } = accountButtons().find(({ tooltip }) => tooltip === button.tooltip) ?? {};
        if (!command) return;
        if (!stays) answer(undefined);
        const { session } = item;
        // Any extension may have registered a command that is not ours: it gets no ticket.
        const argument = command.startsWith('airisk.')
          ? { ...targetArgument(session), ticket: parts.ticket }
          : { providerId: 'airisk', accountLabel: session.label };
        inBackground(parts.log, async () => vscode.commands.executeCommand(command, argument));
      });
    };
    const chosen = await parts.questions.ask<Answer>(picker, listen, signal);
    if (!chosen || 'session' in chosen) return chosen?.session;
    if (chosen.command) await vscode.commands.executeCommand(chosen.command, chosen.argument);
    return undefined;
  } finally {
    subscription.dispose();
  }
}

async function sessionItems(
  { sessions, state, now }: AccountsParts,
  deployment: Deployment | undefined,
  buttons: SessionButton[] = [],
): Promise<SessionItem[]> {
  if (!deployment) return [];
  const stored = await sessions.listStored(deployment);
  const inUse = sessionInUse(stored, state.chosenUserid(deployment), now());
  return withFirst(stored, inUse).map((session) => {
    const used = session === inUse;
    const left = timeLeft(session, now());
    const [label, name] = [nameOf(session, mostOfName), nameOf(session, 200)];
    return {
      session,
      used,
      label,
      // Name and id in full, since whoever looks for one types or pastes it, and last, where a narrow row may cut them.
      description: [
        used ? l10n.t('{0} · in use', left) : left,
        labelText(session.userid, 256),
        label === name ? '' : name,
      ]
        .filter(Boolean)
        .join(' · '),
      iconPath: new vscode.ThemeIcon(used ? 'pass-filled' : iconOf(session, now())),
      buttons,
    };
  });
}

/** Two users may have one name. */
function identityOf(item: SessionItem | ActionItem): string {
  return 'session' in item ? keyOf(item.session) : (item.command ?? '');
}

function iconOf(session: Session, now: number): string {
  if (remainingMs(session, now) <= 0) return 'error';
  return session.userid ? 'account' : 'key';
}

function accountButtons(): SessionButton[] {
  const button = (tooltip: string, icon: string, command: string, stays: boolean): SessionButton => ({
    tooltip,
    iconPath: new vscode.ThemeIcon(icon),
    command,
    stays,
  });
  return [
    button(l10n.t('Renew Token'), 'refresh', 'airisk.renew', true),
    button(l10n.t('Copy Access Token'), 'copy', 'airisk.copyAccessToken', false),
    button(l10n.t('Sign Out'), 'sign-out', 'airisk.signOut', true),
    button(l10n.t('Manage Trusted Extensions'), 'shield', trustedExtensions, false),
  ];
}

function actions(
  items: readonly SessionItem[],
  deployment: Deployment | undefined,
  switches: boolean,
): ActionItem[] {
  const action = (label: string, icon: string, command: string, argument?: SignInArgument): ActionItem => ({
    label,
    command,
    iconPath: new vscode.ThemeIcon(icon),
    ...(argument && { argument }),
  });
  const here = targetArgument({ deployment });
  return [
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    action(l10n.t('Sign In…'), 'sign-in', 'airisk.signIn', here),
    action(l10n.t('Sign In as User…'), 'person-add', 'airisk.signInAsUser', here),
    ...(items.length > 0 ? [action(l10n.t('Sign Out…'), 'sign-out', 'airisk.signOut', here)] : []),
    ...(switches ? [action(l10n.t('Switch Deployment…'), 'server', 'airisk.switchDeployment')] : []),
    action(l10n.t('Set Up…'), 'gear', 'airisk.setUp'),
  ];
}
