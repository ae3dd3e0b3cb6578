import * as vscode from 'vscode';
import { AiriskError, hasCode } from '../../core/errors.ts';
import { defaultName } from '../../core/oauth/configuredDeployments.ts';
import { deploymentOrigin } from '../../core/oauth/deployment.ts';
import { checkedClientId, ClientSecret } from '../../core/oauth/settingValues.ts';
import { whatHappened } from '../errorMessages.ts';
import { entryNames, entryText } from './deploymentEntry.ts';
import { lookAt } from './lookAt.ts';
import { redirectStep } from './redirectStep.ts';
import type { SetUpOfOne } from './setUpParts.ts';
import { askText, type Place, type StepEnd, type TextStep } from './textStep.ts';
import { type StepName, testStep } from './testStep.ts';

const { l10n } = vscode;

/**
 * The client secret that was typed in this run: it need not be typed again for a corrected client id. At another
 * origin it has to be: whoever is there must not get it by a press of Enter.
 */
interface Typed {
  origin?: string;
  clientSecret?: string;
}

const order: readonly StepName[] = ['baseUrl', 'clientId', 'clientSecret', 'redirectUri', 'test'];

/**
 * Leads through what a sign-in needs: deployment address, client id, client secret, redirect URI, and a test of
 * the whole, which leads back to the step that a failure concerns. Each step is kept when it is done, so leaving
 * half-way loses nothing.
 * @param start the first step to show
 * @param offerSignIn whether to ask at the end what comes next
 * @returns true when a sign-in is to follow
 */
export async function setUp(parts: SetUpOfOne, start: StepName, offerSignIn: boolean): Promise<boolean> {
  let name = start;
  let problem: string | undefined;
  let tested = false;
  const typed: Typed = {};
  const drafts = new Map<string, string>();
  const looks = new Map<StepName, Promise<string | undefined>>();
  const nothing = Promise.resolve<undefined>(undefined);
  const leaving = new AbortController();
  try {
    for (;;) {
      const doubts = order.slice(0, order.indexOf(name)).flatMap((before) => looks.get(before) ?? []);
      const deployment = shownName(parts);
      const [step, of] = [order.indexOf(name) + 1, order.length];
      const place: Place = { step, of, deployment, problem, doubts, drafts };
      const end =
        name === 'test' ? await testStep(parts, place, offerSignIn) : await ask(parts, name, place, typed);
      if (end === 'left') return false;
      if (typeof end === 'object') {
        ({ step: name, problem } = end);
        tested = true;
        continue;
      }
      problem = undefined;
      const next = order[place.step];
      if (end === 'back') {
        name = order[place.step - 2] ?? start;
        // What is found out already.
        problem = await Promise.race([looks.get(name) ?? nothing, nothing]);
      } else if (!next) return true;
      else {
        if (name === 'baseUrl' || name === 'clientId') looks.set(name, lookAt(parts, name, leaving.signal));
        // Who corrected one step need not go through those after it again.
        name = tested ? ((await firstMissing(parts)) ?? 'test') : next;
      }
    }
  } finally {
    leaving.abort();
  }
}

/** The first step that a person has to go through before a sign-in; the redirect URI has a default. */
export async function firstMissing({
  entry,
  settings,
  clientSecrets,
}: SetUpOfOne): Promise<StepName | undefined> {
  try {
    const deployment = settings.deploymentOf(entry.read());
    return (await clientSecrets.get(deployment)) === undefined ? 'clientSecret' : undefined;
  } catch (error) {
    // What is stored and cannot be read is not missing.
    if (!hasCode(error, 'not_configured', 'invalid_setting')) throw error;
    return error.subject === 'airisk.clientId' ? 'clientId' : 'baseUrl';
  }
}

/**
 * Asks for the client secret alone.
 * @throws AiriskError `not_configured` when there is no deployment that it could belong to
 */
export async function askClientSecret(parts: SetUpOfOne): Promise<boolean> {
  const place: Place = { step: 1, of: 1, deployment: shownName(parts), drafts: new Map() };
  return (await ask(parts, 'clientSecret', place, {})) === 'next';
}

function shownName({ settings, drafts, entry }: SetUpOfOne): string | undefined {
  const isAlone = entryNames(settings, drafts).every((name) => name === defaultName);
  return isAlone ? undefined : entryText(settings, entry.name);
}

async function ask(
  parts: SetUpOfOne,
  name: Exclude<StepName, 'test'>,
  place: Place,
  typed: Typed,
): Promise<StepEnd> {
  switch (name) {
    case 'baseUrl':
      return askText(parts.questions, baseUrlStep(parts), place);
    case 'clientId':
      return askText(parts.questions, clientIdStep(parts), place);
    case 'clientSecret':
      return askText(parts.questions, await clientSecretStep(parts, typed, place), place);
    case 'redirectUri':
      return redirectStep(parts, place);
  }
}

function baseUrlStep({ entry }: SetUpOfOne): TextStep {
  return {
    name: 'baseUrl',
    prompt: l10n.t('Address of your AIRisk deployment. Any page address works.'),
    value: entry.read().baseUrl,
    placeholder: 'https://demo.aicrisk.com',
    understood: deploymentOrigin,
    check: (value) => originProblem(value),
    save: (value) => entry.write({ baseUrl: deploymentOrigin(value) }),
  };
}

function clientIdStep(parts: SetUpOfOne): TextStep {
  const { entry } = parts;
  return {
    name: 'clientId',
    prompt: l10n.t('Client ID (client_id) from your AIRisk administrator.'),
    value: entry.read().clientId,
    understood: checkedClientId,
    check: (value) => clientIdProblem(parts, value),
    save: (value) => entry.write({ clientId: checkedClientId(value) }),
  };
}

async function clientSecretStep(
  { entry, settings, clientSecrets }: SetUpOfOne,
  typed: Typed,
  { problem }: Place,
): Promise<TextStep> {
  const deployment = settings.deploymentOf(entry.read());
  const stored = (await clientSecrets.get(deployment)) !== undefined;
  // One that AIRisk has rejected is not to be kept, nor offered again.
  const rejected = problem !== undefined;
  const kept = stored && !rejected;
  return {
    // A draft too is for one origin alone.
    name: `clientSecret ${deployment.origin}`,
    prompt: l10n.t(
      "Client secret. It is kept in VS Code's secret storage and sent only to {0}.",
      deployment.origin,
    ),
    value: stored || rejected || typed.origin !== deployment.origin ? '' : (typed.clientSecret ?? ''),
    password: true,
    ...(kept && { placeholder: l10n.t('Leave empty to keep the stored secret') }),
    check: (value) =>
      ClientSecret.safeParse(value).success || (kept && !value)
        ? undefined
        : l10n.t('Enter the client secret.'),
    save: async (value) => {
      if (!value) return;
      [typed.origin, typed.clientSecret] = [deployment.origin, value];
      await clientSecrets.store(deployment, ClientSecret.parse(value));
    },
  };
}

function clientIdProblem({ entry, settings }: SetUpOfOne, value: string): string | undefined {
  try {
    if (!checkedClientId(value)) return l10n.t('Enter the client ID.');
    const { key } = settings.deploymentOf({ ...entry.read(), clientId: checkedClientId(value) });
    const same = settings.deployments().find((other) => other.key === key && other.name !== entry.name);
    return same && l10n.t('It has the same address and client ID as "{0}".', same.name);
  } catch (error) {
    if (error instanceof AiriskError) return whatHappened(error);
    throw error;
  }
}

function originProblem(value: string): string | undefined {
  try {
    deploymentOrigin(value);
    return undefined;
  } catch (error) {
    return error instanceof AiriskError && error.reason === 'https'
      ? l10n.t('The address must begin with https://.')
      : l10n.t('Enter an address like https://demo.aicrisk.com');
  }
}
