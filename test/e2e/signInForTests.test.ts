import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { type Stage, stageOf } from '../harness/stage.ts';
import { evaluateInHost, openWindow, type WorkbenchWindow } from '../harness/workbench.ts';
import { quickInput } from '../harness/workbench/quickInput.ts';
import { accountsAs } from './support/consumers.ts';
import { changeSettings, executeCommand, signInForTests } from './support/host.ts';

describe('airisk.signInForTests', () => {
  let stage: Stage;
  let window: WorkbenchWindow;
  let server: Server;
  let port: number;
  let connections = 0;

  before(async function () {
    stage = stageOf(this);
    await stage.emulator.client.reset();
    server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    port = typeof address === 'object' && address ? address.port : 0;
    window = await openWindow(stage);
  });
  after(async () => {
    await changeSettings(window, { baseUrl: stage.emulator.origin });
    await window.context.close();
    server.close();
  });

  it('signs in against this computer without a person', async () => {
    await signInForTests(window, 'user_42');
    assert.deepEqual(
      (await accountsAs(window, 'one')).map(({ label }) => label),
      [`user_42 (abc123 @ ${stage.emulator.origin})`],
    );
  });

  it('is refused for any other deployment, and nothing is sent or kept', async () => {
    // Every one of them reaches this computer, and none of them says so by a loopback address.
    for (const host of ['0.0.0.0', '[::ffff:127.0.0.1]', 'ip6-localhost']) {
      await changeSettings(window, { baseUrl: `https://${host}:${port}` });
      await assert.rejects(
        signInForTests(window, 'user_42'),
        /works only where the address of the deployment is a loopback/,
      );
      await assert.rejects(
        signInForTests(window),
        /works only where the address of the deployment is a loopback/,
      );
      assert.deepEqual(await accountsAs(window, 'one'), []);
    }
    await changeSettings(window, { baseUrl: `https://0.0.0.0:${port}` });
    const asked = executeCommand(window, 'airisk.signIn', { userid: 'user_42' });
    // With a secret at hand the sign-in would go on to the deployment.
    await quickInput(window.page).widget.getByText('Set up AIRisk').waitFor();
    await quickInput(window.page).cancel();
    await asked;
    assert.equal(connections, 0);
    await evaluateInHost(
      window,
      (_api, url) =>
        fetch(url).then(
          () => undefined,
          () => undefined,
        ),
      `https://0.0.0.0:${port}`,
    );
    assert.ok(connections > 0, 'a request would have gone unseen');
  });
});
