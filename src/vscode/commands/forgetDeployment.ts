import * as vscode from 'vscode';
import { placeOf } from '../../core/sessions/accountLabel.ts';
import { recentKeysStart } from '../../core/sessions/recentUsers.ts';
import { keyOf, readStoredSession, type Session } from '../../core/sessions/session.ts';
import type { Sessions } from '../../core/sessions/sessions.ts';
import type { SecretStore } from '../../core/sessions/store.ts';
import type { PersistentState } from '../persistentState.ts';
import { clientSecretKey } from '../secretStorage.ts';
import type { SettingsReader } from '../settings.ts';
import type { Questions } from '../questions.ts';
import { labelText, where } from '../wording.ts';
import { deleteSessions, offerUndo, throwFirst } from './undoable.ts';

const { l10n } = vscode;

/** What forgetting works with. */
export interface ForgetParts {
  readonly settings: SettingsReader;
  readonly sessions: Pick<Sessions, 'signOut' | 'restore'>;
  readonly secretStore: SecretStore;
  readonly state: Pick<PersistentState, 'setHadSecret' | 'chosenUserid' | 'chooseUserid'>;
  readonly questions: Questions;
  readonly log: vscode.LogOutputChannel;
}

/** What SecretStorage holds of one deployment, configured or not. */
interface Kept {
  /** Of the deployment. */
  readonly key: string;
  readonly label: string;
  readonly sessions: readonly Session[];
  /** All records by their keys, those that cannot be read among them. */
  readonly texts: ReadonlyMap<string, string>;
  readonly hasSecret: boolean;
  /** How many users are remembered for the next sign-in. */
  readonly recent: number;
}

/**
 * Deletes the sessions, the client secret and the recent users of a deployment that the person picks, with Undo. Those
 * of deployments that are configured no more are listed too: nothing else reaches them.
 * @throws AiriskError `storage`
 */
export async function forgetDeployment(parts: ForgetParts): Promise<void> {
  const { questions, sessions, state, log } = parts;
  const items = (await keptDeployments(parts)).map((kept) => ({
    kept,
    label: kept.label,
    description: contents(kept),
    iconPath: new vscode.ThemeIcon('trash'),
  }));
  if (items.length === 0) {
    void vscode.window.showInformationMessage(l10n.t('Nothing is stored for any AIRisk deployment.'));
    return;
  }
  const placeholder = l10n.t('Select the deployment whose sessions and client secret to delete');
  const item = await questions.pick(items, l10n.t('Forget an AIRisk deployment'), placeholder);
  if (!item) return;
  // Read again: what is deleted now is what Undo has to bring back.
  const kept = (await keptDeployments(parts)).find(({ key }) => key === item.kept.key);
  if (!kept) return forgetDeployment(parts);
  const ofSessions = new Set(kept.sessions.map(keyOf));
  const others = [...kept.texts].filter(([key]) => !ofSessions.has(key));
  const chosen = state.chosenUserid(kept);
  const [{ gone, outcomes }, deleted] = await Promise.all([
    deleteSessions(sessions, kept.sessions),
    Promise.allSettled([
      ...others.map(([key]) => deleteText(parts, kept, key)),
      state.chooseUserid(kept, undefined),
    ]),
  ]);
  const [label, description] = [kept.label, contents(kept)];
  offerUndo(log, l10n.t('Deleted for {0}: {1}.', label, description), async () => {
    throwFirst(
      await Promise.allSettled([
        ...gone.map((session) => sessions.restore(session)),
        ...others.map(([key, text]) => restoreText(parts, kept, key, text)),
        state.chooseUserid(kept, state.chosenUserid(kept) ?? chosen),
      ]),
    );
    return l10n.t('Restored for {0}: {1}.', label, description);
  });
  throwFirst([...outcomes, ...deleted]);
}

async function keptDeployments({ settings, secretStore }: ForgetParts): Promise<Kept[]> {
  const byDeployment = new Map<string, Map<string, string>>();
  const keys = await secretStore.keys();
  const texts = await Promise.all(keys.map((key) => secretStore.get(key).catch(() => '')));
  for (const [index, key] of keys.entries()) {
    const [, deploymentKey] = /^(?:session|client|recent):v1:([^:]+)(?::|$)/.exec(key) ?? [];
    if (deploymentKey === undefined) continue;
    const records = byDeployment.get(deploymentKey) ?? new Map<string, string>();
    byDeployment.set(deploymentKey, records.set(key, texts[index] ?? ''));
  }
  return [...byDeployment].map(([deploymentKey, records]) => {
    const read = [...records].map(([key, text]) => readStoredSession(key, text));
    const sessions = read.filter((session) => session !== undefined);
    const described = settings.describe({ key: deploymentKey });
    const gone = l10n.t('not configured any more');
    const place = sessions[0] ? placeOf(sessions[0].deployment) : `#${deploymentKey.slice(0, 12)}`;
    return {
      key: deploymentKey,
      label: labelText(described ? where(described, described) : `${place} · ${gone}`),
      sessions,
      texts: records,
      hasSecret: records.has(clientSecretKey({ key: deploymentKey })),
      recent: [...records.keys()].filter((key) => key.startsWith(recentKeysStart)).length,
    };
  });
}

function contents({ sessions, texts, hasSecret, recent }: Kept): string {
  const unreadable = texts.size - sessions.length - Number(hasSecret) - recent;
  return [
    sessions.length > 0 ? l10n.t('Sessions: {0}', sessions.length) : '',
    unreadable > 0 ? l10n.t('Unreadable sessions: {0}', unreadable) : '',
    hasSecret ? l10n.t('Client secret') : '',
    recent > 0 ? l10n.t('Recent users: {0}', recent) : '',
  ]
    .filter(Boolean)
    .join(', ');
}

async function deleteText({ secretStore, state }: ForgetParts, kept: Kept, key: string): Promise<void> {
  await secretStore.delete(key);
  if (key === clientSecretKey(kept)) await state.setHadSecret(kept, false);
}

/** What came in its place meanwhile stays. */
async function restoreText(
  { secretStore, state }: ForgetParts,
  kept: Kept,
  key: string,
  text: string,
): Promise<void> {
  if ((await secretStore.get(key)) === undefined) await secretStore.store(key, text);
  if (key === clientSecretKey(kept)) await state.setHadSecret(kept, true);
}
