import * as vscode from 'vscode';
import { atDeployment } from '../../core/errors.ts';
import type { Opening } from '../../core/oauth/signIn.ts';
import type { Target } from '../accountTarget.ts';
import { showError } from '../errorMessages.ts';
import { offerSignIn } from '../messages.ts';
import type { Button } from '../nextSteps.ts';

const { l10n } = vscode;

// Long enough for a quick sign-in to pass without a second message.
const offerAfterMs = 20_000;
// The same, when the browser probably does not come back.
const offerSoonAfterMs = 5_000;

/** A sign-in that waits for its browser. */
export interface WaitingSignIn {
  readonly target: Target;
  /** The account that it is for, as messages name it. */
  readonly name: string;
  readonly opening: Opening;
  /** Aborts when it has ended, or waits for another browser. */
  readonly ended: AbortSignal;
  readonly openAgain: () => Promise<unknown>;
  readonly finishSilently: () => Promise<void>;
  readonly leave: () => void;
}

/** Offers what can be done about a sign-in when its browser has not come back after some seconds. */
export function offerWaysOnLater(waiting: WaitingSignIn, log: vscode.LogOutputChannel): void {
  const { opening, ended } = waiting;
  const afterMs = opening.expected.isReachable === false ? offerSoonAfterMs : offerAfterMs;
  const timer = setTimeout(() => void offerWaysOn(waiting, log), afterMs);
  ended.addEventListener('abort', () => clearTimeout(timer), { once: true });
}

/** Offers what can be done about a sign-in until it has ended or the person wants nothing of it. */
export async function offerWaysOn(waiting: WaitingSignIn, log: vscode.LogOutputChannel): Promise<void> {
  const { target, name, opening, ended } = waiting;
  const { isReachable, redirectUri } = opening.expected;
  const message =
    isReachable === false
      ? l10n.t(
          'VS Code runs on a server, so the browser may not find {0} for your AIRisk sign-in as {1}.',
          redirectUri,
          name,
        )
      : l10n.t('AIRisk is waiting for the browser to sign you in as {0}. Did it not return?', name);
  // Who left the box to paste in may want something else: the sign-in waits all the same.
  while (!ended.aborted) {
    const chosen = await vscode.window.showInformationMessage(message, ...waysOn(waiting));
    if (!chosen) return;
    // Nobody can take a message away again.
    if (ended.aborted) return offerSignIn({ log }, l10n.t('This AIRisk sign-in has ended.'), target);
    try {
      await atDeployment(target.deployment, chosen.run);
    } catch (error) {
      void showError(log, error);
    }
  }
}

function waysOn({ opening, openAgain, finishSilently, leave }: WaitingSignIn): Button[] {
  const { url, isSilent, expected } = opening;
  const { paste } = expected;
  const copyLink = async (): Promise<void> => {
    await vscode.env.clipboard.writeText(url);
    void vscode.window.showInformationMessage(l10n.t('Link copied. Open it in a browser.'));
  };
  return [
    ...(isSilent ? [{ title: l10n.t('Finish Without the Browser'), run: finishSilently }] : []),
    ...(paste ? [{ title: l10n.t('Paste Address'), run: paste }] : []),
    { title: l10n.t('Open Again'), run: openAgain },
    { title: l10n.t('Copy Link'), run: copyLink },
    { title: l10n.t('Cancel'), run: async () => leave() },
  ];
}
