import * as vscode from 'vscode';
import { remainingMs, type Session } from '../core/session/session.ts';
import { accountName } from './wording.ts';

const { l10n } = vscode;

/** Asks, once for each token and with one message at a time, whether to renew what nobody can renew silently. */
export class RenewalPrompt {
  readonly #asked = new Set<string>();
  #open = false;

  /**
   * Asks where a token is about to expire.
   * @param now epoch ms
   */
  offer(sessions: readonly Session[], warningMs: number, now: number): void {
    const session = sessions.find(
      (candidate) => remainingMs(candidate, now) <= warningMs && !this.#asked.has(candidate.accessToken),
    );
    if (!session || this.#open) return;
    this.#asked.add(session.accessToken);
    this.#open = true;
    void this.#ask(session).finally(() => {
      this.#open = false;
    });
  }

  async #ask({ userid, origin, clientId }: Session): Promise<void> {
    const renew = l10n.t('Renew');
    const message = l10n.t(
      'The AIRisk token for {0} expires soon.',
      accountName({ origin, clientId }, userid),
    );
    if ((await vscode.window.showInformationMessage(message, renew, l10n.t('Not Now'))) === renew) {
      await vscode.commands.executeCommand('airisk.renew', { userid });
    }
  }
}
