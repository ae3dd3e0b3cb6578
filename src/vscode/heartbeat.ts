import * as vscode from 'vscode';
import { sessionInUse } from '../core/sessions/statusSummary.ts';
import type { ConfiguredDeployment } from '../core/oauth/configuredDeployments.ts';
import type { Leases } from '../core/sessions/leases.ts';
import { RenewalPrompts } from '../core/sessions/renewalPrompts.ts';
import type { Session } from '../core/sessions/session.ts';
import type { Sessions } from '../core/sessions/sessions.ts';
import { Ticker, type Timers } from '../core/ticker.ts';
import { forLog } from './errorMessages.ts';
import type { PersistentState } from './persistentState.ts';
import type { ClientSecrets } from './secretStorage.ts';
import type { SettingsReader } from './settings.ts';
import { StatusBar, type StatusBarState } from './statusBar/statusBar.ts';

/** What the heartbeat works with. */
export interface HeartbeatParts {
  readonly sessions: Sessions;
  readonly leases: Leases;
  readonly state: PersistentState;
  readonly clientSecrets: ClientSecrets;
  readonly settings: SettingsReader;
  /** What this window's own links are recognized by. */
  readonly ticket: string;
  /** Whether terminals can ask for a token. */
  readonly terminals: () => boolean;
  readonly timers: Timers;
  /** Asks whether to renew what nobody can renew silently; ends when that has been answered and done. */
  readonly askToRenew: (session: Session) => Promise<void>;
  /** Called whenever everything has been read and drawn. */
  readonly welcome: () => void;
  readonly log: vscode.LogOutputChannel;
}

// Whoever starts the extension to get a session has it by then: the first drawing takes longer than reading.
const refreshAfterMs = 50;

/** Keeps what people see in step with the sessions and the clock; owns the extension's only long-lived timer. */
export class Heartbeat implements vscode.Disposable {
  readonly #parts: HeartbeatParts;
  readonly #statusBar: StatusBar;
  readonly #prompts: RenewalPrompts;
  readonly #ticker: Ticker;
  readonly #subscriptions: vscode.Disposable;
  /** The deployment whose sessions are shown. */
  #deployment: ConfiguredDeployment | undefined;
  #stored: readonly Session[] = [];
  #next: StatusBarState['next'];
  #turns = 0;
  #shownTurn = 0;
  #waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: HeartbeatParts) {
    this.#parts = parts;
    this.#statusBar = new StatusBar(parts.ticket);
    const { leases } = parts;
    this.#prompts = new RenewalPrompts({
      leases,
      ask: parts.askToRenew,
      onClosed: () => this.#ticker.wake(),
    });
    this.#ticker = new Ticker(
      parts.timers,
      (now) => this.#tick(now),
      (error) => parts.log.error('Updating the status bar failed', forLog(error)),
    );
    this.#subscriptions = vscode.Disposable.from(
      this.#statusBar,
      this.#ticker,
      parts.sessions.onDidChange(() => this.refresh()),
      // The computer may have slept, or a keyring been unlocked, while another window had the focus.
      vscode.window.onDidChangeWindowState(({ focused }) => focused && this.refresh()),
    );
  }

  /** Reads again what is to be shown, in a moment: once for all that changes together. */
  refresh(): void {
    const { timers, log } = this.#parts;
    this.#waiting ??= timers.setTimeout(() => {
      this.#waiting = undefined;
      this.#read().catch((error: unknown) => log.error('Reading the sessions failed', forLog(error)));
    }, refreshAfterMs);
  }

  dispose(): void {
    this.#parts.timers.clearTimeout(this.#waiting);
    this.#subscriptions.dispose();
  }

  async #read(): Promise<void> {
    const { sessions, settings, clientSecrets, timers } = this.#parts;
    const turn = ++this.#turns;
    const deployment = settings.inUse();
    const [stored, clientSecret] = deployment
      ? await Promise.all([sessions.listStored(deployment), clientSecrets.get(deployment)])
      : [[]];
    // A task later: whoever waited for the same records has them before the drawing takes its time.
    await new Promise<void>((resolve) => void timers.setTimeout(resolve, 0));
    // A slow storage must not bring back what a later turn has replaced, or the window has left.
    if (turn < this.#shownTurn || settings.inUse()?.key !== deployment?.key) return;
    this.#shownTurn = turn;
    this.#stored = stored;
    this.#deployment = deployment;
    this.#next = deployment ? (clientSecret === undefined ? 'setUp' : 'signIn') : nextWithoutOne(settings);
    // The palette offers "Share Deployment" once there is one.
    void vscode.commands.executeCommand('setContext', 'airisk.configured', deployment !== undefined);
    this.#ticker.wake();
    this.#parts.welcome();
  }

  #tick(now: number): number | undefined {
    const { sessions, state, settings } = this.#parts;
    // Not the one in use now: names and sessions belong together until the next ones have been read.
    const deployment = this.#deployment;
    const { statusBar: visibility, expiryWarningMinutes, renewal } = settings.read();
    const warningMs = expiryWarningMinutes * 60_000;
    const due = sessions.tick();
    const prompt =
      renewal === 'off' ? undefined : this.#prompts.offer(sessions.unrenewable(), warningMs, now);
    const session = sessionInUse(this.#stored, deployment && state.chosenUserid(deployment), now);
    const renewing = session !== undefined && sessions.isRenewing(session);
    const changes = this.#statusBar.render(
      {
        session,
        sessions: this.#stored,
        deployment: deployment && settings.shown(deployment),
        renewing,
        next: this.#next,
        failure: session && sessions.failureOf(session),
        asks: renewal !== 'off' && session !== undefined && sessions.needsPerson(session),
        visibility,
        warningMs,
        terminals: this.#parts.terminals(),
      },
      now,
    );
    return earliest(due, changes, prompt);
  }
}

/**
 * What leads to a session while no deployment is in use, as when the chosen one is not valid or has left the settings.
 */
export function nextWithoutOne({
  deployments,
  problems,
}: Pick<SettingsReader, 'deployments' | 'problems'>): StatusBarState['next'] {
  if (deployments().length > 0) return 'switch';
  // A deployment that is there and not valid has been begun with.
  return problems().length > 0 ? 'setUp' : undefined;
}

function earliest(...waits: (number | undefined)[]): number | undefined {
  const due = waits.filter((wait) => wait !== undefined);
  return due.length > 0 ? Math.min(...due) : undefined;
}
