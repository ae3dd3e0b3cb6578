import { evaluateInHost, type WorkbenchWindow } from '../../vscode/workbench.ts';
import { clientSecret } from './session.ts';

/** Signs in without browser and person, as the application for an empty userid. */
export async function signInQuietly(window: WorkbenchWindow, userid: string): Promise<void> {
  await evaluateInHost(
    window,
    (api, argument) => api.commands.executeCommand('airisk.signInForTests', argument),
    { clientSecret, userid },
  );
}

/** Changes settings of the user; `null` takes one back. The settings of other test files are the same: undo it. */
export async function changeSettings(
  window: WorkbenchWindow,
  settings: Readonly<Record<string, unknown>>,
): Promise<void> {
  await evaluateInHost(
    window,
    async (api, argument) => {
      for (const [name, value] of Object.entries(argument)) {
        await api.workspace.getConfiguration().update(name, value ?? undefined, true);
      }
    },
    settings,
  );
}

/** A theme of each kind that VS Code has. */
export const themes = {
  light: 'Light 2026',
  dark: 'Dark 2026',
  contrast: 'Default High Contrast',
} as const;

/** Closes all messages. */
export async function clearNotifications(window: WorkbenchWindow): Promise<void> {
  await evaluateInHost(window, (api) => api.commands.executeCommand('notifications.clearAll'));
}
