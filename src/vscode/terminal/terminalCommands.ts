import * as vscode from 'vscode';
import type { Sessions } from '../../core/sessions/sessions.ts';
import { storedAt } from '../accountTarget.ts';
import { errorMessage, forLog } from '../errorMessages.ts';
import type { SettingsReader } from '../settings.ts';
import type { NoAccess, TerminalAccess } from './terminalAccess.ts';
import { runs } from '../nextSteps.ts';

const { l10n } = vscode;

/** The id of the profile in the manifest. */
const terminalProfile = 'airisk.terminal';

/** The terminal profile AIRisk; without access it is an ordinary terminal that says why. */
export function registerTerminalProfile(access: TerminalAccess): vscode.Disposable {
  return vscode.window.registerTerminalProfileProvider(terminalProfile, {
    provideTerminalProfile: async () => new vscode.TerminalProfile(await terminalOptions(access)),
  });
}

/** The commands around terminals. None gives a token to its caller. */
export function terminalCommands(access: TerminalAccess) {
  return {
    openTerminal: async (): Promise<void> => {
      vscode.window.createTerminal(await terminalOptions(access)).show();
    },
    revokeTerminalAccess: async (): Promise<void> => {
      await access.revoke();
      const chosen = await vscode.window.showInformationMessage(
        l10n.t('Terminals get no AIRisk token any more. What was allowed is forgotten.'),
        runs(l10n.t('Open Terminal'), 'airisk.openTerminal'),
      );
      await chosen?.run();
    },
  };
}

/** Follows settings, trust, sign-in and sign-out, and the windows that come and go. */
export function keepTerminalAccess(
  access: TerminalAccess,
  sessions: Sessions,
  settings: SettingsReader,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const inBackground = (task: () => Promise<void>): void => {
    task().catch((error: unknown) => log.warn('The access of terminals cannot be kept', forLog(error)));
  };
  const refresh = (): void => inBackground(() => access.refresh());
  const revokeWhenSignedOut = async (): Promise<void> => {
    if ((await storedAt(sessions, settings.deployments())).length === 0) await access.revoke();
  };
  refresh();
  return vscode.Disposable.from(
    vscode.workspace.onDidGrantWorkspaceTrust(refresh),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('airisk.terminal')) refresh();
    }),
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) inBackground(() => access.relist());
    }),
    sessions.onDidChange(({ reason }) => {
      if (reason === 'signOut') inBackground(revokeWhenSignedOut);
      else if (reason === 'signIn' && !access.isOpen) refresh();
    }),
  );
}

async function terminalOptions(access: TerminalAccess): Promise<vscode.TerminalOptions> {
  const options = { name: 'AIRisk', iconPath: new vscode.ThemeIcon('shield') };
  const { refusal } = access;
  if (refusal) return { ...options, message: whyNot(refusal) };
  try {
    const env = await access.environment();
    return {
      ...options,
      env,
      message: l10n.t('Programs here get an AIRisk access token from airisk-token. See airisk-token --help.'),
    };
  } catch (error) {
    return { ...options, message: errorMessage(error) };
  }
}

function whyNot(refusal: NoAccess): string {
  switch (refusal) {
    case 'off':
      return l10n.t('This terminal gets no AIRisk token: the setting airisk.terminal is "off".');
    case 'untrusted':
      return l10n.t(
        'This terminal gets no AIRisk token: the workspace is not trusted. Trust it, then open another terminal.',
      );
    case 'remote':
      return l10n.t(
        'This terminal gets no AIRisk token: it runs on another computer than the AIRisk extension. Install the extension there.',
      );
  }
}
