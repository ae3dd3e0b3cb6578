import * as vscode from 'vscode';
import type { ConfiguredDeployment } from '../../core/oauth/configuredDeployments.ts';
import { type FailedRenewal, isOffline } from '../../core/sessions/renewalPolicy.ts';
import { type Glance, glance } from '../../core/sessions/statusSummary.ts';
import { keyOf, type Session } from '../../core/sessions/session.ts';
import { errorMessage } from '../errorMessages.ts';
import { targetArgument } from '../commands/commandArgument.ts';
import { sessionsTable, switchText } from './tooltip.ts';
import { deploymentText, nameAmong, shortTime, spokenTime, timeOfDay } from '../wording.ts';

const { l10n } = vscode;

/** What the status bar shows. */
export interface StatusBarState {
  /** The session in use, expired or not: one of `sessions`. */
  readonly session: Session | undefined;
  readonly sessions: readonly Session[];
  /** The deployment in use, when its name is to be seen: there are more, or it is the production one. */
  readonly deployment: ConfiguredDeployment | undefined;
  readonly renewing: boolean;
  /** What leads to a session for lack of one; `undefined` before anybody has begun with the set-up. */
  readonly next: 'signIn' | 'setUp' | 'switch' | undefined;
  /** Why the token of `session` could not be renewed, and when that is tried again: epoch ms. */
  readonly failure: FailedRenewal | undefined;
  /** Nothing but a person renews the token of `session`, and is to be asked to. */
  readonly asks: boolean;
  readonly visibility: 'always' | 'signedIn' | 'never';
  readonly warningMs: number;
  /** Terminals can ask for a token. */
  readonly terminals: boolean;
}

interface Look {
  readonly text: string;
  /** What a screen reader says. */
  readonly words: string;
  readonly command: string | vscode.Command;
  readonly tooltip: string | vscode.MarkdownString;
  /** Whom the tooltip lists, and until when. */
  readonly listed: string;
  readonly colour?: 'warning' | 'error' | undefined;
}

function wordsOf(next: StatusBarState['next']): string {
  if (next === 'switch') return l10n.t('Select an AIRisk deployment');
  return next === 'setUp' ? l10n.t('Set up AIRisk') : l10n.t('Sign in to AIRisk');
}

/** Shows who is signed in and how long the token still lives. */
export class StatusBar implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;
  readonly #ticket: string;
  #visible = false;
  #listed = '';

  /** @param ticket what this window's own links are recognized by */
  constructor(
    ticket: string,
    item = vscode.window.createStatusBarItem('session', vscode.StatusBarAlignment.Right, 90),
  ) {
    this.#ticket = ticket;
    this.#item = item;
    item.name = 'AIRisk';
  }

  /**
   * Draws the state.
   * @param now epoch ms
   * @returns ms until something of it changes, or `undefined` when it stays
   */
  render(state: StatusBarState, now: number): number | undefined {
    const { session, sessions, deployment, next, visibility, warningMs, terminals } = state;
    if (visibility === 'never' || !(session ?? (visibility === 'always' && next))) {
      this.#item.hide();
      this.#visible = false;
      return undefined;
    }
    if (!session) {
      // Signing in leads through what is missing.
      const command = next === 'switch' ? 'airisk.switchDeployment' : 'airisk.signIn';
      const words = wordsOf(next);
      const tooltip = deployment ? switchText(words, deployment) : words;
      const look = { text: `$(key) ${words}`, words, tooltip, listed: '', command };
      this.#draw(withDeployment(look, deployment));
      return undefined;
    }
    const seen = glance(session, sessions, warningMs, now);
    const others = othersText(seen.othersSoon);
    const trouble = state.failure && troubleText(state.failure);
    const asks = state.asks && seen.urgency !== 'calm';
    const look: Look = {
      ...lookOf(nameAmong(sessions, session), seen, { ...state, asks, trouble }, others),
      tooltip: sessionsTable(
        sessions,
        session,
        deployment,
        { others, trouble },
        terminals,
        warningMs,
        now,
        this.#ticket,
      ),
      listed: JSON.stringify([session, ...sessions].map((one) => [keyOf(one), one.name, one.expiration])),
      command: asks
        ? {
            title: '',
            command: 'airisk.renew',
            arguments: [{ ...targetArgument(session), ticket: this.#ticket }],
          }
        : 'airisk.showAccounts',
    };
    this.#draw(withDeployment(look, deployment));
    return seen.changesIn;
  }

  dispose(): void {
    this.#item.dispose();
  }

  /** Touches only what has changed: each write draws the entry again, and an open tooltip with it. */
  #draw({ text, words, command, tooltip, listed, colour }: Look): void {
    const item = this.#item;
    // VS Code leaves a tooltip that is pointed at as it was, over the message with Undo: it goes with its entry.
    if (this.#listed !== listed) {
      item.hide();
      this.#visible = false;
      this.#listed = listed;
    }
    if (item.text !== text) item.text = text;
    if (item.accessibilityInformation?.label !== words) {
      item.accessibilityInformation = { label: words, role: 'button' };
    }
    if (JSON.stringify(item.command) !== JSON.stringify(command)) item.command = command;
    if (markdownOf(item.tooltip) !== markdownOf(tooltip)) item.tooltip = tooltip;
    const background = colour && `statusBarItem.${colour}Background`;
    const before = item.backgroundColor;
    if ((before instanceof vscode.ThemeColor ? before.id : undefined) !== background) {
      item.backgroundColor = background === undefined ? undefined : new vscode.ThemeColor(background);
    }
    if (!this.#visible) item.show();
    this.#visible = true;
  }
}

function markdownOf(tooltip: string | vscode.MarkdownString | undefined): string | undefined {
  return typeof tooltip === 'object' ? tooltip.value : tooltip;
}

/** By name before all else; the production one by an icon and a word too. */
function withDeployment(look: Look, deployment: ConfiguredDeployment | undefined): Look {
  if (!deployment) return look;
  const name = deploymentText(deployment);
  const icon = deployment.production ? '$(broadcast) ' : '';
  return {
    ...look,
    text: look.text.replace(/^\$\([\w~-]+\) /, (first) => `${first}${icon}${name}: `),
    words: `${look.words}. ${l10n.t('Deployment: {0}', name)}`,
  };
}

function troubleText({ error, again }: NonNullable<StatusBarState['failure']>): string {
  const why = l10n.t('The token was not renewed: {0}', errorMessage(error));
  return again === undefined ? why : `${why} ${l10n.t('Next attempt at {0}.', timeOfDay(again))}`;
}

function othersText(count: number): string {
  if (count === 0) return '';
  return count > 1
    ? l10n.t('{0} other sessions expire soon', count)
    : l10n.t('One other session expires soon');
}

function lookOf(
  who: string,
  { urgency, parts }: Glance,
  {
    renewing,
    failure,
    asks,
    trouble,
  }: Pick<StatusBarState, 'renewing' | 'failure' | 'asks'> & {
    readonly trouble: string | undefined;
  },
  others: string,
): Pick<Look, 'text' | 'words' | 'colour'> {
  const [icon, colour] = appearance[urgency];
  const left = spokenTime(parts);
  const words = {
    expired: l10n.t('AIRisk token for {0} has expired', who),
    soon: l10n.t('AIRisk: signed in as {0}, expires soon, {1} left', who, left),
    calm: l10n.t('AIRisk: signed in as {0}, {1} left', who, left),
  }[urgency];
  const offline = failure !== undefined && isOffline(failure.error);
  const ended = offline ? l10n.t('offline') : l10n.t('expired');
  const time = urgency === 'expired' ? (renewing ? l10n.t('renewing') : ended) : shortTime(parts);
  const shown = renewing ? 'sync~spin' : offline ? 'debug-disconnect' : icon;
  return {
    text: `$(${shown}) ${who} · ${time}${asks ? ` · ${l10n.t('Renew?')}` : ''}`,
    words: [
      words,
      renewing ? l10n.t('renewing') : '',
      asks ? l10n.t('Select to renew') : '',
      trouble ?? '',
      others,
    ]
      .filter(Boolean)
      .join('. '),
    colour,
  };
}

// An icon for each, so that nothing is conveyed by colour alone; all are of one width.
const appearance = {
  calm: ['key', undefined],
  soon: ['warning', 'warning'],
  expired: ['error', 'error'],
} as const;
