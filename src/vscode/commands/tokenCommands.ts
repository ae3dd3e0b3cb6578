import * as vscode from 'vscode';
import type { SecretClipboard } from '../../core/secretClipboard.ts';
import type { Session } from '../../core/sessions/session.ts';
import { type AccountsParts, pickSession } from './accountPicker.ts';
import { type CommandTarget, isOwnCall, targetArgument } from './commandArgument.ts';
import { inBackground, offer } from '../messages.ts';
import { tokenDetailsUri } from './tokenDetails.ts';
import { whoAndWhere } from '../wording.ts';

const { l10n } = vscode;

/** What the token commands work with. */
export interface TokenCommandParts extends AccountsParts {
  readonly clipboard: SecretClipboard;
  /** Names the document about a session's token in this window; others can see the name of one that is open. */
  readonly documentOf: (session: Session) => string;
}

/** Copies the access token of the session that the person picks. */
export async function copyAccessToken(
  parts: TokenCommandParts,
  target: CommandTarget,
  argument: unknown,
): Promise<void> {
  const session = await pickUsable(parts, l10n.t('Copy an AIRisk access token'), target);
  if (!session) return;
  const account = whoAndWhere(session, parts.settings);
  const question = l10n.t('Copy the access token for {0}?', account);
  if (!(await isAllowed(parts, argument, question, l10n.t('Copy')))) return;
  await copyToken(
    parts,
    session.accessToken,
    l10n.t(
      'The access token for {0} is on the clipboard for one minute. A clipboard history may keep it longer.',
      account,
    ),
  );
}

/** Opens the document about the token of the session that the person picks. */
export async function showTokenDetails(
  parts: TokenCommandParts,
  target: CommandTarget,
  argument: unknown,
): Promise<void> {
  const session = await pickSession(parts, l10n.t('Show details of an AIRisk token'), target);
  if (!session) return;
  const question = l10n.t('Show what the access token for {0} says?', whoAndWhere(session, parts.settings));
  if (!(await isAllowed(parts, argument, question, l10n.t('Show')))) return;
  const document = await vscode.workspace.openTextDocument(tokenDetailsUri(session, parts.documentOf));
  await vscode.window.showTextDocument(document, { preview: true });
}

/**
 * Asks unless the call comes from our own menus and links. In a modal dialog: whatever else is open can be answered by
 * a command, and so by the extension that wants the token.
 */
export async function isAllowed(
  { ticket }: TokenCommandParts,
  argument: unknown,
  question: string,
  yes: string,
): Promise<boolean> {
  if (isOwnCall(argument, ticket)) return true;
  const detail = l10n.t('Other extensions can run this command too, and can read what it gives.');
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) === yes;
}

/** A session whose token works; renews it when that is due, and offers to when it has expired. */
export async function pickUsable(
  parts: TokenCommandParts,
  title: string,
  target: CommandTarget,
): Promise<Session | undefined> {
  const picked = await pickSession(parts, title, target);
  const usable = picked && (await parts.sessions.find(picked.deployment, picked.userid));
  if (picked && !usable) {
    const message = l10n.t('The AIRisk token for {0} has expired.', whoAndWhere(picked, parts.settings));
    offer(parts.log, message, l10n.t('Renew'), 'airisk.renew', targetArgument(picked));
  }
  return usable;
}

/** Copies a text with a token in it, and says so, with a button that clears the clipboard. */
export async function copyToken(
  { clipboard, log }: TokenCommandParts,
  text: string,
  message: string,
): Promise<void> {
  await clipboard.copy(text);
  inBackground(log, async () => {
    const clear = l10n.t('Clear Clipboard');
    if ((await vscode.window.showInformationMessage(message, clear)) !== clear) return;
    await clipboard.clear();
    void vscode.window.showInformationMessage(l10n.t('Clipboard cleared.'));
  });
}
