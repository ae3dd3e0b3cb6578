import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { AiriskError } from '../../core/errors.ts';
import { defaultName, isDeploymentName, isSameName } from '../../core/oauth/configuredDeployments.ts';
import { deploymentOrigin } from '../../core/oauth/deployment.ts';
import { SettingAddress, SettingText } from '../../core/oauth/settingValues.ts';
import { lenient } from '../../core/schema.ts';
import type { SettingsReader } from '../settings.ts';
import { deploymentText, labelText } from '../wording.ts';

const Values = z.object({
  baseUrl: SettingAddress,
  clientId: SettingText,
  redirectUri: SettingAddress,
  tokenRequestFormat: lenient(z.enum(['form', 'json']), 'form'),
  production: lenient(z.boolean(), false),
});

/** What the settings say of one deployment, valid or not, and empty for what they do not say. */
export type EntryValues = z.infer<typeof Values>;

const Members = lenient(z.record(z.string(), z.unknown()), {});

/** What was entered for deployments that are not in the settings yet, by their names: an address alone is none. */
export type EntryDrafts = Map<string, Readonly<Record<string, unknown>>>;

/** One deployment in the settings, to be read and written while it is set up. */
export interface DeploymentEntry {
  readonly name: string;
  readonly read: () => EntryValues;
  /**
   * Changes members; what is empty or false is taken out.
   * @throws AiriskError `invalid_setting` when `airisk.deployments` is no map: what is there would be lost
   */
  readonly write: (changes: Partial<Omit<EntryValues, 'tokenRequestFormat'>>) => Promise<void>;
  /**
   * Makes it the deployment of a different address, all at once; what else was said of one at a different origin goes.
   * @throws AiriskError as `write` does
   */
  readonly replace: (by: Pick<EntryValues, 'redirectUri' | 'clientId' | 'baseUrl'>) => Promise<void>;
}

/** The deployment of a name in the settings of the user: `default` stands for `airisk.baseUrl` and its neighbours. */
export function openEntry(settings: SettingsReader, drafts: EntryDrafts, name: string): DeploymentEntry {
  if (name === defaultName) {
    const write = async (changes: Readonly<Record<string, unknown>>): Promise<void> => {
      for (const [member, value] of Object.entries(changes)) await update(member, value);
    };
    return {
      name,
      read: () => Values.parse(settings.read()),
      write,
      replace: async ({ redirectUri, clientId, baseUrl }) => {
        const rest = { userid: undefined, tokenRequestFormat: undefined };
        const gone = isElsewhere(settings.read().baseUrl, baseUrl) ? rest : {};
        // The address last: until then, what is stored belongs to the deployment as it was.
        await write({ ...gone, redirectUri, clientId, baseUrl });
      },
    };
  }
  const members = (): Record<string, unknown> => ({
    ...Members.parse(settings.read().deployments[name]),
    ...drafts.get(name),
  });
  const read = (): EntryValues => Values.parse(members());
  const store = async (entry: Readonly<Record<string, unknown>>): Promise<void> => {
    if (settings.problems().some(({ reason }) => reason === 'map'))
      throw new AiriskError('invalid_setting', { subject: 'airisk.deployments' });
    await update('deployments', { ...settings.read().deployments, [name]: entry });
    drafts.delete(name);
  };
  return {
    name,
    read,
    write: async (changes) => {
      const entry = changed(members(), changes);
      drafts.set(name, entry);
      const { baseUrl, clientId } = Values.parse(entry);
      if (baseUrl && clientId) await store(entry);
    },
    replace: (by) => store(changed(isElsewhere(read().baseUrl, by.baseUrl) ? {} : members(), by)),
  };
}

function changed(
  members: Readonly<Record<string, unknown>>,
  changes: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const isKept = ([member, value]: [string, unknown]): boolean => Boolean(value) || !(member in changes);
  return Object.fromEntries(Object.entries({ ...members, ...changes }).filter(isKept));
}

/** Whether an address, if there is one, is not of an origin: its users and its mark are not those of that one. */
function isElsewhere(address: string, origin: string): boolean {
  try {
    return address !== '' && deploymentOrigin(address) !== origin;
  } catch (error) {
    if (error instanceof AiriskError) return true;
    throw error;
  }
}

/** The names of all deployments that are in the settings, valid or not, or were begun in this window. */
export function entryNames(settings: SettingsReader, drafts: EntryDrafts): string[] {
  const { baseUrl, clientId, deployments } = settings.read();
  const own = baseUrl || clientId ? [defaultName] : [];
  return [...new Set([...own, ...Object.keys(deployments).filter(isDeploymentName), ...drafts.keys()])];
}

/** What a deployment is called where it is to be chosen: that it is the production one too. */
export function entryText(settings: SettingsReader, name: string): string {
  const used = settings.deployments().find((other) => other.name === name);
  return used ? deploymentText(used) : labelText(name);
}

/** Whether a name is that of a deployment already, or of one that was begun. */
export function isTaken(settings: SettingsReader, drafts: EntryDrafts, name: string): boolean {
  return entryNames(settings, drafts).some((other) => isSameName(other, name));
}

async function update(name: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration('airisk').update(name, value, vscode.ConfigurationTarget.Global);
}
