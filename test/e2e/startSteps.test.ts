import assert from 'node:assert/strict';
import { stageOf } from '../harness/stage.ts';
import { startSteps } from '../harness/startSteps.ts';
import { until } from '../harness/until.ts';
import { openWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { runCommand } from '../harness/workbench/palette.ts';
import { quickInput } from '../harness/workbench/quickInput.ts';
import { accountsOf } from './support/tabs.ts';

describe('the steps that npm start prints', () => {
  let window: WorkbenchWindow;

  before(async function () {
    await stageOf(this).emulator.client.reset();
    window = await openWindow(stageOf(this));
  });
  after(() => window.context.close());

  it('lead to two sessions', async () => {
    const steps = startSteps('').slice(1, -1);
    /** The parts of the next step that a person acts on. */
    const next = (pattern: RegExp): string[] => {
      const step = steps.shift() ?? '';
      const match = pattern.exec(step);
      assert.ok(match, step);
      return match.slice(1);
    };
    const input = quickInput(window.page);

    const [signIn = ''] = next(/run "(.+?)"/);
    await runCommand(window.page, signIn);

    const [secret = ''] = next(/^When the client secret is asked for, enter (\S+) and press Enter\.$/);
    await input.waitForMessage('Client secret.');
    await input.type(secret);
    await input.accept();

    const [way = ''] = next(/^When it is asked how you return from the browser, select "(.+)"\.$/);
    await input.waitForPlaceholder('Select how you return from the browser');
    await input.pick(way);

    const [identity = ''] = next(/^Select "(.+)"\.$/);
    await input.waitForPlaceholder('Select who to sign in as');
    await input.pick(identity);

    next(/comes back by itself/);
    await until(async () => (await accountsOf(window)).length === 1);

    const [signInAsUser = '', user = ''] = next(/^Run "(.+?)" and select "(.+?)"/);
    await runCommand(window.page, signInAsUser);
    await input.pick(new RegExp(`^\\s*${user}\\s*$`));
    await until(async () => (await accountsOf(window)).length === 2);
    assert.deepEqual(steps, []);
  });
});
