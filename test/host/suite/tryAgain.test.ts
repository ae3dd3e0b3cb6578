import assert from 'node:assert/strict';
import { mock } from 'node:test';
import * as vscode from 'vscode';
import { AiriskError } from '../../../src/core/errors.ts';
import { registerCommands } from '../../../src/vscode/commands/commands.ts';
import type { Button } from '../../../src/vscode/nextSteps.ts';
import { atWork, first, named } from '../support/atWork.ts';

const second = named('second', 'xyz789');

type Run = (argument?: unknown) => Promise<unknown>;

/** The commands as VS Code runs them, at two deployments of which the first is in use, and what is said of failures. */
function registered() {
  const world = atWork();
  world.configure(first, second);
  const said: { message: string; buttons: readonly Button[] }[] = [];
  const commands = new Map<string, Run>();
  mock.method(vscode.commands, 'registerCommand', (name: string, run: Run) => {
    commands.set(name.replace('airisk.', ''), run);
    return new vscode.Disposable(() => undefined);
  });
  mock.method(vscode.window, 'showErrorMessage', async (message: string, ...buttons: Button[]) => {
    said.push({ message, buttons });
  });
  mock.method(vscode.window, 'showInformationMessage', async () => undefined);
  mock.method(vscode.window, 'showWarningMessage', async () => 'Copy');
  registerCommands(world.commands, { retry: () => undefined }, world.log);
  return {
    ...world,
    run: (name: string, argument?: unknown) => commands.get(name)?.(argument),
    said,
    /** Clicks a button of the last message. */
    click: (title: string) =>
      said
        .at(-1)
        ?.buttons.find((button) => button.title === title)
        ?.run(),
    /** Lets the window use the second deployment, with the first one under a different name. */
    switchOver: () => world.configure(second, { ...first, name: 'old' }),
  };
}

const did: Record<string, string[]> = {
  signIn: ['signed in  of abc123', 'chose  of abc123'],
  renew: ['renewed user_42 of abc123'],
  signOut: ['signed out user_42 of abc123'],
  removeClientSecret: ['deleted the client secret of abc123'],
  copyAccessToken: ['copied token at abc123'],
};

describe('Try Again, when the window uses a different deployment by then', () => {
  afterEach(() => mock.restoreAll());

  for (const [command, expected] of Object.entries(did)) {
    it(`acts where the command began: ${command}`, async () => {
      const { done, run, said, click, fail, onPick, switchOver } = registered();
      // The application, where somebody has to say who.
      onPick((items) => (command === 'signIn' ? items.at(-1) : items[0]));
      fail(new AiriskError('request_timeout', { subject: 'demo.aicrisk.com' }));
      await run(command);
      assert.deepEqual([said.length, done], [1, []]);
      switchOver();
      await click('Try Again');
      assert.deepEqual([said.length, done], [1, expected]);
    });

    it(`ends with a word when that is gone: ${command}`, async () => {
      const { done, run, said, click, fail, onPick, configure } = registered();
      onPick((items) => (command === 'signIn' ? items.at(-1) : items[0]));
      fail(new AiriskError('request_timeout', { subject: 'demo.aicrisk.com' }));
      await run(command);
      configure(second);
      await click('Try Again');
      assert.deepEqual(done, []);
      assert.match(said.at(-1)?.message ?? '', /^The AIRisk settings have changed in the meantime\. /);
    });
  }

  it('acts on whom the argument named, by the name that the deployment had', async () => {
    const { done, run, click, fail, configure } = registered();
    fail(new AiriskError('request_timeout', { subject: 'demo.aicrisk.com' }));
    await run('renew', { userid: 'user_7', deployment: 'second' });
    configure({ ...first, name: 'second' }, { ...second, name: 'other' });
    await click('Try Again');
    assert.deepEqual(done, ['renewed user_7 of xyz789']);
  });

  it('stands beside what helps there', async () => {
    const { run, said, fail, switchOver } = registered();
    const executed: unknown[] = [];
    mock.method(vscode.commands, 'executeCommand', async (...all: unknown[]) => void executed.push(all));
    fail(new AiriskError('invalid_client'));
    await run('signIn', { userid: 'user_42' });
    switchOver();
    await said.at(-1)?.buttons[0]?.run();
    const argument = { userid: undefined, deploymentKey: first.key };
    assert.deepEqual(executed, [['airisk.setClientSecret', argument]]);
  });
});
