import assert from 'node:assert/strict';
import { type Stage, stageOf } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { evaluateInHost, openWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { allow, recordEvents, recordedEvents } from './support/consumers.ts';
import { signInForTests } from './support/host.ts';

describe('the MCP server of the guide', function () {
  // Each step stands on the one before.
  this.bail(true);

  let stage: Stage;
  let window: WorkbenchWindow;

  /** Calls the tool as an agent does: through VS Code and its MCP client. */
  const call = (): Promise<string> =>
    evaluateInHost(window, async (api) => {
      const tool = api.lm.tools.find(({ name }) => name.includes('list_conversations'));
      const result = await api.lm.invokeTool(tool?.name ?? '', { input: {}, toolInvocationToken: undefined });
      return JSON.stringify(result.content);
    });

  before(async function () {
    stage = stageOf(this);
    await stage.emulator.client.reset();
    window = await openWindow(stage);
    await signInForTests(window, 'user_42');
  });
  after(() => window.context.close());

  it('asks for access when it is started', async () => {
    const started = evaluateInHost(window, async (api) => {
      await api.extensions.getExtension('airisk-test.conversations')?.activate();
      // The window learns of the server some time after its registration.
      while (!api.lm.tools.some(({ name }) => name.includes('list_conversations')))
        await api.commands.executeCommand('workbench.mcp.startServer', '*', { waitForLiveTools: true });
    });
    await allow(window, `user_42 (abc123 @ ${stage.emulator.origin})`);
    await started;
    assert.match(await call(), /Quarterly risk review/);
  });

  it('goes on through two renewals, and so does a call that is under way', async () => {
    const { client } = stage.emulator;
    await client.setOptions({ tokenLifetimeSeconds: 8 });
    await signInForTests(window, 'user_42');
    await recordEvents(window);
    await client.clearRequests();
    await client.inject({ endpoint: 'conversations', kind: 'slowBody', delayMs: 600_000 });
    let underWay = true;
    const slow = call().finally(() => {
      underWay = false;
    });
    await until(async () => (await client.requests()).length > 0);
    const renewals = async (): Promise<number> =>
      (await recordedEvents(window)).filter(({ reason }) => reason === 'renewal').length;
    while ((await renewals()) < 2) assert.match(await call(), /Quarterly risk review/);
    assert.equal(underWay, true);
    await client.setDelay(0);
    assert.match(await slow, /Quarterly risk review/);
    const calls = (await client.requests()).filter(({ path }) => path === '/api/GetConversations');
    assert.deepEqual(
      calls.filter(({ status }) => status !== 200),
      [],
    );
  });
});
