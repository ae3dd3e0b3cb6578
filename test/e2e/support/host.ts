import { evaluateInHost, type WorkbenchWindow } from '../../harness/workbench.ts';

/** The secret of the emulator's first client. */
export const clientSecret = 's3cr3t-of-abc123';

/** Runs a command in the extension host and waits for its end. */
export async function executeCommand(
  window: WorkbenchWindow,
  command: string,
  argument?: object,
): Promise<void> {
  await evaluateInHost(
    window,
    (api, call) => api.commands.executeCommand(call.command, call.argument).then(() => undefined),
    { command, argument },
  );
}

/**
 * Signs in without browser and person, as the application for an empty userid; no userid stores the client secret
 * alone, as the set-up would.
 */
export async function signInForTests(
  window: WorkbenchWindow,
  userid?: string,
  secret = clientSecret,
  deployment?: string,
): Promise<void> {
  await executeCommand(window, 'airisk.signInForTests', {
    clientSecret: secret,
    ...(userid !== undefined && { userid }),
    ...(deployment !== undefined && { deployment }),
  });
}

/** Changes settings `airisk.*` of the user; `undefined` puts the default back. */
export async function changeSettings(
  window: WorkbenchWindow,
  settings: Readonly<Record<string, unknown>>,
): Promise<void> {
  await evaluateInHost(
    window,
    async (api, entries) => {
      const configuration = api.workspace.getConfiguration('airisk');
      for (const [name, value] of entries) {
        await configuration.update(name, value ?? undefined, api.ConfigurationTarget.Global);
      }
    },
    Object.entries(settings),
  );
}

/** Runs a command in the extension host without waiting for its end. */
export async function startCommand(
  window: WorkbenchWindow,
  command: string,
  argument?: object,
): Promise<void> {
  await evaluateInHost(
    window,
    (api, call) => {
      void api.commands.executeCommand(call.command, call.argument);
    },
    { command, argument },
  );
}

/** Runs `airisk.signIn` for a user without waiting for its end. */
export async function startSignIn(window: WorkbenchWindow, userid: string): Promise<void> {
  await startCommand(window, 'airisk.signIn', { userid });
}

/** Lets VS Code's protection against spam pass: it shows no toast after some in 800 ms. */
export async function passSpamProtection(window: WorkbenchWindow): Promise<void> {
  await window.page.waitForTimeout(850);
}

/** Closes all notifications of a window, and lets VS Code show the next ones. */
export async function clearNotifications(window: WorkbenchWindow): Promise<void> {
  await evaluateInHost(window, (api) => api.commands.executeCommand('notifications.clearAll'));
  await passSpamProtection(window);
}
