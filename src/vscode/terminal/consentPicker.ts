import * as vscode from 'vscode';
import type { Answered, Subject } from '../../core/terminal/consent.ts';
import type { Questions } from '../questions.ts';
import { pickWithCare } from '../typeAhead.ts';
import { labelText } from '../wording.ts';

const { l10n } = vscode;

/** What a person is asked: whose token, of which deployment, for which terminal. */
export interface TokenQuestion extends Subject {
  /** The account as people know it. */
  readonly name: string;
  /** The deployment as people know it. */
  readonly deployment: string;
  readonly production: boolean;
  /** The terminal's title; absent for one that this window does not have, as in tmux. */
  readonly title: string | undefined;
  /** The mark of the AI agent that asks. */
  readonly agent: string | undefined;
}

interface Choice extends vscode.QuickPickItem {
  readonly answer: Answered;
}

/**
 * Asks whether a terminal gets a token. Not in a dialog: what is typed ahead would press its first button.
 * @param signal takes the question away
 * @returns `undefined` when the person left the question, or it was taken away
 */
export async function askForToken(
  questions: Questions,
  question: TokenQuestion,
  signal: AbortSignal,
): Promise<Answered> {
  const picker = vscode.window.createQuickPick<Choice>();
  picker.title = titleOf(question);
  picker.placeholder = l10n.t('{0} at {1}', question.name, question.deployment);
  return (await pickWithCare(questions, picker, choicesFor(question), signal))?.answer;
}

function titleOf({ title, agent }: TokenQuestion): string {
  if (agent !== undefined)
    return l10n.t('An AI agent asks for an AIRisk access token ({0})', labelText(agent, 40));
  if (title === undefined)
    return l10n.t('A program outside the terminals of this window asks for an AIRisk access token');
  return l10n.t('The terminal "{0}" asks for an AIRisk access token', labelText(title, 60));
}

function choicesFor({ terminal, asksAlways, production }: TokenQuestion): [Choice, ...Choice[]] {
  const choice = (answer: Answered, icon: string, label: string, detail?: string): Choice => ({
    answer,
    label,
    iconPath: new vscode.ThemeIcon(production && answer !== 'deny' ? 'warning' : icon),
    alwaysShow: true,
    ...(production && answer !== 'deny' ? { description: l10n.t('Production') } : {}),
    ...(detail === undefined ? {} : { detail }),
  });
  const choices: [Choice, Choice] = [
    choice('deny', 'circle-slash', l10n.t('Deny')),
    choice('once', 'check', l10n.t('Allow Once')),
  ];
  if (terminal === undefined || asksAlways) return choices;
  const until = l10n.t('Until it ends, or you run "AIRisk: Revoke Terminal Access"');
  return [...choices, choice('terminal', 'check-all', l10n.t('Allow for This Terminal'), until)];
}
