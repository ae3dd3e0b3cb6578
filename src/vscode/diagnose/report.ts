import * as vscode from 'vscode';
import type { Finding } from '../../core/diagnosis.ts';
import { remainingMs, type Session } from '../../core/sessions/session.ts';
import { systemCode } from '../errorMessages.ts';
import { checkTitle, findingAdvice, findingText } from './findingWords.ts';

const { l10n } = vscode;

/** The result in one sentence. */
export function summary(findings: readonly Finding[]): string {
  const failed = findings.filter(({ ok }) => ok === false).length;
  if (failed === 0) return l10n.t('AIRisk: all checks passed.');
  return failed === 1 ? l10n.t('AIRisk: one check failed.') : l10n.t('AIRisk: {0} checks failed.', failed);
}

/** A finding as a Markdown list item, with what to do below a failure, and what AIRisk's support asks for. */
export function findingLines(finding: Finding): string {
  const { check, ok, error } = finding;
  const mark = ok === undefined ? '–' : ok ? '✓' : '✗';
  const line = `- ${mark} **${checkTitle(check)}**: ${escapeMarkup(findingText(finding))}`;
  const advice = ok === false && findingAdvice(finding);
  const code = error && systemCode(error);
  return [
    line,
    ...(code && !line.includes(code) ? [`\`${code}\``] : []),
    ...(advice ? [`**${l10n.t('Next step')}**: ${escapeMarkup(advice)}`] : []),
    ...(error?.traceId ? [escapeMarkup(l10n.t('AIRisk trace ID: {0}', error.traceId))] : []),
  ].join('\n  - ');
}

/**
 * What the extension runs in, and how many sessions there are: no names, no tokens.
 * @param now epoch ms
 */
export function environmentLines(version: string, stored: readonly Session[], now: number): string {
  const { appName, remoteName, uiKind, uriScheme } = vscode.env;
  const browser = uiKind === vscode.UIKind.Web;
  const living = stored.filter((session) => remainingMs(session, now) > 0);
  const first = Math.min(...living.map(({ expiration }) => expiration));
  const lines = [
    l10n.t('Time: {0}', time(now)),
    l10n.t('AIRisk Authentication {0}', version),
    browser
      ? l10n.t('{0} {1} in a browser', appName, vscode.version)
      : l10n.t('{0} {1} on the desktop', appName, vscode.version),
    remoteName ? l10n.t('Remote window: yes') : l10n.t('Remote window: no'),
    l10n.t('URI scheme: {0}', uriScheme),
    l10n.t('Proxy: {0}', proxy()),
    l10n.t('Sessions: {0} active, {1} expired', living.length, stored.length - living.length),
    ...(living.length > 0 ? [l10n.t('Next session expires: {0}', time(first))] : []),
  ];
  return lines.map((line) => `- ${escapeMarkup(line)}`).join('\n');
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}

// Only the host: a proxy's address can have a password in it.
function proxy(): string {
  const configured: unknown = vscode.workspace.getConfiguration('http').get('proxy');
  const address = configured || process.env['HTTPS_PROXY'] || process.env['https_proxy'];
  if (typeof address !== 'string') return l10n.t('none');
  // A scheme is often left out.
  const url = address.includes('://') ? address : `http://${address}`;
  return URL.canParse(url) ? new URL(url).host : l10n.t('not valid');
}

/** Words of a server, which must not become markup. */
export function escapeMarkup(text: string): string {
  return text.replaceAll(/[\\`*[\]<>]/g, '\\$&');
}
