import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Values for settings.json. */
export type Settings = Readonly<Record<string, unknown>>;

const calm: Settings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  // Else a message comes for every port that anything on this machine opens.
  'remote.autoForwardPorts': false,
  'security.workspace.trust.enabled': false,
  // Else the first callback of every run waits for "Allow AIRisk Authentication to open this URI?".
  'extensions.confirmedUriHandlerExtensionIds': ['airisk.airisk-authentication'],
};

/** Writes the user's settings of a user-data folder, where every window finds them: the extension's are application-scoped. */
export async function writeSettings(userDataDir: string, settings: Settings): Promise<void> {
  await mkdir(join(userDataDir, 'User'), { recursive: true });
  const text = JSON.stringify({ ...calm, ...settings }, undefined, 2);
  await writeFile(join(userDataDir, 'User', 'settings.json'), text);
}
