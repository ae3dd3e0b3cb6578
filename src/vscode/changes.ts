import * as vscode from 'vscode';
import type { Names } from '../core/sessions/names.ts';
import type { RecentUsers } from '../core/sessions/recentUsers.ts';
import type { Sessions } from '../core/sessions/sessions.ts';
import type { SecretStore } from '../core/sessions/store.ts';
import type { DeploymentChoice } from './deploymentChoice.ts';
import { reportAbsence, reportProblems } from './deploymentProblems.ts';
import type { ExportedApi } from './exportedApi.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { AiriskAuthenticationProvider } from './provider.ts';
import type { SettingsReader } from './settings.ts';

/** What hears of changes, and what changes. */
export interface ChangeParts {
  readonly sessions: Sessions;
  readonly names: Names;
  readonly settings: SettingsReader;
  readonly secrets: SecretStore;
  readonly recentUsers: RecentUsers;
  readonly choice: DeploymentChoice;
  readonly provider: AiriskAuthenticationProvider;
  readonly exported: ExportedApi;
  readonly heartbeat: Heartbeat;
  readonly log: vscode.LogOutputChannel;
}

/** Follows what changes in a window: its sessions, client secrets, the deployment in use, and the settings. */
export function followChanges(parts: ChangeParts): vscode.Disposable {
  const { sessions, names, settings, recentUsers, secrets, choice, provider, exported, heartbeat, log } =
    parts;
  const reportNewProblems = reportProblems(settings, log);
  const reportNewAbsence = reportAbsence(settings, log);
  const followChoice = (): void => {
    const used = settings.inUse();
    // Nobody chose what stands in for one that has left the settings, and that one may come back.
    if (used && settings.absent() === undefined)
      choice.follow(used).catch(() => log.warn('The deployment of this window cannot be remembered'));
  };
  const learnNames = (): void => {
    for (const deployment of settings.deployments()) {
      names.learn(deployment).catch(() => log.info('The names of users could not be learned'));
    }
  };
  // What cannot be read now is read when the window is used next.
  const unread = (): void => log.warn('The stored sessions cannot be read');
  let inUse = settings.inUse()?.key;
  const notifySwitch = (): void => {
    const key = settings.inUse()?.key;
    if (key === inUse) return;
    inUse = key;
    provider.notifySwitch().catch(unread);
  };
  reportNewProblems();
  followChoice();
  heartbeat.refresh();
  learnNames();
  return vscode.Disposable.from(
    sessions.onDidChange(({ added, changed, reason }) => {
      if (reason !== 'signIn') return;
      // A list that cannot be written is no reason for a message: it only saves typing.
      for (const session of [...added, ...changed]) recentUsers.add(session).catch(() => undefined);
      learnNames();
    }),
    secrets.onDidChange((key) => {
      if (!key.startsWith('client:')) return;
      sessions.forgetFailures();
      heartbeat.refresh();
    }),
    choice.onDidChoose(() => {
      exported.refreshDeployments();
      notifySwitch();
      heartbeat.refresh();
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration('airisk')) return;
      reportNewProblems();
      reportNewAbsence();
      followChoice();
      exported.refreshDeployments();
      sessions.forgetFailures();
      sessions
        .configure(settings.deployments())
        .catch(unread)
        .finally(() => {
          notifySwitch();
          heartbeat.refresh();
        });
    }),
  );
}
