import assert from 'node:assert/strict';
import { type Emulator, startEmulator } from '../emulator/emulator.ts';
import { resetStage, type Stage, stageOf } from '../harness/stage.ts';
import { succeeds, until } from '../harness/until.ts';
import { evaluateInHost, openWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { notifications } from '../harness/workbench/notifications.ts';
import { type QuickInput, quickInput } from '../harness/workbench/quickInput.ts';
import { clearNotifications, clientSecret, executeCommand } from './support/host.ts';
import { statusBarItem } from '../harness/workbench/statusBar.ts';
import { openUris } from './support/tabs.ts';
import { screenshotThemes } from './support/themes.ts';

const secret = 'AI-0b1c2d3e4f';
const redirectUri = 'https://localhost/callback';

describe('a set-up link in a workbench', function () {
  // Each step stands on the one before.
  this.bail(true);

  let stage: Stage;
  /** The deployment that the links name. */
  let linked: Emulator;
  let window: WorkbenchWindow;
  let input: QuickInput;

  before(async function () {
    stage = stageOf(this);
    await resetStage(stage);
    const { clients, redirectMatch } = await stage.emulator.client.options();
    linked = await startEmulator({ host: '127.0.0.2', clients, redirectMatch });
    window = await openWindow(stage);
    input = quickInput(window.page);
  });
  after(async () => {
    await window.context.close();
    await resetStage(stage);
    await linked.close();
  });

  const open = (...queries: readonly string[]): Promise<void> => openUris(window, '/set-up', queries);
  const query = (more: Readonly<Record<string, string>> = {}): string =>
    new URLSearchParams({ baseUrl: linked.origin, clientId: 'abc123', ...more }).toString();
  const deployments = (): Promise<unknown> =>
    evaluateInHost(
      window,
      (api) => api.workspace.getConfiguration('airisk').inspect<unknown>('deployments')?.globalValue ?? {},
    );
  it('is refused with a secret, doubled parameters, or an address that is not safe, in one message', async () => {
    await open(
      query({ name: 'test', clientSecret: secret }),
      query({ name: 'test', clientId: secret }),
      `${query({ name: 'test' })}&baseUrl=https%3A%2F%2Fevil.example`,
      query({ name: 'test', baseUrl: 'http://evil.example' }),
      query({ name: 'test', redirectUri: 'javascript:alert(1)' }),
    );
    await notifications(window.page).waitFor(
      'The set-up link contains a secret, so it was not used. A client secret is entered by hand.',
    );
    await until(async () => (await stage.server.logs()).includes('Ignored a set-up link'));
    assert.equal((await notifications(window.page).texts()).length, 1);
    await screenshotThemes(window, 'set-up-link-refused');
    assert.equal(await input.widget.count(), 0);
    assert.deepEqual(await deployments(), {});
    assert.ok(!(await stage.server.logs()).includes(secret));
    await clearNotifications(window);
  });

  it('shows the host and where the client secret will be sent, and goes on with that secret', async () => {
    await open(query({ name: 'test', redirectUri }));
    await input.widget.getByText(`A link asks to set up AIRisk at ${linked.origin}`).waitFor();
    const [refusal, setUp, ...others] = await input.rows();
    assert.deepEqual(
      [refusal?.label, setUp?.label, others],
      ['Do Not Set Up', `Set Up ${linked.origin}`, []],
    );
    assert.equal(refusal?.detail, 'Continue only if you expected this link and know the address.');
    assert.equal(setUp?.description, `test · abc123 · ${redirectUri}`);
    assert.equal(setUp.detail, `The client secret that you enter next will be sent to ${linked.origin}.`);
    await screenshotThemes(window, 'set-up-link');
    assert.deepEqual(await deployments(), {});
    assert.deepEqual(await linked.client.requests(), []);
    await input.type('y');
    await until(async () => (await input.value()) === '');
    // So soon after a key a click does not count, except on a slow computer, and the row can be clicked again.
    await until(async () => {
      await succeeds(input.pick(`Set Up ${linked.origin}`, 2_000));
      return (await input.title()).startsWith('Set up AIRisk');
    });
    await input.waitForStep(3, 5);
    await input.waitForMessage(`sent only to ${linked.origin}`);
    assert.match(await input.title(), /^Set up AIRisk · test/);
    await screenshotThemes(window, 'set-up-link-client-secret');
    await input.type(clientSecret);
    await input.accept();
    await input.pick('Paste it yourself');
    await input.waitForMessage('Send this to your administrator.');
    assert.equal(await input.value(), redirectUri);
    await input.accept();
    await input.waitForPlaceholder('AIRisk is set up');
    const test = { baseUrl: linked.origin, clientId: 'abc123', redirectUri };
    assert.deepEqual(await deployments(), { test });
  });

  it('ends with a step that marks the deployment as production, and takes the mark away', async () => {
    const [, , mark] = await input.rows();
    assert.equal(mark?.label, 'Mark as production');
    assert.equal(
      mark.detail,
      'The mark is a word and an icon in the status bar, and terminals ask each time.',
    );
    await input.pick('Mark as production');
    await input.widget.getByText('Remove the production mark').waitFor();
    await screenshotThemes(window, 'set-up-production');
    assert.deepEqual(await input.labels(), ['Sign in now', 'Close', 'Remove the production mark']);
    await input.pick('Remove the production mark');
    await input.pick('Mark as production');
    await input.widget.getByText('Remove the production mark').waitFor();
    await input.pick('Close');
    await input.waitUntilClosed();
    const test = { baseUrl: linked.origin, clientId: 'abc123', redirectUri, production: true };
    assert.deepEqual(await deployments(), { test });
    await executeCommand(window, 'airisk.switchDeployment', { deployment: 'test' });
    await statusBarItem(window.page, 'session').filter({ hasText: 'test (production)' }).waitFor();
    await clearNotifications(window);
  });

  it('opened a hundred times, with a name that is taken, is one question for a new deployment or a replacement', async () => {
    const before = await deployments();
    await open(...Array<string>(100).fill(query({ name: 'TEST', baseUrl: 'https://evil.example' })));
    await input.widget.getByText('A link asks to set up AIRisk at evil.example').waitFor();
    const replace = `Replace test (production), which is ${linked.origin} now`;
    const changes = [`Redirect URI: ${redirectUri}`, 'production: true'];
    assert.deepEqual(await input.labels(), ['Do Not Set Up', 'Set Up evil.example', replace, ...changes]);
    const details = (await input.rows()).slice(3).map(({ detail }) => detail);
    assert.match(details.join('\n'), /^Replaced by: \S+\/callback\nReplaced by: false$/);
    await screenshotThemes(window, 'set-up-link-replace');
    await input.pickRead('Set Up evil.example');
    await input.waitForMessage('Name for the new deployment');
    await input.cancel();
    await input.waitUntilClosed();
    await until(async () =>
      (await stage.server.logs()).includes('Ignored 99 set-up links that came meanwhile'),
    );
    assert.equal(await input.widget.count(), 0);
    assert.deepEqual(await deployments(), before);
  });
});
