import * as vscode from 'vscode';
import { type Answered, createConsent, type AllowedTerminals } from '../../core/terminal/consent.ts';
import type { Answer, Refusal } from '../../core/terminal/messages.ts';
import type { HelperRequest } from '../../core/terminal/request.ts';
import { withTimeLimit } from '../../core/tasks.ts';
import { errorMessage } from '../errorMessages.ts';
import type { Questions } from '../questions.ts';
import { askForToken, type TokenQuestion } from './consentPicker.ts';

const { l10n } = vscode;

/** A token, as the helper gets it. */
export interface HandedToken {
  readonly accessToken: string;
  /** Epoch ms, on this computer's clock. */
  readonly expiration: number;
}

/** An account whose token a terminal can get. */
interface TokenAccount extends Pick<TokenQuestion, 'account' | 'name' | 'deployment' | 'production'> {
  /** Empty for the generic token. */
  readonly userid: string;
  readonly origin: string;
  /**
   * Its token, renewed first when less than so many ms are left; `undefined` when it cannot be had without a person.
   * @throws AiriskError when the renewal fails, `settings_changed` when its deployment has left the settings or is the
   * production one only now
   */
  token(minLifetimeMs: number): Promise<HandedToken | undefined>;
}

/** What answers are made from. */
export interface TokenAnswerParts {
  readonly questions: Questions;
  readonly allowed: AllowedTerminals;
  /** The account that a request means, when somebody is signed in there. */
  readonly findAccount: (
    request: Pick<HelperRequest, 'userid' | 'deployment'>,
  ) => Promise<TokenAccount | undefined>;
  readonly now: () => number;
  readonly log: vscode.LogOutputChannel;
}

/** How long a terminal has to say which process it runs, in ms: without a shell it never does. */
const titleMs = 500;

/** Answers the helpers of this window's terminals: a token goes out when a person has said yes. */
export function createTokenAnswers({ questions, allowed, findAccount, now, log }: TokenAnswerParts) {
  const ask = (question: TokenQuestion, gone: AbortSignal): Promise<Answered> =>
    askForToken(questions, question, gone);
  const consent = createConsent(allowed, ask, now);
  return async (request: HelperRequest, gone: AbortSignal): Promise<Answer> => {
    try {
      const found = await findAccount(request);
      if (!found) return nobodyIsSignedIn();
      const { account, name, deployment, production, userid, origin } = found;
      const { terminal, agent } = request;
      const title = await titleOf(request.ancestors);
      const asksAlways = agent !== undefined || production;
      const question = { account, name, deployment, production, terminal, agent, title, asksAlways };
      const verdict = await consent(question, gone);
      if (verdict === 'denied')
        return refuse('denied', l10n.t('Denied in VS Code. It can be asked again in half a minute.'));
      if (verdict === 'unanswered') return refuse('denied', l10n.t('Nobody answered in VS Code. Try again.'));
      const token = await found.token(request.minLifetimeSeconds * 1_000);
      gone.throwIfAborted();
      if (!token) {
        // Signed out while the question was open.
        if (!(await findAccount(request))) return nobodyIsSignedIn();
        return refuse(
          'signedOut',
          l10n.t(
            'The AIRisk token for {0} has expired and cannot be renewed without you. Run "AIRisk: Sign In" in VS Code.',
            name,
          ),
        );
      }
      log.info(`Handed a token to ${agent === undefined ? 'a terminal' : 'an agent'}`);
      return { ...token, userid, origin };
    } catch (error) {
      // Nobody waits for the words of a request that was given up.
      if (!gone.aborted) log.warn('A terminal got no token', error instanceof Error ? error.name : '');
      return refuse('failed', errorMessage(error));
    }
  };
}

function nobodyIsSignedIn(): Refusal {
  return refuse(
    'signedOut',
    l10n.t('Nobody is signed in to AIRisk there. Run "AIRisk: Sign In" in VS Code.'),
  );
}

function refuse(refusal: Refusal['refusal'], message: string): Refusal {
  return { refusal, message };
}

/** The title of the terminal that one of these processes is the shell of. */
async function titleOf(ancestors: readonly number[]): Promise<string | undefined> {
  const terminals = vscode.window.terminals.map(async ({ name, processId }) => {
    const shell = await withTimeLimit(processId, titleMs, () => undefined);
    return shell !== undefined && ancestors.includes(shell) ? name : undefined;
  });
  return (await Promise.all(terminals)).find((name) => name !== undefined);
}
