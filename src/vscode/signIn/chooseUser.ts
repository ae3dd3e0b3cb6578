import * as vscode from 'vscode';
import type { ConfiguredDeployment } from '../../core/oauth/configuredDeployments.ts';
import { atDeployment, hasCode } from '../../core/errors.ts';
import type { Http } from '../../core/oauth/http.ts';
import { isUserid } from '../../core/oauth/userid.ts';
import { listUsers, type UserList } from '../../core/oauth/users.ts';
import type { Session } from '../../core/sessions/session.ts';
import { knownTarget } from '../accountTarget.ts';
import type { Names } from '../../core/sessions/names.ts';
import type { RecentUsers } from '../../core/sessions/recentUsers.ts';
import type { Sessions } from '../../core/sessions/sessions.ts';
import { forLog, isCancellation } from '../errorMessages.ts';
import type { Questions } from '../questions.ts';
import type { SettingsReader } from '../settings.ts';
import type { SignIns } from './signIns.ts';
import { who, type Who } from '../wording.ts';
import { type Chosen, pickUser } from './userPicker.ts';

const { l10n } = vscode;

/** What asking whom to sign in as takes. */
export interface ChooseUserParts {
  readonly sessions: Sessions;
  readonly names: Names;
  readonly signIns: SignIns;
  readonly settings: SettingsReader;
  readonly questions: Questions;
  readonly recentUsers: RecentUsers;
  readonly http: () => Http;
  readonly now: () => number;
  readonly log: vscode.LogOutputChannel;
}

/**
 * Asks whether to sign in as the application (an empty userid) or as a user, and as which.
 * @throws `CancellationError` when the user leaves
 */
export async function chooseIdentity(
  parts: ChooseUserParts,
  deployment: ConfiguredDeployment,
  signal?: AbortSignal,
): Promise<Chosen> {
  const { userid } = deployment;
  const configured = isUserid(userid) ? await knownTarget(parts.sessions, deployment, userid) : undefined;
  const identity = await pickIdentity(parts.questions, configured, signal);
  return identity === undefined ? chooseUser(parts, deployment, signal) : { userid: identity };
}

/**
 * Asks for a user of the deployment.
 * @throws `CancellationError` when the user leaves
 */
export async function chooseUser(
  parts: ChooseUserParts,
  deployment: ConfiguredDeployment,
  signal?: AbortSignal,
): Promise<Chosen> {
  const [recent, sessions] = await Promise.all([
    // It only saves typing.
    parts.recentUsers.list(deployment).catch(() => []),
    parts.sessions.listStored(deployment),
  ]);
  const choices = {
    load: async (leaving: AbortSignal) => {
      try {
        return await atDeployment(deployment, () => loadUsers(parts, deployment, leaving));
      } catch (error) {
        if (!isCancellation(error)) parts.log.error(forLog(error));
        throw error;
      }
    },
    recent,
    sessions,
    now: parts.now(),
    log: parts.log,
  };
  const chosen = await pickUser(parts.questions, choices, signal);
  if (!chosen) throw new vscode.CancellationError();
  return chosen;
}

/** The list takes a generic token, which is obtained first when there is none: without the browser if that works. */
async function loadUsers(
  parts: ChooseUserParts,
  deployment: ConfiguredDeployment,
  signal: AbortSignal,
): Promise<UserList> {
  const list = async ({ accessToken }: Session): Promise<UserList> => {
    const listed = await listUsers(parts.http(), deployment, accessToken, signal);
    // Who has a different name now is shown by it, though nobody may be chosen.
    void parts.names.note(deployment, listed.users).catch(() => undefined);
    return listed;
  };
  const generic = await parts.sessions.find(deployment, '');
  try {
    if (generic) return await list(generic);
  } catch (error) {
    // Revoked before its time: a different one, once.
    if (!hasCode(error, 'unauthorized')) throw error;
  }
  return list(await signInAsApplication(parts, deployment, signal));
}

async function signInAsApplication(
  { signIns, settings }: ChooseUserParts,
  deployment: ConfiguredDeployment,
  signal: AbortSignal,
): Promise<Session> {
  try {
    if (settings.read().renewal === 'silent') return await signIns.signInSilently(deployment, '', signal);
  } catch (error) {
    // A person may have to sign in, or to hand over an address without a state.
    if (!hasCode(error, 'not_silent', 'state_missing')) throw error;
  }
  signal.throwIfAborted();
  return signIns.signIn({ deployment, userid: '' }, signal);
}

interface IdentityItem extends vscode.QuickPickItem {
  /** None for a user that still has to be picked. */
  readonly userid?: string;
}

/**
 * Asks whether to sign in as the application or as a user.
 * @param configured whom the settings name
 * @returns `''` for the application, `undefined` for "a user that still has to be picked"
 * @throws `CancellationError` when the picker was left
 */
async function pickIdentity(
  questions: Questions,
  configured: Who | undefined,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const user: IdentityItem = {
    label: l10n.t('As a user…'),
    detail: l10n.t('Select a user from your deployment'),
    iconPath: new vscode.ThemeIcon('person'),
  };
  const application: IdentityItem = {
    label: l10n.t('As the application'),
    detail: l10n.t('A generic token, which can only list users'),
    iconPath: new vscode.ThemeIcon('key'),
    userid: '',
  };
  const first: IdentityItem[] = configured
    ? [
        {
          label: l10n.t('As {0}', who(configured)),
          iconPath: new vscode.ThemeIcon('account'),
          userid: configured.userid,
        },
      ]
    : [];
  const chosen = await questions.pick(
    [...first, user, application],
    l10n.t('Sign in to AIRisk'),
    l10n.t('Select who to sign in as'),
    signal,
  );
  if (!chosen) throw new vscode.CancellationError();
  return chosen.userid;
}
