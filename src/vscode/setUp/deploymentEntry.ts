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
  userid: SettingText,
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
   * Makes it the deployment of a different address: in `airisk.deployments` all at once, and without what else was said
   * of one at a different origin.
   * @throws AiriskError as `write` does
   */
  readonly replace: (by: Replacement) => Promise<void>;
  /** What `read` would say after that. */
  readonly replaced: (by: Replacement) => EntryValues;
}

/** What a set-up link says of a deployment: the address as its origin. */
type Replacement = Pick<EntryValues, 'redirectUri' | 'clientId' | 'baseUrl'>;

/** The deployment of a name in the settings of the user: `default` stands for `airisk.baseUrl` and its neighbours. */
export function openEntry(settings: SettingsReader, drafts: EntryDrafts, name: string): DeploymentEntry {
  if (name === defaultName) {
    const write: DeploymentEntry['write'] = async (changes) => {
      for (const [member, value] of Object.entries(changes)) await update(member, value || undefined);
    };
    // A link makes it the first deployment of all, or names it as it is.
    const read = (): EntryValues => Values.parse(settings.read());
    return { name, read, write, replace: write, replaced: (by) => ({ ...read(), ...by }) };
  }
  const isStored = (): boolean => Object.hasOwn(settings.read().deployments, name);
  // What was written by hand since counts.
  const members = (): Readonly<Record<string, unknown>> =>
    isStored() ? Members.parse(settings.read().deployments[name]) : (drafts.get(name) ?? {});
  // Its users and its mark are those of its origin, and stay when something else in it is not valid.
  const replacedBy = (by: Replacement): Record<string, unknown> => ({
    ...(originOf(Values.parse(members()).baseUrl) === by.baseUrl && members()),
    ...by,
  });
  const store = async (entry: Readonly<Record<string, unknown>>): Promise<void> => {
    if (settings.problems().some(({ reason }) => reason === 'map'))
      throw new AiriskError('invalid_setting', { subject: 'airisk.deployments' });
    const said = Object.fromEntries(Object.entries(entry).filter(([, value]) => value));
    await update('deployments', { ...settings.read().deployments, [name]: said });
    drafts.delete(name);
  };
  return {
    name,
    read: () => Values.parse(members()),
    write: async (changes) => {
      const entry = { ...members(), ...changes };
      drafts.set(name, entry);
      const { baseUrl, clientId } = Values.parse(entry);
      if (isStored() || (baseUrl && clientId)) await store(entry);
    },
    replace: (by) => store(replacedBy(by)),
    replaced: (by) => Values.parse(replacedBy(by)),
  };
}

function originOf(address: string): string | undefined {
  try {
    return deploymentOrigin(address);
  } catch {
    return undefined;
  }
}

/** The names of all deployments that are in the settings, valid or not, or were begun in this window. */
export function entryNames(settings: SettingsReader, drafts: EntryDrafts): string[] {
  const { baseUrl, clientId, deployments } = settings.read();
  const own = baseUrl || clientId ? [defaultName] : [];
  const stored = [...own, ...Object.keys(deployments).filter(isDeploymentName)];
  const begun = [...drafts.keys()].filter((name) => !stored.some((other) => isSameName(other, name)));
  return [...stored, ...begun];
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
