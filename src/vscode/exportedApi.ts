import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type {
  AiriskAuthenticationApi,
  AiriskDeployment,
  AiriskSession,
  AiriskSessionsChangeEvent,
} from '../api.ts';
import { accountOf, remainingMs, type Session } from '../core/sessions/session.ts';
import type { Sessions } from '../core/sessions/sessions.ts';
import { storedAt, targetOf } from './accountTarget.ts';
import { throwCallerError } from './callerErrors.ts';
import type { SettingsReader } from './settings.ts';

const Report = z.object({
  account: z.object({ id: z.string(), label: z.string() }),
  accessToken: z.optional(z.string()),
});

/** What other extensions see, and what keeps it up to date. */
export interface ExportedApi extends vscode.Disposable {
  readonly api: AiriskAuthenticationApi;
  /** To be called when the deployments, or the one in use, may have changed. */
  readonly refreshDeployments: () => void;
}

/**
 * Makes what other extensions see: copies without tokens, frozen, because all extensions share one object.
 * @param now epoch ms
 */
export function createExportedApi(
  sessions: Sessions,
  settings: SettingsReader,
  now: () => number,
): ExportedApi {
  const changes = new vscode.EventEmitter<AiriskSessionsChangeEvent>();
  const deploymentChanges = new vscode.EventEmitter<void>();
  const deployments = (): readonly AiriskDeployment[] =>
    Object.freeze(
      settings.deployments().map(({ name, origin, production, key }) => {
        names.set(key, name);
        return Object.freeze({ name, origin, inUse: settings.inUse()?.key === key, production });
      }),
    );
  // Also of those that have left the settings: their sessions are still reported as removed.
  const names = new Map<string, string>();
  let told = JSON.stringify(deployments());
  const stateOf = (session: Session): AiriskSession['state'] => {
    const isLive = remainingMs(session, now()) > 0;
    const needsPerson = sessions.needsPerson(session);
    // A token that AIRisk rejects is as good as expired when nobody but the user can replace it.
    if (isLive && !(needsPerson && sessions.wasRejected(session))) return 'live';
    return needsPerson ? 'expired' : 'renewable';
  };
  const describe = (list: readonly Session[]): readonly AiriskSession[] =>
    Object.freeze(
      list.map((session) =>
        Object.freeze({
          userid: session.userid,
          account: Object.freeze(accountOf(session)),
          origin: session.deployment.origin,
          deployment: settings.describe(session.deployment)?.name ?? names.get(session.deployment.key) ?? '',
          expiration: session.expiration,
          expiresAfter: Math.max(0, Math.floor(remainingMs(session, now()))),
          state: stateOf(session),
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
    sessions: async () => describe(await storedAt(sessions, settings.deployments()).catch(throwCallerError)),
    reportRejected: async (account, accessToken) => {
      const report = Report.safeParse({ account, accessToken });
      if (!report.success)
        throw new Error('reportRejected takes the account of a session, and the token if it is known.');
      const target = await targetOf(sessions, settings, report.data.account).catch(throwCallerError);
      if (!target) return false;
      const { deployment, userid } = target;
      return sessions.replaceRejected(deployment, userid, report.data.accessToken).catch(throwCallerError);
    },
    deployments,
    onDidChangeSessions: changes.event,
    onDidChangeDeployments: deploymentChanges.event,
  };
  return {
    api: Object.freeze(api),
    refreshDeployments: () => {
      const current = JSON.stringify(deployments());
      if (current === told) return;
      told = current;
      deploymentChanges.fire();
    },
    dispose: () => {
      subscription.dispose();
      changes.dispose();
      deploymentChanges.dispose();
    },
  };
}
