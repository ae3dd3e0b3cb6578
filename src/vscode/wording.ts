import * as vscode from 'vscode';
import { type Countdown, countdown, shortCountdown, type Unit } from '../core/sessions/countdown.ts';
import type { Deployment } from '../core/oauth/deployment.ts';
import { accountLabel, remainingMs, type Session } from '../core/sessions/session.ts';
import { plainText } from '../core/text.ts';

const { l10n } = vscode;

/** A countdown for the eye: `2d 3h`, `47m`. */
export function shortTime(parts: Countdown['parts']): string {
  return shortCountdown(parts, (value, unit) => inUnits(value, unit, 'narrow'));
}

/** A countdown for the ear: `2 days, 3 hours`. */
export function spokenTime(parts: Countdown['parts']): string {
  const spoken = parts.map(({ unit, value }) => inUnits(value, unit, 'long'));
  return new Intl.ListFormat(vscode.env.language, { type: 'unit' }).format(spoken);
}

function inUnits(value: number, unit: Unit, unitDisplay: 'narrow' | 'long'): string {
  return new Intl.NumberFormat(vscode.env.language, { style: 'unit', unit, unitDisplay }).format(value);
}

/**
 * What is left of a session's token: `47m left` or `expired`.
 * @param now epoch ms
 */
export function timeLeft(session: Session, now: number): string {
  const remaining = remainingMs(session, now);
  return remaining > 0 ? l10n.t('{0} left', shortTime(countdown(remaining).parts).trim()) : l10n.t('expired');
}

/** A date and time (epoch ms) as people here write it, in the time zone of this computer. */
export function localTime(time: number, timeStyle: 'short' | 'long' = 'short'): string {
  return new Intl.DateTimeFormat(vscode.env.language, { dateStyle: 'medium', timeStyle }).format(time);
}

/** {@link localTime} without the date when that is today's. */
export function shortLocalTime(time: number, now: number): string {
  return new Date(time).toDateString() === new Date(now).toDateString()
    ? new Intl.DateTimeFormat(vscode.env.language, { timeStyle: 'short' }).format(time)
    : localTime(time);
}

/** When a session's token expires, on this computer's clock: epoch ms. */
export function localExpiration({ expiration, clockSkew }: Session): number {
  return expiration - clockSkew;
}

/** A text from outside for a label: one line, and without `$(icons)`. */
export function labelText(text: string, maxLength?: number): string {
  return plainText(text, maxLength).replaceAll('$(', '$ (');
}

/** The name of a session's account for a message: VS Code makes links of what looks like Markdown in one. */
export function accountName(deployment: Deployment, userid: string): string {
  return plainText(accountLabel(deployment, userid), 300);
}
