import type { AuthenticationSession } from 'vscode';
import type { BrowserContext, Page } from 'playwright-core';
import type { Emulator } from '../../emulator/emulator.ts';
import { evaluateInHost, type WorkbenchWindow } from '../../harness/workbench.ts';
import { notifications } from '../../harness/workbench/notifications.ts';
import { dialog } from '../../harness/workbench/dialog.ts';
import { quickInput } from '../../harness/workbench/quickInput.ts';
import { startSignIn } from './host.ts';
import { getSessionAs } from './session.ts';

/** Starts a sign-in in a window with `ownPopups` and returns the tab that it opens. */
export async function signInTab(window: WorkbenchWindow, userid: string): Promise<Page> {
  const [tab] = await Promise.all([window.page.waitForEvent('popup'), startSignIn(window, userid)]);
  return tab;
}

/** Waits, in a tab of a deployment in `login` mode, for the login page and clicks Allow. */
export async function allowInTab(tab: Page): Promise<void> {
  await tab.getByRole('button', { name: 'Allow' }).click();
}

/** Stops the next redirect from AIRisk in the browser, and tells the address that it would have gone to. */
export async function holdRedirect(context: BrowserContext): Promise<string> {
  const endpoint = /\/(api\/oauth2|login)(\?|$)/;
  const address = await new Promise<string>((resolve) => {
    void context.route(endpoint, async (route) => {
      const response = await route.fetch({ maxRedirects: 0 });
      const { location } = response.headers();
      if (location === undefined) return route.fulfill({ response });
      await route.fulfill({ status: 200, body: 'The test holds this redirect.' });
      resolve(location);
    });
  });
  await context.unroute(endpoint);
  return address;
}

/** Makes the next ones of a window's addresses that lead to the extension, which count from 1 in each window. */
export async function nextAddresses(
  window: WorkbenchWindow,
  count: number,
  path = '/callback',
): Promise<string[]> {
  return evaluateInHost(
    window,
    async (api, [wanted, to]) => {
      const addresses: string[] = [];
      while (addresses.length < wanted) {
        const uri = api.Uri.parse(`${api.env.uriScheme}://airisk.airisk-authentication${to}`);
        addresses.push((await api.env.asExternalUri(uri)).toString(true));
      }
      return addresses;
    },
    [count, path] as const,
  );
}

/** Opens what leads to the extension, with these queries, in one tab, and waits until the window has got it. */
export async function openUris(
  window: WorkbenchWindow,
  path: string,
  queries: readonly string[],
): Promise<void> {
  const tab = await window.context.newPage();
  const addresses = await nextAddresses(window, queries.length, path);
  for (const [index, query] of queries.entries()) await tab.goto(`${addresses[index]}&${query}`);
  await tab.waitForFunction(
    () => !Object.keys(localStorage).some((key) => key.startsWith('vscode-web.url-callbacks')),
  );
  await tab.close();
}

/** Opens a redirect that was held in a tab, as if another window waited for it. */
export async function deliverTo(other: WorkbenchWindow, redirect: string): Promise<Page> {
  const address = new URL(redirect);
  const [own = ''] = await nextAddresses(other, 1);
  const id = new URL(own).searchParams.get('vscode-reqid') ?? '';
  if (id === address.searchParams.get('vscode-reqid')) throw new Error('Both windows wait for this address.');
  address.searchParams.set('vscode-reqid', id);
  const tab = await other.context.newPage();
  await tab.goto(address.href);
  return tab;
}

/** Registers other redirect URIs for the primary client, until the next reset. */
export async function register({ client }: Emulator, ...redirectUris: string[]): Promise<void> {
  const { clients } = await client.options();
  await client.setOptions({
    clients: clients.map((record) =>
      record.client_id === 'abc123' ? { ...record, redirect_uri: redirectUris.join(',') } : record,
    ),
  });
}

/** Lets Consumer One have a user's session, as its user does, and returns the session. */
export async function grant(window: WorkbenchWindow, userid: string): Promise<AuthenticationSession | null> {
  await window.page.bringToFront();
  const asked = getSessionAs(window, 'one', [`userid:${userid}`], { createIfNone: true });
  await dialog(window.page).click('Allow');
  await quickInput(window.page).pick(new RegExp(`(^|\\()\\s*${userid}( \\(|,)`));
  return asked;
}

/** Whose accounts a window has: their userids, an empty one for the application. */
export async function accountsOf(window: WorkbenchWindow): Promise<string[]> {
  const accounts = await evaluateInHost(window, (api) => api.authentication.getAccounts('airisk'));
  return accounts.map(({ id }) => decodeURIComponent(id.split(':').at(-1) ?? '')).toSorted();
}

/** What is said after a sign-in, whether the user's name is known there or only the id. */
export function signedInAs(userid: string): RegExp {
  const id = userid.replaceAll(/\W/gu, '.');
  return new RegExp(String.raw`Signed in to AIRisk as (${id}|.+ \(${id}\))\.`);
}

/** The messages of the extension that are shown now, without those of VS Code itself. */
export async function airiskToasts(window: WorkbenchWindow): Promise<string[]> {
  return (await notifications(window.page).texts()).filter((text) => text.includes('AIRisk'));
}
