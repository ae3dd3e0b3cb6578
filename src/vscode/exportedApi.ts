import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { AiriskAuthenticationApi, AiriskSession, AiriskSessionsChangeEvent } from '../api.ts';
import { accountOf, remainingMs, type Session } from '../core/sessions/session.ts';
import type { Sessions } from '../core/sessions/sessions.ts';
import { targetOf } from './accountTarget.ts';
import type { SettingsReader } from './settings.ts';

const Report = z.object({
  account: z.object({ id: z.string(), label: z.string() }),
  accessToken: z.optional(z.string()),
});

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
          account: Object.freeze(accountOf(session)),
          origin: session.deployment.origin,
          expiration: session.expiration,
          expiresAfter: Math.max(0, Math.floor(remainingMs(session, now()))),
          state: sessions.stateOf(session),
        }),
      ),
    );
  const subscription = sessions.onDidChange(({ added, changed, removed, reason }) => {
    // The account stays as it is.
    if (reason === 'name') return;
    changes.fire(
      Object.freeze({
        added: describe(added),
        changed: describe(changed),
        removed: describe(removed),
        reason,
      }),
    );
  });
  const api: AiriskAuthenticationApi = {
    apiVersion: 1,
    sessions: async () => {
      const stored = await Promise.all(settings.deployments().map((one) => sessions.listStored(one)));
      return describe(stored.flat());
    },
    reportRejected: async (account, accessToken) => {
      const report = Report.safeParse({ account, accessToken });
      if (!report.success)
        throw new Error('reportRejected takes the account of a session, and the token if it is known.');
      const target = await targetOf(sessions, settings, report.data.account);
      if (!target) return false;
      return sessions.replaceRejected(target.deployment, target.userid, report.data.accessToken);
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
