import * as vscode from 'vscode';

/** Signs a user of the emulator in, without a browser and without a person; '' is the application itself. */
export async function signIn(userid: string): Promise<void> {
  const clientSecret = 's3cr3t-of-abc123';
  await vscode.commands.executeCommand('airisk.signInForTests', { clientSecret, userid });
}

/**
 * Gives an extension access to the session that is signed in, as the Accounts menu would.
 * @param ask calls `getSession` with these options, inside of that extension
 */
export async function giveAccess(
  extensionId: string,
  ask: (options: vscode.AuthenticationGetSessionOptions) => Thenable<unknown>,
): Promise<void> {
  // With neither `silent` nor `createIfNone` VS Code offers access in the Accounts menu.
  await ask({});
  await vscode.commands.executeCommand(`airisk${extensionId.toLowerCase()}Access`);
  // The account picker opens some time after the command has ended.
  while (!(await ask({ silent: true }))) {
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
  }
}
