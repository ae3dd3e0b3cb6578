import type { Page } from 'playwright-core';

async function followSignIn(popup: Page, workbench: Page): Promise<void> {
  await popup.waitForURL((address) => address.pathname.endsWith('/callback'), { timeout: 0 });
  if (popup.url().includes('vscode-reqid=')) {
    // The workbench takes a callback out of the storage it shares with this tab; until then the tab must live.
    await popup.waitForFunction(
      () => !Object.keys(localStorage).some((key) => key.startsWith('vscode-web.url-callbacks')),
    );
  }
  await popup.close();
  await workbench.bringToFront();
}

/**
 * Lets sign-ins run by themselves: a tab that the workbench opens is kept in the background, where it does not
 * stop the workbench's animation frames, and closed when its callback has been delivered. A tab that never comes
 * to a callback stays open.
 */
export function attendPopups(workbench: Page): void {
  workbench.on('popup', (popup) => {
    void workbench.bringToFront().catch(() => undefined);
    // A closed browser ends the wait; nobody needs to know.
    void followSignIn(popup, workbench).catch(() => undefined);
  });
}
