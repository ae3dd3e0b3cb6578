import * as vscode from 'vscode';
import type { SecretClipboard } from '../../core/secretClipboard.ts';
import { curlCommand, type Shell } from '../../core/oauth/curl.ts';
import type { Session } from '../../core/sessions/session.ts';
import { type AccountsParts, pickSession } from './accountPicker.ts';
import { targetUserid } from './commandArgument.ts';
import { inBackground, offer } from '../messages.ts';
import { tokenDetailsUri } from './tokenDetails.ts';
import { accountName } from '../wording.ts';

const { l10n } = vscode;

/** What the token commands work with. */
export interface TokenCommandParts extends AccountsParts {
  readonly clipboard: SecretClipboard;
}

/** The commands that make use of a token by hand. */
export function tokenCommands(parts: TokenCommandParts) {
  return {
    copyAccessToken: (argument: unknown) => copyAccessToken(parts, targetUserid(argument)),
    copyAsCurl: (argument: unknown) => copyAsCurl(parts, targetUserid(argument)),
    showTokenDetails: (argument: unknown) => showTokenDetails(parts, targetUserid(argument)),
  };
}

async function copyAccessToken(parts: TokenCommandParts, userid: string | undefined): Promise<void> {
  const session = await pickUsable(parts, l10n.t('Copy an AIRisk access token'), userid);
  if (!session) return;
  const account = accountName(session.deployment, session.userid);
  await copy(
    parts,
    session.accessToken,
    l10n.t('The access token for {0} is on the clipboard for one minute.', account),
  );
}

async function copyAsCurl(parts: TokenCommandParts, userid: string | undefined): Promise<void> {
  const session = await pickUsable(parts, l10n.t('Copy an AIRisk request as curl'), userid);
  const shell = session && (await pickShell());
  if (!shell) return;
  await copy(
    parts,
    curlCommand(shell, session.deployment, session.userid, session.accessToken),
    l10n.t('The curl command with the access token is on the clipboard for one minute.'),
  );
}

async function showTokenDetails(parts: TokenCommandParts, userid: string | undefined): Promise<void> {
  const session = await pickSession(parts, l10n.t('Show details of an AIRisk token'), userid);
  if (!session) return;
  const document = await vscode.workspace.openTextDocument(tokenDetailsUri(session));
  await vscode.window.showTextDocument(document, { preview: true });
}

/** A session whose token works; renews it where that is due, and offers to where it has expired. */
async function pickUsable(
  parts: TokenCommandParts,
  title: string,
  userid: string | undefined,
): Promise<Session | undefined> {
  const picked = await pickSession(parts, title, userid);
  const usable = picked && (await parts.sessions.find(picked.deployment, picked.userid));
  if (picked && !usable) {
    const message = l10n.t(
      'The AIRisk token for {0} has expired.',
      accountName(picked.deployment, picked.userid),
    );
    offer(parts.log, message, l10n.t('Renew'), 'airisk.renew', { userid: picked.userid });
  }
  return usable;
}

async function copy({ clipboard, log }: TokenCommandParts, text: string, message: string): Promise<void> {
  await clipboard.copy(text);
  inBackground(log, async () => {
    const clear = l10n.t('Clear Clipboard');
    if ((await vscode.window.showInformationMessage(message, clear)) !== clear) return;
    await clipboard.clear();
    void vscode.window.showInformationMessage(l10n.t('Clipboard cleared.'));
  });
}

async function pickShell(): Promise<Shell | undefined> {
  const shells: (vscode.QuickPickItem & { shell: Shell })[] = [
    { label: 'POSIX', description: 'sh, bash, zsh', shell: 'posix' },
    { label: 'PowerShell', description: 'curl.exe', shell: 'powershell' },
  ];
  if (/powershell|pwsh/i.test(vscode.env.shell)) shells.reverse();
  const chosen = await vscode.window.showQuickPick(shells, {
    title: l10n.t('Copy an AIRisk request as curl'),
    placeHolder: l10n.t('Select the shell to paste into'),
  });
  return chosen?.shell;
}
