import * as vscode from 'vscode';
import { AiriskError } from '../../core/errors.ts';
import { isOtherEditor, type RedirectKind, redirectKind } from '../../core/oauth/redirectUri.ts';
import { SettingAddress } from '../../core/oauth/settingValues.ts';
import { whatHappened } from '../errorMessages.ts';
import { copyAddress } from '../nextSteps.ts';
import type { Questions } from '../questions.ts';
import type { RedirectUris, SetUpOfOne } from './setUpParts.ts';
import { askText, copyButton, type Place, prepareInput, saveProblem, type StepEnd } from './textStep.ts';

const { l10n } = vscode;

interface Way {
  readonly way: RedirectKind;
  readonly address: string;
}

type WayItem = Way & vscode.QuickPickItem;

const exampleLoopback = 'http://127.0.0.1:38431/callback';

/** Asks how the code comes back, and for the address when there is a choice. */
export async function redirectStep(parts: SetUpOfOne, place: Place): Promise<StepEnd> {
  const { redirects, entry, questions } = parts;
  const own = (await redirects.rehearse('')).split('?', 1)[0] ?? '';
  const configured = entry.read().redirectUri;
  const current: Way = { way: kindOf(configured, redirects) ?? 'paste', address: configured || own };
  // What AIRisk did not accept is shown where it can be changed and copied.
  let chosen = place.problem === undefined ? undefined : current;
  let problem = place.problem;
  for (;;) {
    const way: Way | StepEnd =
      chosen ?? (await pickWay(questions, own, configured ? current : undefined, place));
    if (typeof way === 'string') return way;
    if (way.way === 'uriHandler' && problem === undefined) {
      try {
        await entry.write({ redirectUri: '' });
        return 'next';
      } catch (error) {
        problem = saveProblem(error);
      }
    }
    const end = await askAddress(parts, own, way, { ...place, problem });
    if (end !== 'back') return end;
    chosen = problem = undefined;
  }
}

async function pickWay(
  questions: Questions,
  own: string,
  current: Way | undefined,
  place: Place,
): Promise<Way | StepEnd> {
  const browser = vscode.env.uiKind === vscode.UIKind.Web;
  const copy = [copyButton()];
  const saved = (way: RedirectKind, otherwise: string): string =>
    current?.way === way ? current.address : otherwise;
  const items: WayItem[] = [
    {
      way: 'uriHandler',
      address: own,
      label: l10n.t('Receive it in this editor'),
      description: browser
        ? l10n.t('seldom accepted: this address changes with each sign-in')
        : l10n.t('recommended: nothing else to do'),
      iconPath: new vscode.ThemeIcon('window'),
    },
    {
      way: 'loopback',
      address: saved('loopback', exampleLoopback),
      label: l10n.t('Receive it on a local port'),
      description: browser
        ? l10n.t('if this editor runs on the computer you sit at')
        : l10n.t('if links cannot open the editor'),
      iconPath: new vscode.ThemeIcon('plug'),
    },
    {
      way: 'paste',
      address: saved('paste', 'https://localhost/callback'),
      label: l10n.t('Paste it yourself'),
      description: browser
        ? l10n.t('recommended: works wherever this editor runs')
        : l10n.t('any other registered address'),
      iconPath: new vscode.ThemeIcon('clippy'),
    },
  ];
  // In a browser the editor's own address is a new one each time, and AIRisk compares it exactly.
  if (browser) items.reverse();
  const picker = vscode.window.createQuickPick<WayItem>();
  picker.buttons = prepareInput(picker, place);
  picker.placeholder = l10n.t('Select how you return from the browser. The address must be registered');
  picker.items = items.map((item) => ({ ...item, detail: item.address, buttons: copy }));
  if (current) picker.activeItems = picker.items.filter(({ way }) => way === current.way);
  const end = await questions.ask<Way | StepEnd>(picker, (answer) => {
    picker.onDidTriggerButton(() => answer('back'));
    picker.onDidTriggerItemButton(({ item }) => void copyAddress(item.address));
    picker.onDidAccept(() => picker.selectedItems[0] && answer(picker.selectedItems[0]));
  });
  return end ?? 'left';
}

async function askAddress(
  { redirects, questions, entry }: SetUpOfOne,
  own: string,
  { way, address }: Way,
  place: Place,
): Promise<StepEnd> {
  // A port alone is enough.
  const understood = (value: string): string => {
    const text = SettingAddress.parse(value);
    return /^\d{1,5}$/.test(text) ? `http://127.0.0.1:${text}/callback` : text;
  };
  const check = (value: string): string | undefined => {
    const impossible = whyImpossible(understood(value), redirects);
    if (impossible !== undefined) return impossible;
    const kind = kindOf(understood(value) || 'none', redirects);
    if (isOtherEditor(understood(value), redirects.callback))
      return l10n.t("This address opens a different editor. This editor's address is {0}", own);
    if (way === 'loopback' && kind !== 'loopback')
      return l10n.t('Enter a port or an address like {0}', exampleLoopback);
    if (kind === 'elsewhere')
      return l10n.t(
        "No browser shows this address, and this editor does not receive it. This editor's address is {0}",
        own,
      );
    return kind === undefined ? l10n.t('Enter a full address without #.') : undefined;
  };
  return askText(
    questions,
    {
      name: way,
      prompt: l10n.t('Send this to your administrator. It must be registered exactly as shown.'),
      value: address,
      copies: true,
      understood,
      check,
      save: (value) => entry.write({ redirectUri: understood(value) === own ? '' : understood(value) }),
    },
    place,
  );
}

/** Why a redirect URI can never work, when that is known. */
function whyImpossible(redirectUri: string, { callback }: RedirectUris): string | undefined {
  try {
    redirectKind(redirectUri, callback);
  } catch (error) {
    if (error instanceof AiriskError && error.reason) return whatHappened(error);
  }
  return undefined;
}

function kindOf(redirectUri: string, { callback }: RedirectUris): RedirectKind | undefined {
  try {
    return redirectKind(redirectUri, callback);
  } catch {
    return undefined;
  }
}
