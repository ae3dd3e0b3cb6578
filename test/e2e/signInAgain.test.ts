import assert from 'node:assert/strict';
import { resetStage, type Stage, stageOf } from '../harness/stage.ts';
import { openWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { notifications } from '../harness/workbench/notifications.ts';
import { signInForTests } from './support/host.ts';
import { allowInTab, signInTab, signedInAs } from './support/tabs.ts';

describe('a sign-in that is asked for again', () => {
  let stage: Stage;
  let window: WorkbenchWindow;

  before(async function () {
    stage = stageOf(this);
    await resetStage(stage);
    window = await openWindow(stage, { ownPopups: true });
    await signInForTests(window);
    await stage.emulator.client.setOptions({ mode: 'login' });
    await stage.emulator.client.clearRequests();
  });
  after(() => window.context.close());

  it('opens the browser again, and is one sign-in for all that', async () => {
    const closed = await signInTab(window, 'user_42');
    const address = closed.url();
    await closed.close();
    await window.page.bringToFront();
    const again = await signInTab(window, 'user_42');
    assert.equal(again.url(), address, 'the same request, with the same state');
    await allowInTab(again);
    await window.page.bringToFront();
    await notifications(window.page).waitFor(signedInAs('user_42'));
    const requests = await stage.emulator.client.requests();
    assert.equal(requests.filter(({ path }) => path === '/api/oauth2/Token').length, 1);
  });
});
