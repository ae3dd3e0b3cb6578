import * as vscode from 'vscode';
import { plainText } from '../core/errors.ts';
import { dateClaim, decodeToken } from '../core/oauth/jwt.ts';
import { accountLabel, type Session } from '../core/session/session.ts';
import type { Sessions } from '../core/session/sessions.ts';
import { localExpiration, localTime, timeLeft } from './wording.ts';

const { l10n } = vscode;
const scheme = 'airisk-token';

/** The address of the document about one user's token, or the application's for an empty userid. */
export function tokenDetailsUri(userid: string): vscode.Uri {
  const name = encodeURIComponent(userid || l10n.t('Application'));
  return vscode.Uri.from({ scheme, path: `/${name}.jsonc`, query: encodeURIComponent(userid) });
}

/** Provides the documents about tokens: decoded, without the token and its signature, and as current as it is. */
export function registerTokenDetails(sessions: Sessions, now: () => number): vscode.Disposable {
  const changes = new vscode.EventEmitter<vscode.Uri>();
  const update = (...changed: Session[]): void => {
    for (const { userid } of changed) changes.fire(tokenDetailsUri(userid));
  };
  return vscode.Disposable.from(
    changes,
    vscode.Disposable.from(
      sessions.onDidChange(({ added, changed, removed }) => update(...added, ...changed, ...removed)),
    ),
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: changes.event,
      provideTextDocumentContent: async (uri) => {
        const session = (await sessions.listStored()).find(
          ({ userid }) => tokenDetailsUri(userid).toString() === uri.toString(),
        );
        return session ? describe(session, now()) : `// ${l10n.t('You are not signed in to AIRisk.')}\n`;
      },
    }),
  );
}

function describe(session: Session, now: number): string {
  const token = decodeToken(session.accessToken);
  const date = (name: 'exp' | 'iat' | 'nbf', words: (date: string) => string): string[] => {
    const time = token && dateClaim(token.claims, name);
    return time === undefined ? [] : [words(localTime(time, 'long'))];
  };
  const lines = [
    l10n.t('Access token for {0}', accountLabel(session, session.userid)),
    l10n.t('Expires: {0} ({1})', localTime(localExpiration(session), 'long'), timeLeft(session, now)),
    ...date('iat', (time) => l10n.t('Issued (iat): {0}', time)),
    ...date('nbf', (time) => l10n.t('Not valid before (nbf): {0}', time)),
    ...date('exp', (time) => l10n.t('Expires (exp): {0}', time)),
    token
      ? l10n.t('The signature is not shown and was not verified.')
      : l10n.t('The token is opaque: it has no readable content.'),
  ];
  const comment = lines.map((line) => `// ${plainText(line, 1_000)}\n`).join('');
  return token ? `${comment}${JSON.stringify(token, undefined, 2)}\n` : comment;
}
