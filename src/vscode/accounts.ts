import * as vscode from 'vscode';
import { countdown } from '../core/session/countdown.ts';
import { remainingMs, type Session } from '../core/session/session.ts';
import { shortCountdown } from './statusBar.ts';

const { l10n } = vscode;

/** An entry for one session, with what is left of its token. */
export interface SessionItem extends vscode.QuickPickItem {
  readonly session: Session;
}

/** An entry that runs a command. */
export interface CommandItem extends vscode.QuickPickItem {
  readonly command: string;
}

/**
 * Describes a session for a picker.
 * @param now epoch ms
 */
export function sessionItem(session: Session, current: boolean, now: number): SessionItem {
  const remaining = remainingMs(session, now);
  const left =
    remaining > 0 ? l10n.t('{0} left', shortCountdown(countdown(remaining).parts)) : l10n.t('expired');
  return {
    session,
    label: session.userid || l10n.t('Application'),
    description: current ? l10n.t('{0} · in use', left) : left,
    detail: `${session.clientId} @ ${session.origin}`,
    iconPath: new vscode.ThemeIcon(current ? 'pass-filled' : session.userid ? 'account' : 'key'),
  };
}

/** The entries below the sessions. */
export function accountActions(signedIn: boolean): CommandItem[] {
  return [
    commandItem(l10n.t('Sign In…'), 'sign-in', 'airisk.signIn'),
    commandItem(l10n.t('Sign In as User…'), 'person-add', 'airisk.signInAsUser'),
    ...(signedIn ? [commandItem(l10n.t('Sign Out…'), 'sign-out', 'airisk.signOut')] : []),
    commandItem(l10n.t('Set Up…'), 'gear', 'airisk.setUp'),
    commandItem(l10n.t('Manage Trusted Extensions…'), 'shield', '_manageTrustedExtensionsForAccount'),
  ];
}

function commandItem(label: string, icon: string, command: string): CommandItem {
  return { label, command, iconPath: new vscode.ThemeIcon(icon) };
}
