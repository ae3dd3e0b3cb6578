import * as vscode from 'vscode';
import type { AiriskSession } from '../../api.ts';
import { aborted } from '../../core/abort.ts';
import { atDeployment, hasCode } from '../../core/errors.ts';
import type { Deployment } from '../../core/oauth/deployment.ts';
import { accountOf } from '../../core/sessions/session.ts';
import type { Sessions } from '../../core/sessions/sessions.ts';
import type { DeploymentChoice } from '../deploymentChoice.ts';
import type { PersistentState } from '../persistentState.ts';
import { diagnose, type DiagnoseParts } from '../diagnose/diagnose.ts';
import { showError } from '../errorMessages.ts';
import { offerSignIn } from '../messages.ts';
import { withCancel } from '../progress.ts';
import type { ConfiguredDeployment } from '../../core/oauth/configuredDeployments.ts';
import { openEntry } from '../setUp/deploymentEntry.ts';
import { askClientSecret } from '../setUp/setUp.ts';
import type { Chosen } from '../signIn/userPicker.ts';
import { chooseIdentity, chooseUser, type ChooseUserParts } from '../signIn/chooseUser.ts';
import { knownTarget, stillConfigured, storedAt, type Target } from '../accountTarget.ts';
import { deploymentText, whoAndWhere } from '../wording.ts';
import { pickSession, showAccounts } from './accountPicker.ts';
import { atOneDeployment, type CommandTarget, sameArgument, waitingAccount } from './commandArgument.ts';
import { copyRequest } from './copyRequest.ts';
import { deploymentCommands } from './deploymentCommands.ts';
import { copyAccessToken, showTokenDetails, type TokenCommandParts } from './tokenCommands.ts';
import type { TerminalAccess } from '../terminal/terminalAccess.ts';
import { terminalCommands } from '../terminal/terminalCommands.ts';
import { removeClientSecret, signOutOf } from './undoable.ts';

const { l10n } = vscode;

/** What the commands work with. */
export interface CommandParts extends DiagnoseParts, TokenCommandParts, ChooseUserParts {
  readonly state: PersistentState;
  readonly terminalAccess: TerminalAccess;
  /** A deployment, or the one that this window uses, set up: leads into set-up when something is missing. */
  readonly ensureSetUp: (named: Deployment | undefined) => Promise<ConfiguredDeployment>;
  readonly choice: DeploymentChoice;
}

/** The commands for people, by their ids without the `airisk.` before each; a test holds them against the manifest. */
export function createCommands(parts: CommandParts): Record<string, (argument: unknown) => Promise<unknown>> {
  const { settings, signIns } = parts;
  const at = (act: Parameters<typeof atOneDeployment>[1]) => atOneDeployment(settings, act);
  let listing = new AbortController();
  const switchTo = async (target: CommandTarget): Promise<void> => {
    // A list that something else has hidden would come back after this, with whom it showed before.
    listing.abort();
    listing = new AbortController();
    await switchAccount(parts, target, listing.signal);
  };
  return {
    signIn: at((target) => signIn(parts, target)),
    signInAsUser: at((target) => signInAsUser(parts, target)),
    switchAccount: at(switchTo),
    continueSignIn: () => withWaitingSignIn(parts, () => signIns.offerWaysOn()),
    cancelSignIn: (argument) => withWaitingSignIn(parts, () => signIns.cancel(waitingAccount(argument))),
    signOut: at((target) => signOut(parts, target)),
    signOutAll: () => signOutAll(parts),
    renew: at((target) => renew(parts, target)),
    showAccounts: at(({ deployment }) => switchTo({ deployment })),
    ...deploymentCommands(parts),
    setClientSecret: at(({ deployment }) => setClientSecret(parts, deployment ?? settings.deployment())),
    removeClientSecret: at(({ deployment }) =>
      removeClientSecret(parts, deployment ?? settings.deployment()),
    ),
    diagnose: (argument) => diagnose(parts, argument),
    showLog: async () => parts.log.show(),
    copyAccessToken: at((target, argument) => copyAccessToken(parts, target, argument)),
    showTokenDetails: at((target, argument) => showTokenDetails(parts, target, argument)),
    copyRequest: at((target, argument) => copyRequest(parts, target, argument)),
    copyAsCurl: at((target, argument) => copyRequest(parts, target, argument)),
    ...terminalCommands(parts.terminalAccess),
  };
}

/** Registers commands so that each ends quietly, well, or with one error message. */
export function registerCommands(
  commands: ReturnType<typeof createCommands>,
  sessions: Pick<Sessions, 'retry'>,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const registrations = Object.entries(commands).map(([name, command]) => {
    const run = async (given: unknown, argument: unknown): Promise<unknown> => {
      // Somebody is at work, and wants to know whether AIRisk is back.
      sessions.retry();
      try {
        return await command(argument);
      } catch (error) {
        void showError(log, error, () => run(given, sameArgument(given, error)));
        return undefined;
      }
    };
    return vscode.commands.registerCommand(`airisk.${name}`, (argument: unknown) => run(argument, argument));
  });
  return vscode.Disposable.from(...registrations);
}

/**
 * Renews a session behind a notification with Cancel, which leaves the renewal to itself: others may wait for it.
 * @returns false when no different token came, for whatever reason
 * @throws `CancellationError` at Cancel, AiriskError
 */
export async function renewWithCancel(
  { sessions, settings }: Pick<CommandParts, 'sessions' | 'settings'>,
  target: Target,
): Promise<boolean> {
  const account = whoAndWhere(target, settings);
  return withCancel(l10n.t('Renewing the AIRisk token for {0}', account), (signal) =>
    Promise.race([sessions.renew(target.deployment, target.userid), aborted(signal)]),
  );
}

/** Who is signed in now, for another extension that ran the command. */
type SignedIn = Pick<AiriskSession, 'userid' | 'account'>;

async function signIn(parts: CommandParts, { userid, deployment: named }: CommandTarget): Promise<SignedIn> {
  const deployment = await parts.ensureSetUp(named);
  return signInAs(parts, deployment, () =>
    userid === undefined
      ? chooseIdentity(parts, deployment)
      : knownTarget(parts.sessions, deployment, userid),
  );
}

async function signInAsUser(parts: CommandParts, { deployment: named }: CommandTarget): Promise<SignedIn> {
  const deployment = await parts.ensureSetUp(named);
  return signInAs(parts, deployment, () => chooseUser(parts, deployment));
}

/** At the deployment that set-up may have made a different one than the command began with. */
async function signInAs(
  { signIns, state, settings }: CommandParts,
  deployment: ConfiguredDeployment,
  choose: () => Promise<Chosen>,
): Promise<SignedIn> {
  return atDeployment(deployment, async () => {
    const chosen = await choose();
    const session = await signIns.signIn({ deployment, ...chosen });
    await state.chooseUserid(deployment, chosen.userid);
    void vscode.window.showInformationMessage(
      l10n.t('Signed in to AIRisk as {0}.', whoAndWhere(session, settings)),
    );
    return { userid: chosen.userid, account: accountOf(session) };
  });
}

/** @param act false when there is no sign-in to do it to */
async function withWaitingSignIn({ log }: CommandParts, act: () => boolean): Promise<void> {
  if (!act()) offerSignIn({ log }, l10n.t('No AIRisk sign-in is waiting.'));
}

async function switchAccount(parts: CommandParts, target: CommandTarget, signal: AbortSignal): Promise<void> {
  const { sessions, settings, signIns, state, ensureSetUp } = parts;
  const session = await (target.userid === undefined
    ? showAccounts(parts, target.deployment, signal)
    : pickSession(parts, '', target));
  if (!session) return;
  const deployment = stillConfigured(settings, session.deployment);
  if (!(await sessions.find(deployment, session.userid))) {
    await ensureSetUp(deployment);
    await signIns.signIn(session);
  }
  await state.chooseUserid(deployment, session.userid);
  const account = whoAndWhere(session, settings);
  void vscode.window.showInformationMessage(l10n.t('Now using {0}.', account));
}

async function renew(parts: CommandParts, target: CommandTarget): Promise<void> {
  const isNamed = target.userid !== undefined;
  const picked = isNamed ? undefined : await pickSession(parts, l10n.t('Renew an AIRisk token'), target);
  const userid = target.userid ?? picked?.userid;
  if (userid === undefined) return;
  const deployment = await parts.ensureSetUp(picked?.deployment ?? target.deployment);
  await atDeployment(deployment, async () => {
    const known = await knownTarget(parts.sessions, deployment, userid);
    if (!(await renewWithCancel(parts, known))) {
      const failure = parts.sessions.failureOf(known)?.error;
      // The browser would come first, and the sign-in would end with the same.
      if (hasCode(failure, 'invalid_client')) throw failure;
      await parts.signIns.signIn(known);
    }
    const account = whoAndWhere(known, parts.settings);
    void vscode.window.showInformationMessage(l10n.t('Renewed the AIRisk token for {0}.', account));
  });
}

async function setClientSecret(parts: CommandParts, deployment: ConfiguredDeployment): Promise<void> {
  const entry = openEntry(parts.settings, parts.drafts, deployment.name);
  if (await askClientSecret({ ...parts, entry }))
    offerSignIn(parts, l10n.t('Client secret stored.'), { deployment });
}

async function signOut(parts: CommandParts, target: CommandTarget): Promise<void> {
  const session = await pickSession(parts, l10n.t('Sign out of AIRisk'), target);
  if (session) await signOutOf(parts, [session]);
}

/** Asks whether all deployments are meant when there are sessions of others than the one in use. */
async function signOutAll(parts: CommandParts): Promise<void> {
  const { sessions, settings, questions } = parts;
  const deployments = settings.deployments();
  const all = await storedAt(sessions, deployments);
  const inUse = settings.inUse();
  const own = all.filter(({ deployment }) => deployment.key === inUse?.key);
  if (!inUse || own.length === all.length) return signOutOf(parts, all);
  const items = [
    { label: deploymentText(inUse), of: [inUse], count: own.length },
    { label: l10n.t('All deployments'), of: deployments, count: all.length },
  ].map((item) => ({ ...item, description: l10n.t('Signed in: {0}', item.count) }));
  const item = await questions.pick(
    items.filter(({ count }) => count > 0),
    l10n.t('Sign out of AIRisk'),
    l10n.t('Select which accounts to sign out'),
  );
  // Listed again: somebody may have signed in while the question was open.
  if (item) await signOutOf(parts, await storedAt(sessions, item.of));
}
