import * as vscode from 'vscode';
import { type Check, examine, type Finding, probe, redirectDetail, rehearse } from '../../core/diagnosis.ts';
import { type ConfiguredDeployment, settingOf } from '../../core/oauth/configuredDeployments.ts';
import type { Deployment } from '../../core/oauth/deployment.ts';
import { redirectKind } from '../../core/oauth/redirectUri.ts';
import { withFirst } from '../../core/sessions/statusSummary.ts';
import { redact } from '../../core/text.ts';
import type { Sessions } from '../../core/sessions/sessions.ts';
import type { SecretStore } from '../../core/sessions/store.ts';
import { aborted } from '../../core/abort.ts';
import { storedAt } from '../accountTarget.ts';
import { readTarget } from '../commands/commandArgument.ts';
import { forLog, isCancellation } from '../errorMessages.ts';
import { inBackground } from '../messages.ts';
import type { Button } from '../nextSteps.ts';
import { checkTitle, findingButtons } from './findingWords.ts';
import { environmentLines, escapeMarkup, findingLines, summary } from './report.ts';
import { reportUri } from './reportDocuments.ts';
import { withCancel } from '../progress.ts';
import type { SettingsReader } from '../settings.ts';
import type { SetUpParts } from '../setUp/setUpParts.ts';
import { deploymentText, where } from '../wording.ts';

const { l10n } = vscode;

/** What Diagnose looks at. */
export interface DiagnoseParts extends SetUpParts {
  readonly sessions: Sessions;
  readonly secretStore: SecretStore;
  readonly now: () => number;
  readonly log: vscode.LogOutputChannel;
  /** The version of this extension. */
  readonly version: string;
}

/**
 * Finds out why a sign-in does not work, and shows a report that is safe to give away.
 * @param argument names the deployment, if anything does
 * @throws `CancellationError` when the user cancels, AiriskError as `readTarget` does
 */
export async function diagnose(parts: DiagnoseParts, argument: unknown): Promise<void> {
  const { deployment: named } = readTarget(parts.settings, argument);
  const picked = named ? [named] : await pickDeployments(parts);
  if (!picked) return;
  const title = l10n.t('Diagnosing AIRisk');
  const { text, message, failure, failing } = await withCancel(title, (signal) =>
    // A keyring that hangs is not waited for.
    Promise.race([createReport(parts, picked, signal), aborted(signal)]),
  );
  const uri = reportUri(l10n.t('AIRisk diagnosis'), text);
  // The preview comes with a built-in extension, which can be switched off.
  await vscode.commands
    .executeCommand('markdown.showPreview', uri)
    .then(undefined, () => vscode.window.showTextDocument(uri));
  inBackground(parts.log, async () => {
    const copy: Button = { title: l10n.t('Copy Report'), run: () => vscode.env.clipboard.writeText(text) };
    const { showInformationMessage, showWarningMessage } = vscode.window;
    const chosen = failure
      ? await showWarningMessage(message, ...findingButtons(failure, failing), copy)
      : await showInformationMessage(message, copy);
    await chosen?.run();
  });
}

/**
 * Makes the report, a sentence that sums it up, and the first failure and the deployment that it is at: what comes
 * after may follow from it.
 * @param deployments `undefined` stands for the one that is not valid, or not there yet
 * @throws `AbortError` when `signal` aborts; whatever else fails is in the report
 */
export async function createReport(
  parts: DiagnoseParts,
  deployments: readonly (ConfiguredDeployment | undefined)[],
  signal: AbortSignal,
): Promise<{
  text: string;
  message: string;
  failure: Finding | undefined;
  failing: ConfiguredDeployment | undefined;
}> {
  const stored = await storedAt(parts.sessions, parts.settings.deployments()).catch(() => []);
  const secrets = new Set(stored.map(({ accessToken }) => accessToken));
  const sections: { deployment: ConfiguredDeployment | undefined; title: string; findings: Finding[] }[] = [];
  for (const deployment of deployments) {
    const title = deployment ? where(deployment, deployment) : checkTitle('settings');
    // One after the other: some of them may receive at one port.
    sections.push({ deployment, title, findings: await lookAtAll(parts, deployment, secrets, signal) });
  }
  signal.throwIfAborted();
  const unused = unusedEntries(parts.settings, deployments);
  const general = sections.find(({ deployment }) => deployment === undefined);
  if (general) general.findings.push(...unused);
  else if (unused.length > 0)
    sections.push({ deployment: undefined, title: checkTitle('settings'), findings: unused });
  const findings = sections.flatMap((section) => section.findings);
  const failing = sections.find((section) => section.findings.some(isFailure));
  const message = summary(findings);
  const text = [
    `# ${l10n.t('AIRisk diagnosis')}`,
    `**${message}**`,
    ...failuresFirst(sections, (section) => section.findings.some(isFailure)).flatMap((section) => [
      ...(sections.length > 1 ? [`## ${escapeMarkup(section.title)}`] : []),
      failuresFirst(section.findings, isFailure).map(findingLines).join('\n'),
    ]),
    `## ${l10n.t('Environment')}`,
    environmentLines(parts.version, stored, parts.now()),
    l10n.t('This report contains no client secret, token, or code.'),
  ].join('\n\n');
  return {
    text: redact(text, secrets),
    message,
    failure: failing?.findings.find(isFailure),
    failing: failing?.deployment,
  };
}

function isFailure({ ok }: Finding): boolean {
  return ok === false;
}

function failuresFirst<T>(all: readonly T[], fails: (one: T) => boolean): T[] {
  return all.toSorted((a, b) => Number(fails(b)) - Number(fails(a)));
}

/**
 * Asks which deployment to look at when there is a choice.
 * @returns `undefined` when the person left
 */
async function pickDeployments({
  settings,
  questions,
}: DiagnoseParts): Promise<readonly (ConfiguredDeployment | undefined)[] | undefined> {
  const inUse = settings.inUse();
  const valid = settings.deployments();
  // Why none is in use is found out too.
  const all = inUse ? valid : [undefined, ...valid];
  if (all.length < 2) return all;
  const items = [
    { label: l10n.t('All deployments'), deployments: all },
    ...withFirst(valid, inUse).map((one) => ({
      label: deploymentText(one),
      description: where(one),
      deployments: [one],
    })),
  ];
  const placeholder = l10n.t('Select the deployment to diagnose');
  return (await questions.pick(items, l10n.t('Diagnose AIRisk'), placeholder))?.deployments;
}

async function lookAtAll(
  parts: DiagnoseParts,
  described: ConfiguredDeployment | undefined,
  secrets: Set<string>,
  signal: AbortSignal,
): Promise<Finding[]> {
  const { clientSecrets, redirects, http, log } = parts;
  const settings = parts.settings.read();
  const { redirectUri: configured, tokenRequestFormat } = described ?? settings;
  const browser = vscode.env.uiKind === vscode.UIKind.Web;
  let deployment: Deployment | undefined;
  let clientSecret: string | undefined;
  let redirectUri: string | undefined;
  const look = (check: Check, task: () => Promise<Partial<Finding>>): Promise<Finding> =>
    examine(check, task).catch((error: unknown) => {
      if (isCancellation(error)) throw error;
      // One thing that nobody thought of takes away no other finding.
      log.error(redact(forLog(error), secrets));
      return { check, ok: false, detail: 'unexpected' };
    });
  const findings = [
    await look('settings', async () => {
      deployment = described ?? parts.settings.deployment();
      const fact = invalidSetting(parts.settings);
      return fact ? { detail: 'invalid', fact, nextStep: 'settings' } : { fact: deployment.clientId };
    }),
    await look('secretStorage', () => probe(parts.secretStore, secrets)),
    await look('clientSecret', async () => {
      if (!deployment) return { ok: undefined };
      clientSecret = await clientSecrets.get(deployment);
      if (clientSecret) secrets.add(clientSecret);
      return clientSecret ? {} : { detail: 'missing', nextStep: 'setUp' };
    }),
    await look('redirectUri', async () => {
      // Cancelled meanwhile: no port is opened any more.
      signal.throwIfAborted();
      redirectUri = await redirects.rehearse(configured);
      return redirectDetail(configured, redirects.callback, browser);
    }),
  ];
  if (redirectUri !== undefined && redirectKind(configured, redirects.callback) === 'uriHandler') {
    findings.push(await look('uriScheme', async () => openerDetail(redirects, browser, signal)));
  }
  const subject = deployment && {
    deployment,
    clientSecret,
    format: tokenRequestFormat,
    redirectUri,
  };
  const unseen: readonly Check[] = ['deployment', 'clock', 'authorization', 'token'];
  findings.push(
    ...(subject
      ? await rehearse(http(), subject, secrets, signal)
      : unseen.map((check): Finding => ({ check, ok: undefined }))),
  );
  return findings;
}

/** What the operating system says of this editor's addresses; not asked when it does not matter. */
export async function openerDetail(
  { callback, opener }: Pick<SetUpParts['redirects'], 'callback' | 'opener'>,
  browser: boolean,
  signal: AbortSignal,
): Promise<Partial<Finding>> {
  if (browser) return { detail: 'browserOpens' };
  const opens = await opener(signal);
  if (opens === undefined) return { ok: undefined };
  if (opens) return { detail: 'opener' };
  return { detail: 'noOpener', fact: new URL(callback).protocol, nextStep: 'scheme' };
}

/** Why deployments are left out, when all of the others are looked at: what is the matter with one is said of no other. */
function unusedEntries(
  settings: SettingsReader,
  looked: readonly (ConfiguredDeployment | undefined)[],
): Finding[] {
  const all = settings.deployments().every(({ key }) => looked.some((one) => one?.key === key));
  return (all ? settings.problems() : []).map((problem) => ({
    check: 'settings',
    ok: false,
    problem,
    fact: settingOf(problem),
    nextStep: 'settings',
  }));
}

/** The name of a setting whose value does not fit, so that its default is used. */
function invalidSetting(settings: SettingsReader): string | undefined {
  const configuration = vscode.workspace.getConfiguration('airisk');
  const { deployments: _map, ...others } = settings.read();
  const name = Object.entries(others).find(([key, used]) => {
    const value = configuration.inspect<unknown>(key)?.globalValue;
    return value !== undefined && value !== used;
  })?.[0];
  return name && `airisk.${name}`;
}
