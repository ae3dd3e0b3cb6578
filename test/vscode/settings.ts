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
  'security.workspace.trust.enabled': false,
  // Else the first callback of every run waits for "Allow AIRisk Authentication to open this URI?".
  'extensions.confirmedUriHandlerExtensionIds': ['airisk.airisk-authentication'],
};

/**
 * Writes the user's and the machine's settings of a user-data folder. A window of a browser-hosted VS Code is a
 * remote window: it takes machine-scoped settings from the second file only, application-scoped from the first.
 */
export async function writeSettings(userDataDir: string, settings: Settings): Promise<void> {
  const files: [string, Settings][] = [
    ['User', { ...calm, ...settings }],
    ['Machine', settings],
  ];
  for (const [folder, values] of files) {
    await mkdir(join(userDataDir, folder), { recursive: true });
    await writeFile(join(userDataDir, folder, 'settings.json'), JSON.stringify(values, undefined, 2));
  }
}
