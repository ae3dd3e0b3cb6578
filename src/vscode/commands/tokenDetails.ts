import * as vscode from 'vscode';
import type { Session } from '../../core/sessions/session.ts';
import type { Sessions } from '../../core/sessions/sessions.ts';

const { l10n } = vscode;
const scheme = 'airisk-token';

/** The address of the document about one user's token, or the application's for an empty userid. */
export function tokenDetailsUri(userid: string): vscode.Uri {
  // The tab shows what comes after the last slash.
  const name = (userid || l10n.t('Application')).replaceAll(/[/\\]/g, '_');
  return vscode.Uri.from({ scheme, path: `/${name}.jsonc`, query: encodeURIComponent(userid) });
}

/**
 * Provides the documents about tokens, as current as these are.
 * @param describe makes the text; gets `undefined` where the session was signed out
 */
export function registerTokenDetails(
  sessions: Sessions,
  describe: (session: Session | undefined) => Promise<string>,
): vscode.Disposable {
  const changes = new vscode.EventEmitter<vscode.Uri>();
  const update = (...changed: Session[]): void => {
    for (const { userid } of changed) changes.fire(tokenDetailsUri(userid));
  };
  return vscode.Disposable.from(
    changes,
    sessions.onDidChange(({ added, changed, removed }) => update(...added, ...changed, ...removed)),
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: changes.event,
      provideTextDocumentContent: async (uri) => {
        const session = (await sessions.listStored()).find(
          ({ userid }) => tokenDetailsUri(userid).toString() === uri.toString(),
        );
        return describe(session);
      },
    }),
  );
}
