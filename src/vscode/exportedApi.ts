import * as vscode from 'vscode';
import type { AiriskAuthenticationApi, AiriskSession, AiriskSessionsChangeEvent } from '../api.ts';
import { accountOf, secondsLeft, type Session } from '../core/sessions/session.ts';
import type { Sessions } from '../core/sessions/sessions.ts';
import type { SettingsReader } from './settings.ts';

/**
 * Makes what other extensions see: copies without tokens, frozen, because all extensions share one object.
 * @param now epoch ms
 */
export function createExportedApi(
  sessions: Sessions,
  settings: SettingsReader,
  now: () => number,
): vscode.Disposable & { readonly api: AiriskAuthenticationApi } {
  const changes = new vscode.EventEmitter<AiriskSessionsChangeEvent>();
  const describe = (list: readonly Session[]): readonly AiriskSession[] =>
    Object.freeze(
      list.map((session) =>
        Object.freeze({
          userid: session.userid,
          account: Object.freeze(accountOf(session.deployment, session.userid)),
          origin: session.deployment.origin,
          expiration: session.expiration,
          expiresIn: secondsLeft(session, now()),
        }),
      ),
    );
  const subscription = sessions.onDidChange(({ added, changed, removed, reason }) =>
    changes.fire(
      Object.freeze({
        added: describe(added),
        changed: describe(changed),
        removed: describe(removed),
        reason,
      }),
    ),
  );
  const api: AiriskAuthenticationApi = {
    apiVersion: 1,
    sessions: async () => {
      const usable = await Promise.all(settings.deployments().map((one) => sessions.listUsable(one)));
      return describe(usable.flat());
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
