import * as vscode from 'vscode';

import { decodeToken } from '../../core/oauth/jwt.ts';
import type { Session } from '../../core/sessions/session.ts';
import type { Sessions } from '../../core/sessions/sessions.ts';
import { plainText } from '../../core/text.ts';
import { storedAt } from '../accountTarget.ts';
import type { SettingsReader } from '../settings.ts';
import { localExpiration, localTime, nameOf, timeLeft, where } from '../wording.ts';

const { l10n } = vscode;
const scheme = 'airisk-token';

/**
 * The address of the document about one session's token.
 * @param documentOf names it in this window. Anybody can open the address of a document, and see that of an open one, so
 * nobody else can make the name, nor that of one session from another's
 */
export function tokenDetailsUri(session: Session, documentOf: (session: Session) => string): vscode.Uri {
  // The tab shows what comes after the last slash.
  const name = nameOf(session).replaceAll(/[/\\]/g, '_');
  return vscode.Uri.from({ scheme, path: `/${name}.jsonc`, query: documentOf(session) });
}

/**
 * Provides the documents about tokens, as current as these are.
 * @param now epoch ms
 */
export function registerTokenDetails(
  sessions: Sessions,
  settings: SettingsReader,
  documentOf: (session: Session) => string,
  now: () => number,
): vscode.Disposable {
  const changes = new vscode.EventEmitter<vscode.Uri>();
  const update = (...changed: Session[]): void => {
    const queries = new Set(changed.map((session) => tokenDetailsUri(session, documentOf).query));
    // By what they are about: the name in the address may be from before.
    for (const { uri } of vscode.workspace.textDocuments) {
      if (uri.scheme === scheme && queries.has(uri.query)) changes.fire(uri);
    }
  };
  return vscode.Disposable.from(
    changes,
    sessions.onDidChange(({ added, changed, removed }) => update(...added, ...changed, ...removed)),
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: changes.event,
      provideTextDocumentContent: async (uri) => {
        const stored = await storedAt(sessions, settings.deployments());
        const session = stored.find((one) => tokenDetailsUri(one, documentOf).query === uri.query);
        return describeToken(session, now());
      },
    }),
  );
}

/**
 * The text of the document about a session's token: decoded, without the token and its signature.
 * @param session `undefined` when it was signed out, or the document is from before the window was loaded again
 * @param now epoch ms
 */
export function describeToken(session: Session | undefined, now: number): string {
  if (!session) {
    const run = l10n.t('AIRisk: Show Token Details');
    return `// ${l10n.t('There is no token to show. To see one, run "{0}".', run)}\n`;
  }
  const token = decodeToken(session.accessToken);
  const date = (name: 'exp' | 'iat' | 'nbf', words: (date: string) => string): string[] => {
    const time = token?.dates[name];
    return time === undefined ? [] : [words(localTime(time, 'long'))];
  };
  const lines = [
    l10n.t('Access token for {0}', plainText(session.name ?? '') || nameOf(session)),
    ...(session.userid === '' ? [] : [l10n.t('User ID: {0}', session.userid)]),
    l10n.t('Client ID: {0}', session.deployment.clientId),
    l10n.t('Deployment: {0}', where(session.deployment)),
    l10n.t('Expires: {0} ({1})', localTime(localExpiration(session), 'long'), timeLeft(session, now)),
    ...date('iat', (time) => l10n.t('Issued (iat): {0}', time)),
    ...date('nbf', (time) => l10n.t('Not valid before (nbf): {0}', time)),
    ...date('exp', (time) => l10n.t('Expires (exp): {0}', time)),
    token
      ? l10n.t('The signature is not shown and was not verified.')
      : l10n.t('The token is opaque: it has no readable content.'),
  ];
  const comment = lines.map((line) => `// ${plainText(line, 1_000)}\n`).join('');
  return token ? `${comment}${token.json}\n` : comment;
}
