import * as vscode from 'vscode';
import type { ConfiguredDeployment } from '../../core/oauth/configuredDeployments.ts';
import { urgencyOf, withFirst } from '../../core/sessions/statusSummary.ts';
import type { Session } from '../../core/sessions/session.ts';
import { targetArgument } from '../commands/commandArgument.ts';
import { where, labelText, localExpiration, nameOf, shortLocalTime, who } from '../wording.ts';
import { commandLink, escapeMarkdown, shortId } from '../../core/text.ts';

const { l10n } = vscode;

// More would fill the screen; the accounts picker has them all.
const mostRows = 10;

/**
 * A table of all sessions with their actions. It shows times and no countdown, so that it stays as it is while
 * somebody reads it.
 * @param deployment the one in use, when its name is to be seen
 * @param notes what there is to say of the sessions that are not shown in the status bar, and why the token of the one
 * that is could not be renewed; each may be empty
 * @param terminals true when terminals can ask for a token
 * @param now epoch ms
 * @param ticket what this window's own links are recognized by
 */
export function sessionsTable(
  sessions: readonly Session[],
  shown: Session,
  deployment: ConfiguredDeployment | undefined,
  notes: { readonly others: string; readonly trouble: string | undefined },
  terminals: boolean,
  warningMs: number,
  now: number,
  ticket: string,
): vscode.MarkdownString {
  const rows = withFirst(sessions, shown)
    .slice(0, mostRows)
    .map((session) => {
      const { userid } = session;
      const name = escapeMarkdown(nameOf(session));
      const id = escapeMarkdown(labelText(shortId(userid)));
      // The links of all rows read alike: what each says when it is pointed at, or read out, names whom it is about.
      const link = (title: string, command: string): string => {
        const whose = escapeMarkdown(l10n.t('{0}: {1}', title, who(session)));
        return `[${inOneLine(title)}](${commandLink(command, { ...targetArgument(session), ticket })} "${whose}")`;
      };
      const actions = [
        ...(session === shown ? [] : [link(l10n.t('Use'), 'airisk.switchAccount')]),
        link(l10n.t('Renew'), 'airisk.renew'),
        link(l10n.t('Copy'), 'airisk.copyAccessToken'),
        link(l10n.t('Sign Out'), 'airisk.signOut'),
      ];
      const account = [
        session === shown ? `**${name}**` : name,
        ...(id === name ? [] : [id]),
        ...(session === shown ? [escapeMarkdown(l10n.t('(in use)'))] : []),
      ].join(' ');
      return `|${account}|${inOneLine(expiry(session, warningMs, now))}|${actions.join(`${noBreak}· `)}|`;
    });
  const head = [l10n.t('Account'), l10n.t('Expires'), l10n.t('Actions')].map(escapeMarkdown).join('|');
  const left = sessions.length - mostRows;
  const here = targetArgument({ deployment: shown.deployment });
  const more = [
    ...(left > 0 ? [escapeMarkdown(l10n.t('And {0} more', left))] : []),
    `[${escapeMarkdown(l10n.t('Sign In as User…'))}](${commandLink('airisk.signInAsUser', here)})`,
    `[${escapeMarkdown(l10n.t('Show Accounts…'))}](command:airisk.showAccounts)`,
    ...(deployment ? [switchLink()] : []),
  ];
  const again = commandLink('airisk.renew', { ...targetArgument(shown), ticket });
  const trouble =
    notes.trouble && `${escapeMarkdown(notes.trouble)} [${inOneLine(l10n.t('Try Again'))}](${again})`;
  const title = escapeMarkdown(l10n.t('AIRisk: {0}', where(shown.deployment, deployment)));
  const table = [`|${head}|`, '|:--|:--|:--|', ...rows].join('\n');
  const text = new vscode.MarkdownString(
    [
      `**${title}**`,
      trouble,
      table,
      escapeMarkdown(notes.others),
      terminals && terminalLine(),
      more.join(' · '),
    ]
      .filter(Boolean)
      .join('\n\n'),
  );
  // Not a list of commands: VS Code takes each new list for a different tooltip and closes the one that is open. So
  // everything foreign is escaped.
  text.isTrusted = true;
  return text;
}

/** A sentence about the deployment in use, with a link that uses another one. */
export function switchText(sentence: string, deployment: ConfiguredDeployment): vscode.MarkdownString {
  const title = `**${escapeMarkdown(where(deployment, deployment))}**`;
  const text = new vscode.MarkdownString(`${title}\n\n${escapeMarkdown(sentence)}\n\n${switchLink()}`);
  text.isTrusted = true;
  return text;
}

function switchLink(): string {
  return `[${escapeMarkdown(l10n.t('Switch Deployment…'))}](command:airisk.switchDeployment)`;
}

function terminalLine(): string {
  const words = escapeMarkdown(l10n.t('Terminals can ask for a token (airisk-token)'));
  return `${words} · [${escapeMarkdown(l10n.t('Revoke Terminal Access'))}](command:airisk.revokeTerminalAccess)`;
}

const noBreak = '\u00a0';

function inOneLine(text: string): string {
  return escapeMarkdown(text.replaceAll(' ', noBreak));
}

function expiry(session: Session, warningMs: number, now: number): string {
  const time = shortLocalTime(localExpiration(session), now);
  switch (urgencyOf(session, warningMs, now)) {
    case 'expired':
      return l10n.t('{0} (expired)', time);
    case 'soon':
      return l10n.t('{0} (soon)', time);
    case 'calm':
      return time;
  }
}
