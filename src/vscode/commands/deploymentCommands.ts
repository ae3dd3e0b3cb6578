import * as vscode from 'vscode';
import type { ConfiguredDeployment } from '../../core/oauth/configuredDeployments.ts';
import { writeSetUpLink } from '../../core/oauth/setUpLink.ts';
import { withFirst } from '../../core/sessions/statusSummary.ts';
import { plainText } from '../../core/text.ts';
import type { Sessions } from '../../core/sessions/sessions.ts';
import type { DeploymentChoice } from '../deploymentChoice.ts';
import { showProblem } from '../deploymentProblems.ts';
import { offerSignIn } from '../messages.ts';
import { chooseEntry } from '../setUp/chooseEntry.ts';
import { openEntry } from '../setUp/deploymentEntry.ts';
import { setUp } from '../setUp/setUp.ts';
import type { SetUpParts } from '../setUp/setUpParts.ts';
import type { StepName } from '../setUp/testStep.ts';
import { deploymentText, where } from '../wording.ts';
import { stillConfigured } from '../accountTarget.ts';
import { readTarget } from './commandArgument.ts';
import { forgetDeployment, type ForgetParts } from './forgetDeployment.ts';

const { l10n } = vscode;

/** What the commands about deployments work with. */
export interface DeploymentCommandParts extends SetUpParts, ForgetParts {
  readonly sessions: Sessions;
  readonly choice: DeploymentChoice;
  readonly log: vscode.LogOutputChannel;
}

/** The commands that are about deployments and not about accounts. */
export function deploymentCommands(parts: DeploymentCommandParts) {
  return {
    switchDeployment: (argument: unknown) => switchDeployment(parts, argument),
    copySetUpLink: (argument: unknown) => copySetUpLink(parts, argument),
    forgetDeployment: () => forgetDeployment(parts),
    setUp: (argument: unknown) => setUpOne(parts, argument),
  };
}

interface DeploymentItem extends vscode.QuickPickItem {
  /** None on the entry for a new one. */
  readonly deployment?: ConfiguredDeployment;
}

/** Changes the deployment that this window uses, and no other window; nothing is asked but which. */
async function switchDeployment(parts: DeploymentCommandParts, argument: unknown): Promise<void> {
  const { settings, sessions, choice } = parts;
  const named = readTarget(settings, argument).deployment;
  const item = named ? { deployment: named } : await pickDeployment(parts);
  if (!item) return;
  if (!item.deployment) {
    await vscode.commands.executeCommand('airisk.setUp');
    return;
  }
  const deployment = stillConfigured(settings, item.deployment);
  await choice.choose(deployment);
  const stored = await sessions.listStored(deployment);
  const message = l10n.t('This window now uses {0}.', deploymentText(deployment));
  if (stored.length === 0) offerSignIn(parts, message, { deployment });
  else void vscode.window.showInformationMessage(message);
}

async function pickDeployment({
  settings,
  sessions,
  questions,
}: DeploymentCommandParts): Promise<DeploymentItem | undefined> {
  const inUse = settings.inUse();
  // The one in use is what Enter takes.
  const items = await Promise.all(
    withFirst(settings.deployments(), inUse).map(async (deployment): Promise<DeploymentItem> => {
      const count = (await sessions.listStored(deployment)).length;
      // The address last, where a narrow row may cut it.
      const facts = [
        deployment === inUse ? l10n.t('In use in this window') : '',
        count === 0 ? l10n.t('Not signed in') : l10n.t('Signed in: {0}', count),
        where(deployment),
      ];
      return {
        deployment,
        label: deploymentText(deployment),
        description: facts.filter(Boolean).join(' · '),
        iconPath: new vscode.ThemeIcon(deployment === inUse ? 'pass-filled' : iconOf(deployment)),
      };
    }),
  );
  return questions.pick(
    [...items, { label: l10n.t('Set Up…'), iconPath: new vscode.ThemeIcon('gear'), alwaysShow: true }],
    l10n.t('Switch AIRisk deployment'),
    l10n.t('Select the deployment for this window'),
  );
}

function iconOf({ production }: ConfiguredDeployment): string {
  return production ? 'broadcast' : 'server';
}

async function setUpOne(parts: DeploymentCommandParts, argument: unknown): Promise<void> {
  const name = readTarget(parts.settings, argument).deployment?.name ?? (await chooseEntry(parts));
  if (name !== undefined) await setUpNamed(parts, name, 'baseUrl');
}

/** Leads through the set-up of one deployment from a step on, and signs in to it if the person wants to. */
export async function setUpNamed(
  parts: Pick<DeploymentCommandParts, 'choice' | 'log'> & SetUpParts,
  name: string,
  start: StepName,
): Promise<void> {
  const { settings, drafts, choice, log } = parts;
  const entry = openEntry(settings, drafts, name);
  if (!(await setUp({ ...parts, entry }, start, true))) return;
  // A sign-in would be one to the deployment that is used instead.
  const unused = settings.problemOf(name);
  if (unused) return showProblem(unused, log);
  // Who signs in to it now wants to use it.
  if (settings.inUse()?.name !== name) await choice.choose(settings.named(name));
  await vscode.commands.executeCommand('airisk.signIn', { deployment: name });
}

/** Copies the link that sets a deployment up for somebody else; it holds no secret. */
async function copySetUpLink(parts: DeploymentCommandParts, argument: unknown): Promise<void> {
  const deployment = readTarget(parts.settings, argument).deployment ?? (await chooseShared(parts));
  if (!deployment) return;
  const { link, isWhole } = writeSetUpLink(parts.redirects.callback, deployment);
  await vscode.env.clipboard.writeText(link);
  const message = l10n.t(
    'The set-up link for {0} is on the clipboard. It contains no secret.',
    where(deployment, deployment),
  );
  // Such a window has no address that the operating system knows.
  const how = l10n.t('A VS Code in a browser opens it with "Developer: Open URL".');
  const isWeb = vscode.env.uiKind === vscode.UIKind.Web;
  void vscode.window.showInformationMessage(isWeb ? `${message} ${how}` : message);
  if (isWhole) return;
  // Of a message without a button only the first line is seen.
  const byHand = l10n.t('The redirect URI must be entered by hand: {0}', plainText(deployment.redirectUri));
  void vscode.window.showWarningMessage(byHand);
}

/** @throws AiriskError as `settings.deployment` does when there is none */
async function chooseShared({
  settings,
  questions,
}: DeploymentCommandParts): Promise<ConfiguredDeployment | undefined> {
  const inUse = settings.inUse();
  const items = withFirst(settings.deployments(), inUse).map((one) => ({
    label: deploymentText(one),
    description: where(one),
    deployment: one,
  }));
  // The only one is not meant when the one that was chosen is not valid.
  if (items.length === 0 || (items.length === 1 && inUse)) return settings.deployment();
  return (await questions.pick(items, l10n.t('Copy an AIRisk set-up link')))?.deployment;
}
