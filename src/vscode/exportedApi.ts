import * as vscode from 'vscode';
import type { AiriskAuthenticationApi, AiriskSession, AiriskSessionsChangeEvent } from '../api.ts';
import type { Deployment } from '../core/oauth/deployment.ts';
import { accountOf, belongsTo, secondsLeft, type Session } from '../core/sessions/session.ts';
import type { Sessions } from '../core/sessions/sessions.ts';

/**
 * Makes what other extensions see: copies without tokens, frozen, because all extensions share one object.
 * @param now epoch ms
 */
export function createExportedApi(
  sessions: Sessions,
  now: () => number,
): vscode.Disposable & { readonly api: AiriskAuthenticationApi } {
  const changes = new vscode.EventEmitter<AiriskSessionsChangeEvent>();
  const describe = (deployment: Deployment, list: readonly Session[]): readonly AiriskSession[] =>
    Object.freeze(
      list.map((session) =>
        Object.freeze({
          userid: session.userid,
          account: Object.freeze(accountOf(deployment, session.userid)),
          origin: session.origin,
          expiration: session.expiration,
          expiresIn: secondsLeft(session, now()),
        }),
      ),
    );
  const subscription = sessions.onDidChange(({ deployment, added, changed, removed, reason }) =>
    changes.fire(
      Object.freeze({
        added: describe(deployment, added),
        changed: describe(deployment, changed),
        removed: describe(deployment, removed),
        reason,
      }),
    ),
  );
  const api: AiriskAuthenticationApi = {
    apiVersion: 1,
    sessions: async () => {
      const usable = await sessions.listUsable();
      const { deployment } = sessions;
      if (!deployment) return [];
      return describe(
        deployment,
        usable.filter((session) => belongsTo(session, deployment)),
      );
    },
    onDidChangeSessions: changes.event,
  };
  return {
    api: Object.freeze(api),
    dispose: () => {
      subscription.dispose();
      changes.dispose();
    },
  };
}
