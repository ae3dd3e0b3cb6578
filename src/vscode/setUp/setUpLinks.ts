import * as vscode from 'vscode';
import { AiriskError } from '../../core/errors.ts';
import { defaultName, isSameName } from '../../core/oauth/configuredDeployments.ts';
import { hostOf } from '../../core/oauth/deployment.ts';
import { readSetUpLink, type SetUpLink } from '../../core/oauth/setUpLink.ts';
import { showError } from '../errorMessages.ts';
import { inBackground } from '../messages.ts';
import { type CarefulItem, pickWithCare } from '../typeAhead.ts';
import { labelText } from '../wording.ts';
import { askName } from './chooseEntry.ts';
import { entryNames, entryText, openEntry } from './deploymentEntry.ts';
import type { SetUpParts } from './setUpParts.ts';

const { l10n } = vscode;

/** What following a set-up link works with. */
export interface SetUpLinkParts extends SetUpParts {
  /** Goes on with the client secret, which belongs to no link. */
  readonly goOn: (name: string) => Promise<void>;
  /** Ms, of any clock that does not go back. */
  readonly monotonic: () => number;
  readonly log: vscode.LogOutputChannel;
}

// Long enough to close the page that keeps opening links.
const quietMs = 30_000;

interface Choice extends CarefulItem {
  /** Where what the link says goes: a name, or `undefined` for a new one that is asked for. */
  readonly into?: { readonly name: string | undefined };
}

/**
 * What follows set-up links. Anybody can open one, also during a sign-in: nothing happens before the person agrees, one
 * link is asked about at a time and none while anything else is asked or soon after a refusal; that one is not valid is
 * not said again and again; the rest is counted.
 * @returns takes the query of a link
 */
export function createSetUpLinks(parts: SetUpLinkParts): (query: string) => void {
  const { questions, redirects, monotonic, log } = parts;
  let asks = false;
  let refusedAt = -Infinity;
  let saidAt = -Infinity;
  let ignored = 0;
  const ignore = (): void => {
    ignored += 1;
    if (ignored === 1) log.warn('Ignored a set-up link: one is being asked about, or was just refused');
  };
  const read = (query: string): SetUpLink | undefined => {
    try {
      return readSetUpLink(query, redirects.callback);
    } catch (error) {
      if (monotonic() - saidAt < quietMs) ignore();
      else {
        saidAt = monotonic();
        void showError(log, error);
      }
      return undefined;
    }
  };
  const follow = async (link: SetUpLink): Promise<void> => {
    asks = true;
    ignored = 0;
    const configured = (): string => JSON.stringify(parts.settings.read());
    const before = configured();
    try {
      const name = await agree(parts, link);
      if (name === undefined) {
        refusedAt = monotonic();
        return;
      }
      // What the person agreed to was what it takes the place of, if anything.
      if (configured() !== before) throw new AiriskError('settings_changed');
      await openEntry(parts.settings, parts.drafts, name).replace(valuesOf(link));
      await parts.goOn(name);
    } finally {
      asks = false;
      if (ignored > 0) log.warn(`Ignored ${ignored} set-up links that came meanwhile`);
    }
  };
  return (query) => {
    if (asks || questions.isAsking || monotonic() - refusedAt < quietMs) {
      ignore();
      return;
    }
    const link = read(query);
    if (link) inBackground(log, () => follow(link));
  };
}

/**
 * Asks whether to follow a link, and into which deployment what it says goes.
 * @returns the name of that; `undefined` when the person does not agree
 */
async function agree(parts: SetUpLinkParts, link: SetUpLink): Promise<string | undefined> {
  const picker = vscode.window.createQuickPick<Choice>();
  picker.title = l10n.t('A link asks to set up AIRisk at {0}', shownHost(link));
  const choice = await pickWithCare(parts.questions, picker, choicesFor(parts, link));
  const { into } = choice ?? {};
  return into && (into.name ?? askName(parts));
}

/** Whose a host is stands at the end of its name: of one that is too long for a line, that is what is shown. */
function shownHost({ origin }: SetUpLink): string {
  const host = hostOf({ origin });
  return labelText(host.length > 60 ? `…${host.slice(-59)}` : host);
}

function choicesFor(parts: SetUpLinkParts, link: SetUpLink): [Choice, ...Choice[]] {
  const { settings, drafts } = parts;
  const { name, origin, clientId, redirectUri } = link;
  const host = shownHost(link);
  const detail = l10n.t('The client secret that you enter next will be sent to {0}.', host);
  const facts = [name, clientId, redirectUri].filter(Boolean).map((text) => labelText(text, 100));
  const choice = (label: string, icon: string, into: string | undefined, description: string): Choice[] => [
    {
      label,
      description,
      detail,
      iconPath: new vscode.ThemeIcon(icon),
      alwaysShow: true,
      into: { name: into },
    },
    ...(into === undefined ? [] : changesOf(parts, into, link)),
  ];
  const refusal: Choice = {
    label: l10n.t('Do Not Set Up'),
    detail: l10n.t('Continue only if you expected this link and know the address.'),
    iconPath: new vscode.ThemeIcon('circle-slash'),
    alwaysShow: true,
  };
  const setUp = l10n.t('Set Up {0}', host);
  const same = settings.describe(settings.deploymentOf({ baseUrl: origin, clientId }));
  if (same)
    return [
      refusal,
      ...choice(setUp, 'check', same.name, `${entryText(settings, same.name)} · ${facts.join(' · ')}`),
    ];
  // What was only begun in this window is no deployment to be replaced.
  const names = entryNames(settings, new Map());
  const taken = names.find((other) => isSameName(other, name));
  // The first deployment of all needs no name.
  const fresh = name === '' && names.length === 0 ? defaultName : name || undefined;
  const asNew = choice(setUp, 'add', taken ? undefined : fresh, facts.join(' · '));
  if (taken === undefined) return [refusal, ...asNew];
  const before = labelText(openEntry(settings, drafts, taken).read().baseUrl, 120);
  const replace = l10n.t('Replace {0}, which is {1} now', entryText(settings, taken), before);
  return [refusal, ...asNew, ...choice(replace, 'replace', taken, facts.join(' · '))];
}

function valuesOf({ redirectUri, clientId, origin: baseUrl }: SetUpLink) {
  // The address last: until then, what is stored belongs to the deployment as it was.
  return { redirectUri, clientId, baseUrl };
}

/** What a link changes of a deployment that is there, a row for each; its address stands in the choice itself. */
function changesOf({ settings, drafts, redirects }: SetUpLinkParts, name: string, link: SetUpLink): Choice[] {
  const entry = openEntry(settings, drafts, name);
  const [before, after] = [entry.read(), entry.replaced(valuesOf(link))];
  const redirectUri = (values: typeof before): string =>
    values.redirectUri || (values.baseUrl && redirects.callback);
  const compared: [what: string, from: string, to: string][] = [
    [l10n.t('Redirect URI'), redirectUri(before), redirectUri(after)],
    [l10n.t('Client ID'), before.clientId, after.clientId],
    [l10n.t('User'), before.userid, after.userid || l10n.t('none')],
    ['tokenRequestFormat', before.tokenRequestFormat, after.tokenRequestFormat],
    ['production', String(before.production), String(after.production)],
  ];
  return compared
    .filter(([, from, to]) => from !== '' && from !== to)
    .map(([what, from, to]) => ({
      label: labelText(l10n.t('{0}: {1}', what, from), 200),
      detail: labelText(l10n.t('Replaced by: {0}', to), 200),
      iconPath: new vscode.ThemeIcon('arrow-swap'),
      alwaysShow: true,
      explains: true,
    }));
}
