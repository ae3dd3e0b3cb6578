import assert from 'node:assert/strict';
import { resetStage, type Stage, stageOf } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { evaluateInHost, openWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { notifications } from '../harness/workbench/notifications.ts';
import { type QuickInput, quickInput } from '../harness/workbench/quickInput.ts';
import {
  changeSettings,
  clearNotifications,
  clientSecret,
  executeCommand,
  signInForTests,
} from './support/host.ts';
import { breakKeyring } from './support/keyring.ts';
import { screenshotThemes } from './support/themes.ts';
import { openSetUp } from './support/setUp.ts';

describe('set-up', function () {
  let stage: Stage;
  let window: WorkbenchWindow;
  let input: QuickInput;

  before(async function () {
    stage = stageOf(this);
    window = await openWindow(stage);
    await window.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    input = quickInput(window.page);
  });
  beforeEach(async () => {
    await resetStage(stage);
    await changeSettings(window, {
      baseUrl: stage.emulator.origin,
      clientId: 'abc123',
      redirectUri: undefined,
    });
    await signInForTests(window);
    await clearNotifications(window);
    await openSetUp(window);
    await step(1);
  });
  afterEach(async () => {
    await breakKeyring(window);
    if (await input.widget.isVisible()) await input.cancel();
  });
  after(() => window.context.close());

  const step = (number: number): Promise<void> => input.waitForStep(number, 5);
  const placeholder = (text: string): Promise<void> => input.waitForPlaceholder(text);
  const rowDetail = async (): Promise<string> => (await input.rows())[0]?.detail ?? '';
  const clickButton = (name: string): Promise<void> =>
    input.widget.getByRole('button', { name }).first().click();
  /** Takes the steps as they are, up to one of them. */
  const goTo = async (last: number): Promise<void> => {
    for (let number = 1; number < last; number += 1) {
      await step(number);
      await (number === 4 ? input.pick('Receive it in this editor') : input.accept());
    }
    await step(last);
  };
  const goBackTo = async (number: number): Promise<void> => {
    await clickButton('Back');
    await step(number);
  };
  const next = async (number: number): Promise<void> => {
    await input.accept();
    await step(number);
  };

  describe('tests what was entered', () => {
    /** Waits until the client has been looked at, so that the next request is the test's. */
    const afterLooks = (): Promise<void> =>
      until(async () =>
        (await stage.emulator.client.requests()).some(({ path, status }) => path === '/api/oauth2' && status),
      );
    const refuseOnce = async (): Promise<void> => {
      await afterLooks();
      await stage.emulator.client.inject({
        endpoint: 'authorize',
        kind: 'errorRedirect',
        error: 'unauthorized_client',
      });
    };

    it('finds a wrong secret though the clock is wrong too', async () => {
      await stage.emulator.client.setOptions({ clockSkewSeconds: 600 });
      await signInForTests(window, undefined, 'not the secret');
      await goTo(4);
      await input.pick('Receive it in this editor');
      await step(3);
      await input.waitForMessage('AIRisk rejected the client secret.');
    });

    it('says what concerns no step, and tests again', async () => {
      await goTo(4);
      await refuseOnce();
      await input.pick('Receive it in this editor');
      await step(5);
      await placeholder('AIRisk rejected the sign-in request: ');
      assert.deepEqual(await input.labels(), ['Test again', 'Diagnose…']);
      assert.match(await rowDetail(), /^Send the report of .* to your AIRisk administrator\.$/);
      const clipped = await input.widget
        .locator('.quick-input-list-label-meta')
        .first()
        .evaluate((element) => element.scrollWidth > element.clientWidth);
      assert.ok(!clipped, 'the advice is cut off');
      await screenshotThemes(window, 'set-up-5-refused');
      await input.pick('Test again');
      await placeholder('passed all tests');
    });

    it('leads on to Diagnose', async () => {
      await goTo(4);
      await refuseOnce();
      await input.pick('Receive it in this editor');
      await step(5);
      await input.pick('Diagnose…');
      await notifications(window.page).waitFor('AIRisk: all checks passed.');
      await input.waitUntilClosed();
      // A preview takes the keyboard when it has loaded, whatever is open by then.
      await executeCommand(window, 'workbench.action.closeAllEditors');
    });

    it('leaves the rest to the sign-in where AIRisk shows a page first', async () => {
      await goTo(4);
      await afterLooks();
      await stage.emulator.client.inject({ endpoint: 'authorize', kind: 'noRedirect' });
      await input.pick('Receive it in this editor');
      await step(5);
      await placeholder('Sign in to check the rest');
      assert.deepEqual(await input.labels(), ['Sign in now', 'Close', 'Mark as production']);
      // That of the mark alone.
      assert.equal(await input.widget.locator('.quick-input-list-label-meta:visible').count(), 1);
    });

    it('goes back, and on again', async () => {
      await goTo(5);
      await placeholder('passed all tests');
      await goBackTo(4);
      await input.pick('Receive it in this editor');
      await step(5);
      await placeholder('passed all tests');
    });
  });

  it('copies the address that is understood, and none that is not valid', async () => {
    await goTo(4);
    await input.pick('Receive it on a local port');
    await input.waitForMessage('It must be registered exactly as shown');
    await evaluateInHost(window, (api) => api.env.clipboard.writeText('nothing'));
    await input.type('no address');
    await input.waitForMessage('Enter a port');
    await clickButton('Copy the redirect URI');
    await input.type('99');
    await clickButton('Copy the redirect URI');
    await notifications(window.page).waitFor('Copied: http://127.0.0.1:99/callback');
    assert.deepEqual(
      (await notifications(window.page).texts()).filter((text) => text.startsWith('Copied')),
      ['Copied: http://127.0.0.1:99/callback'],
    );
    assert.equal(
      await evaluateInHost(window, (api) => api.env.clipboard.readText()),
      'http://127.0.0.1:99/callback',
    );
  });

  it('keeps what was typed when one goes back, and saves none of it', async () => {
    await goTo(4);
    await input.pick('Receive it on a local port');
    await input.waitForMessage('It must be registered exactly as shown');
    await input.type('99');
    await clickButton('Back');
    await input.pick('Receive it on a local port');
    await input.waitForMessage('It must be registered exactly as shown');
    assert.equal(await input.value(), '99');
    await clickButton('Back');
    await placeholder('Select how you return from the browser');
    await goBackTo(3);
    await input.type('MARKED half a secr');
    await goBackTo(2);
    await input.type('half-an-id');
    await goBackTo(1);
    await next(2);
    assert.equal(await input.value(), 'half-an-id');
    const configured = (): Promise<unknown> =>
      evaluateInHost(window, (api) => {
        const settings = api.workspace.getConfiguration('airisk');
        return [settings.get<string>('clientId'), settings.get<string>('redirectUri')];
      });
    assert.deepEqual(await configured(), ['abc123', '']);
    await input.type('abc123');
    await next(3);
    assert.equal(await input.value(), 'MARKED half a secr');
    // What belongs to one origin is not offered to another.
    await goBackTo(2);
    await goBackTo(1);
    await input.type('http://127.0.0.3:40399');
    await next(2);
    await next(3);
    await input.waitForMessage('sent only to http://127.0.0.3:40399');
    assert.equal(await input.value(), '');
  });

  it('keeps a secret that cannot be stored, until it can be', async () => {
    await goTo(3);
    await breakKeyring(window, { store: 'fails' });
    await input.type(clientSecret);
    await input.accept();
    await input.waitForMessage(
      "VS Code's secret storage is not working. Unlock or install a keyring, then restart VS Code.",
    );
    assert.equal(await input.value(), clientSecret);
    await screenshotThemes(window, 'set-up-3-not-stored');
    await breakKeyring(window);
    await next(4);
  });

  it('ends with a word where the secret storage fails on the way, and does not begin anew', async () => {
    await stage.emulator.client.setOptions({ clients: [] });
    await goTo(4);
    await input.pick('Receive it in this editor');
    await step(2);
    await input.waitForMessage('AIRisk does not recognize this client ID');
    await breakKeyring(window, { get: 'fails' });
    await input.accept();
    await notifications(window.page).waitFor("VS Code's secret storage is not working");
    await input.waitUntilClosed();
  });
});
