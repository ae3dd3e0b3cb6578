import * as vscode from 'vscode';
import { defaultName, isDeploymentName } from '../../core/oauth/configuredDeployments.ts';
import { withFirst } from '../../core/sessions/statusSummary.ts';
import { whyUnused } from '../deploymentProblems.ts';
import { labelText } from '../wording.ts';
import { entryNames, entryText, isTaken, openEntry } from './deploymentEntry.ts';
import type { SetUpParts } from './setUpParts.ts';
import { askText } from './textStep.ts';

const { l10n } = vscode;

interface EntryItem extends vscode.QuickPickItem {
  /** None on the entry for a new one. */
  readonly name?: string;
}

/**
 * Asks which deployment to set up: one of those that there are, or a new one and its name. Nobody is asked when there
 * is none.
 * @returns its name; `undefined` when the person left
 */
export async function chooseEntry(parts: SetUpParts): Promise<string | undefined> {
  const { settings, drafts, questions } = parts;
  const names = entryNames(settings, drafts);
  if (names.length === 0) return defaultName;
  const inUse = settings.inUse()?.name;
  // The first one is what Enter takes.
  const items: EntryItem[] = [
    ...withFirst(names, inUse).map((name) => {
      const problem = settings.problemOf(name);
      return {
        name,
        label: entryText(settings, name),
        description: labelText(openEntry(settings, drafts, name).read().baseUrl, 100),
        iconPath: new vscode.ThemeIcon(problem ? 'warning' : 'server'),
        ...(problem && { detail: labelText(whyUnused(problem)) }),
      };
    }),
    { label: l10n.t('New Deployment…'), iconPath: new vscode.ThemeIcon('add'), alwaysShow: true },
  ];
  const item = await questions.pick(
    items,
    l10n.t('Set up AIRisk'),
    l10n.t('Select the deployment to set up'),
  );
  return item && (item.name ?? askName(parts));
}

/**
 * Asks for the name of a new deployment.
 * @returns `undefined` when the person left
 */
export async function askName({ settings, drafts, questions }: SetUpParts): Promise<string | undefined> {
  let name: string | undefined;
  await askText(
    questions,
    {
      name: 'name',
      prompt: l10n.t('Name for the new deployment, for example test. You and other extensions will see it.'),
      value: '',
      check: (value) => {
        if (!isDeploymentName(value.trim()))
          return l10n.t('Enter 1 to 32 letters, digits, dots, hyphens, or underscores, but not "default".');
        return isTaken(settings, drafts, value.trim())
          ? l10n.t('There is a deployment with this name.')
          : undefined;
      },
      save: async (value) => {
        name = value.trim();
      },
    },
    { step: 1, of: 1, drafts: new Map() },
  );
  if (name !== undefined) drafts.set(name, {});
  return name;
}
