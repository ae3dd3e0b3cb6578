import * as vscode from 'vscode';
import { type Countdown, countdown } from '../core/session/countdown.ts';
import { accountLabel, remainingMs, type Session } from '../core/session/session.ts';

const { l10n } = vscode;

/** What the status bar shows. */
export interface StatusBarState {
  /** The session in use, expired or not. */
  readonly session: Session | undefined;
  readonly renewing: boolean;
  /** Everything that is needed to sign in is set. */
  readonly configured: boolean;
  readonly visibility: 'always' | 'signedIn' | 'never';
  readonly warningMs: number;
}

/** Shows who is signed in and how long the token still lives. */
export class StatusBar implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;

  constructor() {
    this.#item = vscode.window.createStatusBarItem('session', vscode.StatusBarAlignment.Right, 90);
    this.#item.name = 'AIRisk';
  }

  /**
   * Draws the state.
   * @param now epoch ms
   * @returns in how many ms the text is another, or `undefined` when it stays
   */
  render(state: StatusBarState, now: number): number | undefined {
    const { session, renewing, configured, visibility, warningMs } = state;
    if (visibility === 'never' || !(session ?? (configured && visibility === 'always'))) {
      this.#item.hide();
      return undefined;
    }
    if (!session) {
      this.#set(l10n.t('$(key) Sign in to AIRisk'), l10n.t('Sign in to AIRisk'), 'airisk.signIn');
      return undefined;
    }
    const remaining = remainingMs(session, now);
    const { parts, changesIn } = countdown(remaining);
    const who = session.userid || session.clientId;
    const account = accountLabel(session, session.userid);
    if (remaining <= 0) {
      const words = l10n.t('AIRisk token of {0} has expired', account);
      this.#set(l10n.t('$(key) {0} · expired', withoutIcons(who)), words, 'airisk.showAccounts', 'error');
      return undefined;
    }
    const words = l10n.t('AIRisk: signed in as {0}, {1} left', account, spokenCountdown(parts));
    const colour = remaining <= warningMs ? 'warning' : undefined;
    const icon = renewing ? '$(sync~spin)' : '$(key)';
    this.#set(
      `${icon} ${withoutIcons(who)} · ${shortCountdown(parts)}`,
      words,
      'airisk.showAccounts',
      colour,
    );
    return changesIn;
  }

  dispose(): void {
    this.#item.dispose();
  }

  #set(text: string, words: string, command: string, colour?: 'warning' | 'error'): void {
    const item = this.#item;
    item.text = text;
    item.tooltip = words;
    item.accessibilityInformation = { label: words, role: 'button' };
    item.command = command;
    item.backgroundColor = colour && new vscode.ThemeColor(`statusBarItem.${colour}Background`);
    item.show();
  }
}

function withoutIcons(text: string): string {
  return text.replaceAll('$(', '$ (');
}

/** A countdown for the eye: `2d 3h`, `47m`. */
export function shortCountdown(parts: Countdown['parts']): string {
  const words = { day: l10n.t('d'), hour: l10n.t('h'), minute: l10n.t('m'), second: l10n.t('s') };
  return parts.map(({ unit, value }) => `${value}${words[unit]}`).join(' ');
}

/** A countdown for the ear: `2 days, 3 hours`. */
export function spokenCountdown(parts: Countdown['parts']): string {
  const { language } = vscode.env;
  const spoken = parts.map(({ unit, value }) =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(value),
  );
  return new Intl.ListFormat(language, { type: 'unit' }).format(spoken);
}
