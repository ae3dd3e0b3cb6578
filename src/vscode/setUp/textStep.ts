import * as vscode from 'vscode';
import { AiriskError } from '../../core/errors.ts';
import { plainText } from '../../core/text.ts';
import { errorMessage } from '../errorMessages.ts';
import { copyAddress } from '../nextSteps.ts';
import type { Questions } from '../questions.ts';

const { l10n } = vscode;

/** How a step was ended. */
export type StepEnd = 'next' | 'back' | 'left';

/** Where a step stands, and why one was led back to it. */
export interface Place {
  readonly step: number;
  readonly of: number;
  /** Which deployment it is about, when there is more than the default one. */
  readonly deployment?: string | undefined;
  readonly problem?: string | undefined;
  /** What is found out about the steps before, while one goes on: says what is wrong with them, or nothing. */
  readonly doubts?: readonly Promise<string | undefined>[];
  /** What was typed and not saved, by the name of its step. */
  readonly drafts: Map<string, string>;
}

/** A step in which something is typed. */
export interface TextStep {
  /** Under which a draft is found again. */
  readonly name: string;
  readonly prompt: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly password?: boolean;
  /** What a value is understood as; shown when it differs, and copied by the Copy button. */
  readonly understood?: (value: string) => string;
  readonly copies?: boolean;
  /** Says what is wrong with a value, or nothing. */
  readonly check: (value: string) => string | undefined;
  readonly save: (value: string) => Promise<void>;
}

/** The Copy button of an address. */
export function copyButton(): vscode.QuickInputButton {
  return { iconPath: new vscode.ThemeIcon('copy'), tooltip: l10n.t('Copy the redirect URI') };
}

/** Gives an input its title, its place and its Back button. */
export function prepareInput(
  input: vscode.QuickInput,
  { step, of, deployment }: Place,
): vscode.QuickInputButton[] {
  input.title = [l10n.t('Set up AIRisk'), deployment].filter(Boolean).join(' · ');
  if (of > 1) [input.step, input.totalSteps] = [step, of];
  return step > 1 ? [vscode.QuickInputButtons.Back] : [];
}

/** Asks for a text until it is saved: when saving fails, what was typed stays and the reason is shown. */
export async function askText(questions: Questions, step: TextStep, place: Place): Promise<StepEnd> {
  const input = vscode.window.createInputBox();
  const back = prepareInput(input, place);
  const { name, check, save, understood = (value: string): string => value } = step;
  const { drafts, problem: ledBackBy } = place;
  let doubt = '';
  input.buttons = [...back, ...(step.copies ? [copyButton()] : [])];
  input.prompt = step.prompt;
  // Who is led back is shown what was tested.
  input.value = (ledBackBy === undefined ? drafts.get(name) : undefined) ?? step.value;
  input.placeholder = step.placeholder ?? '';
  input.password = step.password ?? false;
  input.validationMessage = ledBackBy ?? '';
  const show = (problem: string | undefined): void => {
    const severity = vscode.InputBoxValidationSeverity.Warning;
    // What the step is about stays to be read.
    input.validationMessage = problem ?? (doubt && { message: `${doubt} ${input.prompt ?? ''}`, severity });
  };
  for (const look of place.doubts ?? []) {
    void look.then((found) => {
      doubt ||= found ?? '';
      if (doubt && !input.validationMessage) show(undefined);
    });
  }
  const validate = (): boolean => {
    const problem = check(input.value);
    const meaning = problem === undefined ? understood(input.value) : input.value;
    input.prompt = meaning === input.value ? step.prompt : l10n.t('Will use {0}', meaning);
    show(problem);
    return problem === undefined;
  };
  const wait = (busy: boolean): void => {
    input.enabled = !busy;
    input.busy = busy;
  };
  const end = await questions.ask<StepEnd>(input, (answer) => {
    const accept = async (): Promise<void> => {
      if (!validate()) return;
      wait(true);
      try {
        await save(input.value);
        drafts.delete(name);
        answer('next');
      } catch (error) {
        wait(false);
        input.validationMessage = saveProblem(error);
        input.show();
      }
    };
    input.onDidChangeValue(validate);
    input.onDidTriggerButton((button) => {
      if (button === vscode.QuickInputButtons.Back) {
        if (input.value === step.value) drafts.delete(name);
        else drafts.set(name, input.value);
        answer('back');
      } else if (validate()) void copyAddress(understood(input.value));
    });
    input.onDidAccept(() => void accept());
  });
  return end ?? 'left';
}

/** What VS Code says when it cannot write a setting is meant for people, and holds no secret. */
export function saveProblem(error: unknown): string {
  return error instanceof Error && !(error instanceof AiriskError)
    ? plainText(error.message, 400)
    : errorMessage(error);
}
