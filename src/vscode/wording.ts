import * as vscode from 'vscode';
import { type Countdown, countdown, shortCountdown, type Unit } from '../core/sessions/countdown.ts';
import type { ConfiguredDeployment } from '../core/oauth/configuredDeployments.ts';
import { type Deployment, hostOf } from '../core/oauth/deployment.ts';
import { remainingMs, type Session } from '../core/sessions/session.ts';
import { isolated, plainText, shortId } from '../core/text.ts';
import type { SettingsReader } from './settings.ts';

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

/** A time (epoch ms) of today or nearly so, to the second. */
export function timeOfDay(time: number): string {
  return new Intl.DateTimeFormat(vscode.env.language, { timeStyle: 'medium' }).format(time);
}

/** When a session's token expires, on this computer's clock: epoch ms. */
export function localExpiration({ expiration, clockSkew }: Session): number {
  return expiration - clockSkew;
}

/** A text from outside for a label: one line, and without `$(icons)`. */
export function labelText(text: string, maxLength?: number): string {
  return plainText(text, maxLength).replaceAll('$(', '$ (');
}

/** Whom a text is about: a session, or whom there is to be one for. */
export type Who = Pick<Session, 'deployment' | 'userid'> & Partial<Pick<Session, 'name'>>;

/** Who a session is for, in a sentence or a list: `Ada Lovelace (0f8e5d7c…3333)`, `user_42` or `Application`. */
export function who({ userid, name }: Who): string {
  const shown = nameOf({ userid, name });
  const id = isolated(labelText(shortId(userid)));
  return shown === id || userid === '' ? shown : l10n.t('{0} ({1})', shown, id);
}

/**
 * {@link who}, and at which deployment, if that is to be shown: in what is said of a session that may be of a different
 * deployment than the one in use, or before a token is handed out.
 */
export function whoAndWhere(session: Who, settings: Pick<SettingsReader, 'shown'>): string {
  const shown = settings.shown(session.deployment);
  return shown ? l10n.t('{0} at {1}', who(session), deploymentText(shown)) : who(session);
}

/** What leads a line about a session where its id stands elsewhere: a name, for lack of one the id, `Application`. */
export function nameOf({ userid, name = '' }: Omit<Who, 'deployment'>, maxLength = 60): string {
  if (userid === '') return l10n.t('Application');
  return isolated(labelText(name, maxLength) || labelText(shortId(userid)));
}

/** {@link nameOf} for the status bar, with the id where another session has the same name. */
export function nameAmong(sessions: readonly Who[], session: Who): string {
  const name = nameOf(session, 24);
  if (session.userid === '') return name;
  const namesakes = sessions.filter((one) => one.userid !== session.userid && nameOf(one, 24) === name);
  if (namesakes.length === 0) return name;
  const id = shortId(session.userid);
  const isUnique = namesakes.every(({ userid }) => shortId(userid) !== id);
  return l10n.t('{0} ({1})', name, isolated(labelText(isUnique ? id : session.userid)));
}

/**
 * A deployment in a sentence or a title.
 * @param shown the same as the settings name it, when its name is to be seen
 */
export function where(deployment: Pick<Deployment, 'origin'>, shown?: ConfiguredDeployment): string {
  const host = plainText(hostOf(deployment));
  return shown ? `${deploymentText(shown)} · ${host}` : host;
}

/** The name of a deployment, and that it is the production one when it is. */
export function deploymentText({
  name,
  production,
}: Pick<ConfiguredDeployment, 'name' | 'production'>): string {
  return production ? l10n.t('{0} (production)', name) : name;
}
