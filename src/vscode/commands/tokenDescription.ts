import * as vscode from 'vscode';
import { decodeToken } from '../../core/oauth/jwt.ts';
import { accountLabel, type Session } from '../../core/sessions/session.ts';
import { localExpiration, localTime, timeLeft } from '../wording.ts';
import { plainText } from '../../core/text.ts';

const { l10n } = vscode;

/**
 * The text of the document about a session's token: decoded, without the token and its signature.
 * @param session `undefined` where it was signed out
 * @param now epoch ms
 */
export function describeToken(session: Session | undefined, now: number): string {
  if (!session) return `// ${l10n.t('You are not signed in to AIRisk.')}\n`;
  const token = decodeToken(session.accessToken);
  const date = (name: 'exp' | 'iat' | 'nbf', words: (date: string) => string): string[] => {
    const time = token?.dates[name];
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
  return token ? `${comment}${token.json}\n` : comment;
}
