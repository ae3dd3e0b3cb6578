import * as vscode from 'vscode';
import { isUserid, type User } from '../core/oauth/users.ts';

const { l10n } = vscode;

interface UserItem extends vscode.QuickPickItem {
  readonly userid?: string;
}

/**
 * Shows users as they arrive and lets one be picked, by name or id.
 * @param signedIn userids that have a usable session
 * @returns the chosen userid, or `undefined` where the picker was left
 * @throws what `users` rejects with
 */
export async function pickUser(
  users: Promise<readonly User[]>,
  signedIn: ReadonlySet<string>,
): Promise<string | undefined> {
  const picker = vscode.window.createQuickPick<UserItem>();
  picker.title = l10n.t('Sign in to AIRisk as');
  picker.placeholder = l10n.t('Type a name or an ID');
  picker.matchOnDescription = true;
  picker.busy = true;
  try {
    const chosen = new Promise<string | undefined>((resolve) => {
      picker.onDidAccept(() => {
        const userid = picker.selectedItems[0]?.userid;
        if (userid !== undefined) resolve(userid);
      });
      picker.onDidHide(() => resolve(undefined));
    });
    picker.show();
    const listed = users.then((list) => {
      picker.items = list.map((user) => userItem(user, signedIn.has(user.userid)));
      picker.busy = false;
      if (list.length === 0) picker.placeholder = l10n.t('This deployment has no users');
      return chosen;
    });
    return await Promise.race([chosen, listed]);
  } finally {
    picker.dispose();
  }
}

function userItem({ userid, name }: User, signedIn: boolean): UserItem {
  return {
    userid,
    label: name || userid,
    ...(name && { description: userid }),
    ...(signedIn && { detail: l10n.t('Signed in'), iconPath: new vscode.ThemeIcon('pass') }),
  };
}

/**
 * Asks whether to sign in as the application or as a user.
 * @returns `''` for the application, `undefined` for "a user that still has to be picked"
 * @throws `CancellationError` where the picker was left
 */
export async function pickIdentity(defaultUserid: string): Promise<string | undefined> {
  const user: UserItem = {
    label: l10n.t('As a user…'),
    detail: l10n.t('Pick the user from the list of your deployment'),
    iconPath: new vscode.ThemeIcon('person'),
  };
  const application: UserItem = {
    label: l10n.t('As the application'),
    detail: l10n.t('A generic token: good for listing users only'),
    iconPath: new vscode.ThemeIcon('key'),
    userid: '',
  };
  const configured: UserItem[] = isUserid(defaultUserid)
    ? [
        {
          label: l10n.t('As {0}', defaultUserid),
          iconPath: new vscode.ThemeIcon('account'),
          userid: defaultUserid,
        },
      ]
    : [];
  const chosen = await vscode.window.showQuickPick([...configured, user, application], {
    title: l10n.t('Sign in to AIRisk'),
    placeHolder: l10n.t('Whom do you want to sign in as?'),
  });
  if (!chosen) throw new vscode.CancellationError();
  return chosen.userid;
}
