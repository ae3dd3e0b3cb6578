import assert from 'node:assert/strict';
import { mock } from 'node:test';
import * as vscode from 'vscode';
import { until } from '../../harness/until.ts';
import { atWork, first, named, next } from '../support/atWork.ts';
import { fakePicker } from '../support/fakePicker.ts';
import { withUndo } from '../support/undo.ts';

const changed = { name: 'AiriskError', code: 'settings_changed' };

/**
 * Opens the picker of accounts, and does something in it as a person would whose list is from before.
 * @returns what comes of the command behind it
 */
async function inAccountsPicker(
  { commands }: ReturnType<typeof atWork>,
  meanwhile: () => unknown,
  click: 'Sign Out' | 'Renew Token' | 'Copy Access Token' | 'Sign Out…' | 'the row',
): Promise<unknown> {
  let run: ((result: unknown) => void) | undefined;
  const command = new Promise<unknown>((resolve) => {
    run = resolve;
  });
  const { picker, shown, follow, pick, press, restore } = fakePicker(async (name, argument) =>
    run?.(commands[name.replace('airisk.', '')]?.(argument)),
  );
  try {
    const ended = commands['showAccounts']?.(undefined);
    await until(async () => {
      await follow();
      return shown().length > 0;
    });
    meanwhile();
    const [item] = picker.items;
    assert.ok(item);
    const button = item.buttons?.findIndex(({ tooltip }) => tooltip === click) ?? -1;
    if (button >= 0) {
      press(item.label, button);
      return await command;
    }
    pick(click === 'the row' ? item.label : click);
    return await ended;
  } finally {
    restore();
  }
}

describe('what was begun at a deployment whose name a different one has by then', () => {
  it('goes on nowhere else', async () => {
    for (const command of ['renew', 'switchDeployment']) {
      const { commands, done, onPick, configure } = atWork();
      configure(first, named('test', 'def456'));
      onPick((items) => {
        configure(next);
        return items[0];
      });
      await assert.rejects(async () => commands[command]?.({}), changed, command);
      assert.deepEqual(done, [], command);
    }
  });

  it('signs out whom the list showed, and Undo brings that one back', async () => {
    const { commands, done, onPick, configure, kept } = atWork();
    const before = kept();
    onPick((items) => {
      configure(next);
      return items[0];
    });
    const said = await withUndo(async () => void (await commands['signOut']?.({})));
    assert.deepEqual(done, ['signed out user_42 of abc123']);
    assert.deepEqual(said, ['Signed out of user_42.', 'Undid the sign-out of user_42.']);
    assert.deepEqual(kept().toSorted(), before.toSorted());
  });

  it('ends with a word in the accounts picker', async () => {
    for (const button of ['Sign Out', 'Renew Token', 'Copy Access Token', 'the row'] as const) {
      const world = atWork();
      const before = world.kept();
      const clicked = inAccountsPicker(world, () => world.configure(next), button);
      await assert.rejects(clicked, changed, button);
      assert.deepEqual([world.kept(), world.done], [before, []], button);
    }
  });

  it('is found by a button under the name that it has by then', async () => {
    const world = atWork();
    const swap = (): unknown => world.configure(next, { ...first, name: 'old' });
    await inAccountsPicker(world, swap, 'Renew Token');
    assert.deepEqual(world.done, ['renewed user_42 of abc123']);
  });
});

describe('the accounts picker of a deployment that is not in use any more', () => {
  it('signs out there, and nowhere else', async () => {
    const world = atWork();
    const swap = (): unknown => world.configure(named('second', 'xyz789'), first);
    await inAccountsPicker(world, swap, 'Sign Out…');
    assert.deepEqual(world.done, ['signed out user_42 of abc123']);
  });
});

describe('the accounts picker with an account that has been signed out elsewhere', () => {
  it('says so at its button, and Undo brings nobody back who was signed out there', async () => {
    const world = atWork();
    const said: unknown[] = [];
    const say = async (message: string): Promise<undefined> => void said.push(message);
    const shown = mock.method(vscode.window, 'showInformationMessage', say);
    await inAccountsPicker(world, () => world.forget(first, 'user_42'), 'Sign Out');
    shown.mock.restore();
    assert.deepEqual(said, ['user_42 is not signed in to AIRisk.']);
    assert.deepEqual(world.kept(), ['user_7 of abc123', 'user_42 of xyz789', 'user_7 of xyz789']);
  });
});

describe('the client secret that is changed', () => {
  const accepted = new vscode.EventEmitter<void>();
  const input = {
    value: '',
    onDidAccept: accepted.event,
    onDidChangeValue: () => undefined,
    onDidTriggerButton: () => undefined,
  };
  beforeEach(() => {
    mock.method(vscode.window, 'createInputBox', () => input);
    mock.method(vscode.window, 'showInformationMessage', async () => undefined);
  });
  afterEach(() => mock.restoreAll());

  it('is that of the deployment that the message was about', async () => {
    const world = atWork();
    world.configure(named('second', 'xyz789'), first);
    const change = world.commands['setClientSecret']?.({ deploymentKey: first.key });
    await until(async () => {
      input.value = 'AI-new';
      accepted.fire();
      return world.done.length > 0;
    });
    await change;
    assert.deepEqual(world.done, ['stored AI-new for abc123']);
  });

  it('is asked for nowhere else when the chosen deployment is not valid', async () => {
    const world = atWork();
    world.configure();
    const refused = { code: 'invalid_setting', subject: 'airisk.deployments' };
    await assert.rejects(async () => world.commands['setClientSecret']?.(undefined), refused);
  });
});
