import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { guidClient, seedUsers, withGuids } from '../emulator/seed.ts';
import { type Stage, stageOf } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { openWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { accountsMenu } from '../harness/workbench/accounts.ts';
import { dialog } from '../harness/workbench/dialog.ts';
import { notifications } from '../harness/workbench/notifications.ts';
import { runCommand } from '../harness/workbench/palette.ts';
import { type QuickInput, quickInput } from '../harness/workbench/quickInput.ts';
import { screenshot } from '../harness/workbench/screenshot.ts';
import { hoverStatusBar, sessionsTooltip, statusBarItem } from '../harness/workbench/statusBar.ts';
import { changeSettings, executeCommand, signInForTests } from './support/host.ts';
import { getSessionAs } from './support/session.ts';
import { linesLedBy } from './support/written.ts';

const [ada, grace, ...others] = withGuids([
  ...seedUsers.slice(0, 2),
  { id: 'right to left', name: 'עדה לאבלייס, הרוזנת (1815)' },
  { id: 'emoji', name: '👩🏽\u200d💻 Ada 👨\u200d👩\u200d👧\u200d👦' },
  { id: 'long', name: 'Countess Augusta Ada King of Lovelace '.repeat(6).slice(0, 200) },
  { id: 'wide', name: '王小明'.repeat(66) },
  { id: 'unnamed', name: '' },
]);
assert.ok(ada && grace);

describe('people with ids that nobody reads, in a small window', function () {
  // Each step stands on the one before.
  this.bail(true);

  let stage: Stage;
  let window: WorkbenchWindow;
  let page: Page;
  let picker: QuickInput;

  const named = [ada, grace, ...others].filter(({ name }) => name !== '').map(({ id }) => id);
  const expectNames = async (where: string): Promise<void> => {
    await screenshot(page, `people-${where}`);
    assert.deepEqual(await linesLedBy(page, named), [], where);
  };
  /** Whether words stand where they can be read: nothing cuts their first or last letter, or lies over it. */
  const canBeRead = (element: Locator, words: string): Promise<boolean> =>
    element.evaluate((shown, text) => {
      const { ownerDocument: document } = shown;
      const walker = document.createTreeWalker(shown, 4);
      while (walker.nextNode()) {
        const { currentNode: node } = walker;
        const at = node.nodeValue?.indexOf(text) ?? -1;
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + text.length);
        const { left, right, top, bottom } = range.getBoundingClientRect();
        const middle = (top + bottom) / 2;
        return [left + 2, right - 2].every(
          (x) => document.elementFromPoint(x, middle)?.contains(node) === true,
        );
      }
      return false;
    }, words);

  before(async function () {
    stage = stageOf(this);
    await stage.emulator.client.reset();
    await stage.emulator.client.setOptions({
      users: [ada, grace, ...others, { id: '](nobody', name: 'Nobody' }],
    });
    const context = await stage.browser.newContext({ viewport: { width: 800, height: 600 } });
    window = await openWindow(stage, { context });
    page = window.page;
    picker = quickInput(page);
    await changeSettings(window, { clientId: guidClient.client_id, userid: ada.id });
    await executeCommand(window, 'workbench.action.closeSidebar');
    await signInForTests(window, '');
    for (const { id } of [grace, ...others, ada]) await signInForTests(window, id);
    await executeCommand(window, 'airisk.switchAccount', { userid: ada.id });
    await statusBarItem(page, 'session').filter({ hasText: ada.name }).waitFor();
  });
  after(async () => {
    await changeSettings(window, { userid: undefined });
    await window.context.close();
  });

  it('are led by their names wherever there are accounts to choose from', async () => {
    for (const command of [
      'Show Accounts',
      'Switch Account',
      'Sign Out',
      'Copy Access Token',
      'Renew Token',
    ]) {
      await runCommand(page, `AIRisk: ${command}`);
      await picker.widget.getByText(ada.name).waitFor();
      await expectNames(command);
      await picker.cancel();
    }
    await runCommand(page, 'AIRisk: Sign In');
    await picker.widget.getByText(`As ${ada.name}`).waitFor();
    await expectNames('Sign In');
    await picker.cancel();
    await runCommand(page, 'AIRisk: Sign In as User');
    await picker.widget.locator('.quick-input-list-separator:visible', { hasText: 'All users' }).waitFor();
    await picker.waitForPlaceholder('Not listed, for lack of a valid ID: 1. Type a name or ID');
    await expectNames('Sign In as User');
    await picker.cancel();
  });

  it('are led by their names in the status bar, the tooltip and messages', async () => {
    await hoverStatusBar(page, 'session', sessionsTooltip(page));
    await expectNames('tooltip');
    await page.mouse.move(10, 300);
    await executeCommand(window, 'airisk.renew', { userid: grace.id });
    await notifications(page).waitFor(`Renewed the AIRisk token for ${grace.name}`);
    void executeCommand(window, 'airisk.signOut', { userid: grace.id });
    await notifications(page).waitFor(`Signed out of ${grace.name}`);
    await expectNames('messages');
    await notifications(page).click('Signed out of', 'Undo');
  });

  it('are led by their names in what VS Code shows of them', async () => {
    const answer = getSessionAs(window, 'one', [], { createIfNone: true });
    await dialog(page).text();
    await expectNames('consent');
    await dialog(page).click('Allow');
    await picker.widget.getByText(ada.name).waitFor();
    await expectNames('choice of VS Code');
    await picker.pick(new RegExp(ada.name));
    assert.match((await answer)?.account.label ?? '', /^Ada Lovelace \(/);
    const menu = accountsMenu(page);
    await menu.open();
    await expectNames('Accounts menu');
    await menu.close();
  });

  for (const { id, name } of others) {
    it(`can be told to be in use: ${Array.from(name).slice(0, 12).join('') || '(no name)'}`, async () => {
      await executeCommand(window, 'airisk.switchAccount', { userid: id });
      const item = statusBarItem(page, 'session');
      await item
        .filter({
          hasText: Array.from(name || id)
            .slice(0, 5)
            .join(''),
        })
        .waitFor();
      await until(() => canBeRead(item, 'm'));
      await runCommand(page, 'AIRisk: Show Accounts');
      const row = picker.widget.locator('.monaco-list-row.focused', { hasText: id });
      await row.waitFor();
      await screenshot(page, `people-in-use-${others.findIndex((one) => one.id === id)}`);
      await until(() => canBeRead(row, 'in use'));
      await picker.cancel();
      const tooltip = page.locator('.monaco-hover:visible', { hasText: '(in use)' });
      await hoverStatusBar(page, 'session', tooltip);
      await screenshot(page, `people-tooltip-${others.findIndex((one) => one.id === id)}`);
      await page.mouse.move(10, 300);
    });
  }
});
