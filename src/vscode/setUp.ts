import * as vscode from 'vscode';
import { AiriskError } from '../core/errors.ts';
import { type Deployment, deploymentOrigin } from '../core/oauth/deployment.ts';
import { ClientSecret, type ClientSecrets } from './secrets.ts';
import { type Settings, type SetUpSetting, writeSetting } from './settings.ts';

const { l10n } = vscode;

/** What set-up reads and writes. */
export interface SetUpParts {
  readonly readSettings: () => Settings;
  readonly deploymentOf: (settings: Settings) => Deployment;
  readonly clientSecrets: ClientSecrets;
}

interface Step {
  readonly prompt: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly password?: boolean;
  /** Says what is wrong with a value, or nothing. */
  readonly check: (value: string) => string | undefined;
  readonly save: (value: string) => Promise<void>;
}

type StepEnd = 'next' | 'back' | 'left';

/**
 * Leads through what a sign-in needs: deployment address, client id, client secret. Each step is kept when it is
 * done, so leaving half-way loses nothing.
 * @returns false where it was left before the end
 */
export async function setUp(parts: SetUpParts): Promise<boolean> {
  const steps = [baseUrlStep, clientIdStep, clientSecretStep];
  let index = 0;
  for (let step = steps[index]; step; step = steps[index]) {
    const end = await ask(await step(parts), index + 1, steps.length);
    if (end === 'left') return false;
    index += end === 'next' ? 1 : -1;
  }
  return true;
}

/**
 * Asks for the client secret alone.
 * @throws AiriskError `not_configured` where there is no deployment that it could belong to
 */
export async function askClientSecret(parts: SetUpParts): Promise<boolean> {
  return (await ask(await clientSecretStep(parts), 1, 1)) === 'next';
}

async function baseUrlStep({ readSettings }: SetUpParts): Promise<Step> {
  return {
    prompt: l10n.t('Address of your AIRisk deployment. Any page of it will do.'),
    value: readSettings().baseUrl,
    placeholder: 'https://demo.aicrisk.com',
    check: (value) => originProblem(value),
    save: (value) => saveSetting('baseUrl', deploymentOrigin(value)),
  };
}

async function clientIdStep({ readSettings }: SetUpParts): Promise<Step> {
  return {
    prompt: l10n.t('Client ID: the client_id that your AIRisk administrator gave you.'),
    value: readSettings().clientId,
    check: (value) => (value.trim() ? undefined : l10n.t('Enter the client ID.')),
    save: (value) => saveSetting('clientId', value.trim()),
  };
}

async function clientSecretStep({ readSettings, deploymentOf, clientSecrets }: SetUpParts): Promise<Step> {
  const deployment = deploymentOf(readSettings());
  const kept = (await clientSecrets.get(deployment)) !== undefined;
  return {
    prompt: l10n.t(
      "Client secret. It is kept in VS Code's secret storage and sent to {0} only.",
      deployment.origin,
    ),
    value: '',
    password: true,
    ...(kept && { placeholder: l10n.t('Leave empty to keep the one that is stored') }),
    check: (value) =>
      ClientSecret.safeParse(value).success || (kept && !value)
        ? undefined
        : l10n.t('Enter the client secret.'),
    save: async (value) => {
      if (value) await clientSecrets.store(deployment, ClientSecret.parse(value));
    },
  };
}

async function saveSetting(name: SetUpSetting, value: string): Promise<void> {
  await writeSetting(name, value);
}

function originProblem(value: string): string | undefined {
  try {
    deploymentOrigin(value);
    return undefined;
  } catch (error) {
    return error instanceof AiriskError && error.reason === 'https'
      ? l10n.t('The address must begin with https://.')
      : l10n.t('This is no address. Example: https://demo.aicrisk.com');
  }
}

async function ask(step: Step, number: number, total: number): Promise<StepEnd> {
  const input = vscode.window.createInputBox();
  input.title = l10n.t('Set up AIRisk');
  if (total > 1) [input.step, input.totalSteps] = [number, total];
  input.prompt = step.prompt;
  input.value = step.value;
  input.placeholder = step.placeholder ?? '';
  input.password = step.password ?? false;
  input.ignoreFocusOut = true;
  if (number > 1) input.buttons = [vscode.QuickInputButtons.Back];
  const validate = (): boolean => {
    const problem = step.check(input.value);
    input.validationMessage = problem ?? '';
    return problem === undefined;
  };
  try {
    return await new Promise<StepEnd>((resolve, reject) => {
      input.onDidChangeValue(validate);
      input.onDidTriggerButton(() => resolve('back'));
      input.onDidHide(() => resolve('left'));
      input.onDidAccept(() => {
        if (!validate()) return;
        input.enabled = false;
        step.save(input.value).then(() => resolve('next'), reject);
      });
      input.show();
    });
  } finally {
    input.dispose();
  }
}
