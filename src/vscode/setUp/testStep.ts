import * as vscode from 'vscode';
import { examine, type Finding, rehearse } from '../../core/diagnosis.ts';
import { type AiriskError, hasCode, type NextStep } from '../../core/errors.ts';
import { redact } from '../../core/text.ts';
import { targetArgument } from '../commands/commandArgument.ts';
import { findingText } from '../diagnose/findingWords.ts';
import { errorMessage, whatHappened, whatHelps } from '../errorMessages.ts';
import type { DeploymentEntry } from './deploymentEntry.ts';
import type { SetUpOfOne } from './setUpParts.ts';
import { type Place, prepareInput, saveProblem, type StepEnd } from './textStep.ts';

const { l10n } = vscode;

/** The steps of set-up. */
export type StepName = 'baseUrl' | 'clientId' | 'clientSecret' | 'redirectUri' | 'test';

/** A step to go back to, and why. */
interface Return {
  readonly step: StepName;
  readonly problem: string;
}

const stepOf: Partial<Record<NextStep, StepName>> = {
  clientId: 'clientId',
  clientSecret: 'clientSecret',
  redirectUri: 'redirectUri',
  settings: 'redirectUri',
  editor: 'redirectUri',
  port: 'redirectUri',
  dns: 'baseUrl',
  tls: 'baseUrl',
  plainHttp: 'baseUrl',
  otherPort: 'baseUrl',
  proxy: 'baseUrl',
  network: 'baseUrl',
  portal: 'baseUrl',
  moved: 'baseUrl',
  wait: 'baseUrl',
};

type TestEnd = StepEnd | 'again' | 'cancelIt' | 'diagnose';

interface ChoiceItem extends vscode.QuickPickItem {
  readonly end: TestEnd | 'mark';
}

/** Tries everything that was entered, without a browser, and says how it went. */
export async function testStep(
  parts: SetUpOfOne,
  place: Place,
  offerSignIn: boolean,
): Promise<StepEnd | Return> {
  const picker = vscode.window.createQuickPick<ChoiceItem>();
  const controller = new AbortController();
  picker.buttons = prepareInput(picker, place);
  picker.placeholder = l10n.t('Testing… Press Escape to stop');
  picker.busy = true;
  const asked = parts.questions.ask<TestEnd | Return>(
    picker,
    (answer) => {
      picker.onDidTriggerButton(() => answer('back'));
      picker.onDidAccept(() => {
        const end = picker.selectedItems[0]?.end;
        if (end === 'mark') void mark();
        else if (end) answer(end);
      });
    },
    controller.signal,
  );
  const mark = async (): Promise<void> => {
    try {
      await parts.entry.write({ production: !parts.entry.read().production });
      const items = picker.items.map((item) => (item.end === 'mark' ? markItem(parts.entry) : item));
      picker.items = items;
      picker.activeItems = items.slice(-1);
    } catch (error) {
      picker.placeholder = saveProblem(error);
    }
  };
  let inTheWay: string | undefined;
  const test = async (): Promise<TestEnd | Return | undefined> => {
    const { findings, secrets } = await testSetUp(parts, controller.signal);
    // A clock that is wrong is only said: sessions allow for it, and it must not hide what stops a sign-in.
    const failure = findings.find(({ error }) => error);
    if (failure?.error) {
      const step = failure.nextStep && stepOf[failure.nextStep];
      if (step) return { step, problem: redact(errorMessage(failure.error), secrets) };
      inTheWay = failure.error.subject;
      picker.placeholder = redact(whatHappened(failure.error), secrets);
      picker.items = failureItems(failure.error, redact(whatHelps(failure.error), secrets));
    } else {
      if (!offerSignIn) return 'next';
      picker.placeholder = summary(findings);
      picker.items = successItems(findings, parts.entry);
    }
    picker.busy = false;
    return asked;
  };
  try {
    const end = await Promise.race([asked, test()]);
    if (end === 'cancelIt')
      await vscode.commands.executeCommand('airisk.cancelSignIn', { account: inTheWay });
    if (end === 'again' || end === 'cancelIt') return { step: 'test', problem: '' };
    if (end !== 'diagnose') return end ?? 'left';
    const deployment = parts.settings.describe(parts.settings.deploymentOf(parts.entry.read()));
    void vscode.commands.executeCommand('airisk.diagnose', targetArgument({ deployment }));
    return 'left';
  } finally {
    controller.abort();
  }
}

async function testSetUp(
  { entry, settings, clientSecrets, redirects, http }: SetUpOfOne,
  signal: AbortSignal,
): Promise<{ findings: Finding[]; secrets: Set<string> }> {
  const values = entry.read();
  const deployment = settings.deploymentOf(values);
  const clientSecret = await clientSecrets.get(deployment);
  const secrets = new Set(clientSecret && [clientSecret]);
  let redirectUri: string | undefined;
  const redirect = await examine('redirectUri', async () => {
    redirectUri = await redirects.rehearse(values.redirectUri);
    return { fact: redirectUri };
  });
  const subject = { deployment, clientSecret, format: values.tokenRequestFormat, redirectUri };
  return { findings: [redirect, ...(await rehearse(http(), subject, secrets, signal))], secrets };
}

function summary(findings: readonly Finding[]): string {
  if (findings.some(isSkew)) return l10n.t('AIRisk is set up.');
  return findings.some(({ detail }) => detail === 'page')
    ? l10n.t('AIRisk is set up. Sign in to check the rest')
    : l10n.t('AIRisk is set up and passed all tests');
}

const isSkew = ({ detail }: Finding): boolean => detail === 'skew';

function successItems(findings: readonly Finding[], entry: DeploymentEntry): ChoiceItem[] {
  const skewed = findings.find(isSkew);
  return [
    // Where a screen reader reads it: a placeholder that changes is not announced.
    {
      label: l10n.t('Sign in now'),
      detail: skewed ? findingText(skewed) : '',
      end: 'next',
      iconPath: new vscode.ThemeIcon('sign-in'),
    },
    { label: l10n.t('Close'), end: 'left', iconPath: new vscode.ThemeIcon('check') },
    markItem(entry),
  ];
}

function markItem(entry: DeploymentEntry): ChoiceItem {
  const { production } = entry.read();
  return {
    label: production ? l10n.t('Remove the production mark') : l10n.t('Mark as production'),
    detail: l10n.t('The mark is a word and an icon in the status bar, and terminals ask each time.'),
    end: 'mark',
    iconPath: new vscode.ThemeIcon(production ? 'server' : 'broadcast'),
  };
}

function failureItems(error: AiriskError, detail: string): ChoiceItem[] {
  const again: ChoiceItem = hasCode(error, 'sign_in_waiting')
    ? { label: l10n.t('Cancel It and Continue'), end: 'cancelIt', iconPath: new vscode.ThemeIcon('close') }
    : { label: l10n.t('Test again'), end: 'again', iconPath: new vscode.ThemeIcon('refresh') };
  return [
    { ...again, detail },
    { label: l10n.t('Diagnose…'), end: 'diagnose', iconPath: new vscode.ThemeIcon('search') },
  ];
}
