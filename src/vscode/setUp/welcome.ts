import * as vscode from 'vscode';
import type { ConfiguredDeployment } from '../../core/oauth/configuredDeployments.ts';
import { inBackground } from '../messages.ts';
import { runs } from '../nextSteps.ts';
import type { PersistentState } from '../persistentState.ts';
import type { ClientSecrets } from '../secretStorage.ts';
import type { SettingsReader } from '../settings.ts';
import { targetArgument } from '../commands/commandArgument.ts';

const { l10n } = vscode;

/** What the welcome works with. */
export interface WelcomeParts {
  readonly state: PersistentState;
  readonly settings: SettingsReader;
  readonly clientSecrets: ClientSecrets;
  /** The id of this extension. */
  readonly extensionId: string;
  readonly log: vscode.LogOutputChannel;
}

/**
 * Greets whoever opens a window: says once ever how to begin, and once in each window when VS Code has not kept what is
 * needed to go on.
 * @returns what is to be called whenever everything has been read and drawn
 */
export function createWelcome(parts: WelcomeParts): () => void {
  const { state, settings, log } = parts;
  // As the window found it: what is stored from now on may be another window's alone.
  const inUse = settings.inUse();
  let expected = inUse && state.hadSecret(inUse) ? inUse : undefined;
  return () => {
    const deployment = expected;
    expected = undefined;
    if (deployment) inBackground(log, () => sayIfLost(parts, deployment));
    else sayHowToBegin(parts);
  };
}

function sayHowToBegin({ state, settings, extensionId, log }: WelcomeParts): void {
  if (!vscode.window.state.focused || state.isWelcomed()) return;
  inBackground(log, async () => {
    await state.setWelcomed();
    const { baseUrl, clientId, deployments } = settings.read();
    if (baseUrl || clientId || Object.keys(deployments).length > 0) return;
    const chosen = await vscode.window.showInformationMessage(
      l10n.t('AIRisk is ready. Set it up to sign in.'),
      runs(l10n.t('Set Up'), 'airisk.setUp'),
      runs(l10n.t('Get Started'), 'workbench.action.openWalkthrough', `${extensionId}#getStarted`),
    );
    await chosen?.run();
  });
}

async function sayIfLost({ clientSecrets }: WelcomeParts, deployment: ConfiguredDeployment): Promise<void> {
  if ((await clientSecrets.get(deployment)) !== undefined) return;
  const chosen = await vscode.window.showWarningMessage(
    l10n.t(
      'This window does not have the client secret for {0} that was stored before. Without a keyring, each window keeps its own secrets and sessions until it closes or reloads. Sign in again, or unlock or install a keyring and restart VS Code.',
      deployment.origin,
    ),
    runs(l10n.t('Sign In'), 'airisk.signIn', targetArgument({ deployment })),
  );
  await chosen?.run();
}
