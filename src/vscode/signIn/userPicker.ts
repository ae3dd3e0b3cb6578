import * as vscode from 'vscode';
import { visible } from '../../core/oauth/settingValues.ts';
import type { User, UserList } from '../../core/oauth/users.ts';
import { isUserid } from '../../core/oauth/userid.ts';
import { type Person, remainingMs, type Session } from '../../core/sessions/session.ts';
import { ChangingRows } from '../changingRows.ts';
import { exactUser, isSameName, roughMatches } from './userSearch.ts';
import type { Questions } from '../questions.ts';
import { AiriskError, hasCode } from '../../core/errors.ts';
import { buttonsFor, errorMessage, isCancellation, whatHappened, whatHelps } from '../errorMessages.ts';
import { inBackground } from '../messages.ts';
import type { Button } from '../nextSteps.ts';
import { labelText, timeLeft } from '../wording.ts';

const { l10n } = vscode;

/** What the picker of users shows. */
interface UserChoices {
  /** Loads the users; called again when it failed and the user wants it. */
  readonly load: (signal: AbortSignal) => Promise<UserList>;
  /** The latest first. */
  readonly recent: readonly Chosen[];
  /** The sessions that are stored, by whose names recent users are shown until they are listed. */
  readonly sessions: readonly Session[];
  /** Epoch ms. */
  readonly now: number;
  readonly log: vscode.LogOutputChannel;
}

/** Whom a person wants to sign in as: an empty userid is the application. */
export interface Chosen extends Person {
  readonly userid: string;
}

interface UserItem extends vscode.QuickPickItem {
  /** None on the entries that help when the list is not to be had. */
  readonly userid?: string;
  readonly step?: Button['run'];
  /** The picker stays open for the step. */
  readonly stays?: boolean;
  /** On the first row while something is typed, whom that means: to this computer, or among all who are listed. */
  readonly typed?: 'unlisted' | 'listed';
  /** `undefined` until a list gives it. */
  readonly name?: string | undefined;
}

// Thousands of entries take long to cross to the workbench at each key; whoever types on finds the others.
const mostMatches = 300;

/**
 * Lets a user be picked by name or id: recent ones at once, all as soon as they are listed. An id that is in no list
 * can be typed; when the list is not to be had the picker says why and stays.
 * @returns `undefined` when the picker was left
 */
export async function pickUser(
  questions: Questions,
  choices: UserChoices,
  signal?: AbortSignal,
): Promise<Chosen | undefined> {
  const picker = vscode.window.createQuickPick<UserItem>();
  const controller = new AbortController();
  const rows = new ChangingRows(picker, identityOf);
  const item = itemMaker(choices);
  const recentItems = (users: readonly User[]): UserItem[] => {
    const names = new Map(users.map((user) => [user.userid, user.name]));
    return choices.recent.map(({ userid, name }) => item({ userid, name: names.get(userid) ?? name }));
  };
  let users: readonly User[] = [];
  let all: readonly UserItem[] = withTitle(l10n.t('Recently used'), recentItems(users));
  let shown: readonly UserItem[] = [];
  /** What had been typed when the entries were shown. */
  let text = '';

  const source = (): 'unlisted' | 'listed' => (users.length > 0 ? 'listed' : 'unlisted');
  const matching = (): readonly UserItem[] => {
    const typed = visible(picker.value);
    if (typed === '') return all;
    // Recent ones by their ids alone: what they are called may have changed.
    const known = [...users, ...choices.recent.map(({ userid }) => ({ userid, name: '' }))];
    const found = exactUser(known, typed);
    const exact = [...users, ...choices.recent].find(({ userid }) => userid === found?.userid);
    const matches = roughMatches(users, typed);
    const similar = users.length > 0 ? matches.slice(0, mostMatches).map(item) : all;
    if (exact) {
      const others = similar.filter(({ userid }) => userid !== exact.userid);
      // Somebody's whole name may be the ID of another.
      const isTaken = exact.userid === typed || !isUserid(typed);
      // What the workbench filters by is the text as it was typed: decomposed, or with what nobody sees in it.
      const first = { ...item(exact), alwaysShow: true, typed: source() };
      return [first, ...(isTaken ? [] : [typedItem(typed, false)]), ...others];
    }
    const isUnknown = users.length > 0 && !matches.some(({ name }) => isSameName(name, typed));
    return isUserid(typed) ? [{ ...typedItem(typed, isUnknown), typed: source() }, ...similar] : all;
  };
  const typedRow = (): UserItem | undefined => shown.find((row) => row.typed);
  const show = (): void => {
    const next = matching();
    if (next === shown) return;
    const pointedAt =
      text === picker.value ? picker.activeItems.find(({ userid }) => userid !== undefined) : undefined;
    text = picker.value;
    shown = next;
    // Enter takes exactly what was typed, or whom the person has pointed at: never somebody who is only like it.
    rows.set(next, pointedAt, typedRow());
  };
  const load = async (): Promise<void> => {
    picker.busy = true;
    picker.placeholder = l10n.t('Loading users…');
    try {
      const { leftOut, ...list } = await choices.load(controller.signal);
      users = list.users;
      const recent = recentItems(users);
      const others = users
        .filter((user) => !choices.recent.some(({ userid }) => userid === user.userid))
        .map(item);
      all = [...withTitle(l10n.t('Recently used'), recent), ...withTitle(l10n.t('All users'), others)];
      picker.placeholder =
        (leftOut > 0 ? `${l10n.t('Not listed, for lack of a valid ID: {0}.', leftOut)} ` : '') +
        (users.length > 0 ? l10n.t('Type a name or ID') : l10n.t('No users found. Type a user ID'));
    } catch (error) {
      all = [...withTitle(l10n.t('Recently used'), recentItems(users)), ...failureItems(error, load)];
      picker.placeholder = l10n.t('Could not load users. Type a user ID');
    }
    picker.busy = false;
    show();
  };

  picker.title = l10n.t('Sign in to AIRisk as');
  picker.matchOnDescription = true;
  try {
    const listen = (answer: (chosen: Chosen | undefined) => void): void => {
      picker.onDidChangeValue(show);
      rows.onDidPick((row) => {
        const typed = typedRow();
        const chosen = !row || row.typed ? typed : row;
        // Typed so fast that the workbench has not followed yet: what it had marked is a likeness, and Enter has to be
        // pressed again.
        if (typed && chosen !== typed && !rows.areShown) return;
        if (chosen?.userid !== undefined) answer({ userid: chosen.userid, name: chosen.name });
        else if (chosen?.step && !picker.busy) {
          if (!chosen.stays) answer(undefined);
          const { step } = chosen;
          inBackground(choices.log, async () => {
            picker.busy = true;
            try {
              await step();
            } finally {
              picker.busy = false;
            }
          });
        }
      });
      show();
      void load();
    };
    return await questions.ask<Chosen | undefined>(picker, listen, signal);
  } finally {
    controller.abort();
  }
}

function itemMaker({ sessions, now }: UserChoices): (user: Chosen) => UserItem {
  const stored = new Map(sessions.map((session) => [session.userid, session]));
  return ({ userid, name }) => {
    const known = stored.get(userid);
    const session = known && remainingMs(known, now) > 0 ? known : undefined;
    const shown = name ?? known?.name;
    // The id last, where a narrow row may cut it.
    const facts = [
      ...(session ? [l10n.t('signed in, {0}', timeLeft(session, now))] : []),
      ...(shown ? [labelText(userid, 256)] : []),
    ];
    return {
      userid,
      name,
      label: labelText(shown || userid, 256),
      ...(facts.length > 0 && { description: facts.join(' · ') }),
      iconPath: new vscode.ThemeIcon(session ? 'pass' : 'account'),
    };
  };
}

/**
 * The first row means what is typed, however fast that changes. When the list comes it may be somebody else who is
 * meant: their name is the text. No userid begins with a blank.
 */
function identityOf({ typed, userid, label }: UserItem): string {
  return typed ? ` ${typed}` : (userid ?? ` ${label}`);
}

function withTitle(label: string, items: readonly UserItem[]): UserItem[] {
  return items.length > 0 ? [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items] : [];
}

function typedItem(userid: string, isUnknown: boolean): UserItem {
  return {
    userid,
    label: l10n.t('Sign in as "{0}"', labelText(userid, 256)),
    ...(isUnknown && { description: l10n.t('No listed user has this name or ID') }),
    iconPath: new vscode.ThemeIcon('person-add'),
    alwaysShow: true,
  };
}

/** What happened, on the entry that loads again; on those after it, which help, what does. */
function failureItems(error: unknown, load: () => Promise<void>): UserItem[] {
  const isExpected = error instanceof AiriskError;
  const isLeft = isCancellation(error);
  const happened = isExpected ? whatHappened(error) : errorMessage(error);
  const helping = isLeft ? [] : buttonsFor(error, load).filter(({ run }) => run !== load);
  const step = (label: string, run: Button['run'], detail: string, stays: boolean): UserItem => ({
    label,
    detail: labelText(detail, 1_000),
    iconPath: new vscode.ThemeIcon(run === load ? 'refresh' : 'wrench'),
    alwaysShow: true,
    step: run,
    stays,
  });
  return withTitle(l10n.t('Users'), [
    step(l10n.t('Load users again'), load, isLeft ? l10n.t('The sign-in was canceled.') : happened, true),
    ...helping.map(({ title, run }, index) =>
      step(title, run, isExpected && index === 0 ? whatHelps(error) : '', hasCode(error, 'sign_in_waiting')),
    ),
  ]);
}
