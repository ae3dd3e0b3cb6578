import assert from 'node:assert/strict';
import { mock } from 'node:test';
import * as vscode from 'vscode';
import { AiriskError } from '../../../src/core/errors.ts';
import { chooseUser, type ChooseUserParts } from '../../../src/vscode/signIn/chooseUser.ts';
import { type Chosen, pickUser } from '../../../src/vscode/signIn/userPicker.ts';
import type { User } from '../../../src/core/oauth/users.ts';
import { until } from '../../harness/until.ts';
import { named } from '../support/atWork.ts';
import { fakePicker } from '../support/fakePicker.ts';

const test = named('test', 'def456');

/** Opens the picker of users of a deployment whose client secret is rejected. */
function openPicker(execute: (...all: unknown[]) => Promise<unknown>) {
  const { shown, follow, pick } = fakePicker(execute);
  const log = vscode.window.createOutputChannel('AIRisk test of the user picker', { log: true });
  const parts = {
    sessions: {
      listStored: async () => [],
      find: async () => Promise.reject(new AiriskError('invalid_client')),
    },
    recentUsers: { list: async () => [] },
    questions: { ask },
    now: Date.now,
    log,
  };
  const logged = mock.method(log, 'error');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what asking takes until the list fails is there
  const asked = chooseUser(parts as unknown as ChooseUserParts, test);
  const left = assert.rejects(asked, vscode.CancellationError);
  return {
    logged,
    click: async (label: string): Promise<void> => {
      await until(async () => {
        await follow();
        return shown().some((one) => one.label === label);
      });
      pick(label);
      await left;
    },
  };
}

/** Asks as `Questions` does, without a workbench. */
async function ask(_input: unknown, listen: (answer: (value: unknown) => void) => void): Promise<unknown> {
  return new Promise((resolve) => {
    listen(resolve);
  });
}

describe('what helps when the users of a deployment cannot be listed', () => {
  afterEach(() => mock.restoreAll());

  it('is done at that deployment, whichever the window uses', async () => {
    const ran: unknown[] = [];
    await openPicker(async (...all) => ran.push(all)).click('Change Client Secret');
    assert.deepEqual(ran, [['airisk.setClientSecret', { userid: undefined, deploymentKey: test.key }]]);
  });

  it('is said and logged when it fails itself', async () => {
    const said: string[] = [];
    mock.method(vscode.window, 'showErrorMessage', async (message: string) => void said.push(message));
    const { logged, click } = openPicker(() => Promise.reject(new AiriskError('settings_changed')));
    await click('Change Client Secret');
    await until(async () => said.length > 0);
    assert.match(said.join('\n'), /^The AIRisk settings have changed/);
    // The list that failed, and this.
    assert.equal(logged.mock.callCount(), 2);
  });
});

/** The picker of users in front of a person; `load` lists them. */
function openUsers(users: readonly User[], recent: readonly Chosen[] = []) {
  const workbench = fakePicker(async () => undefined);
  const lists: ((error?: Error) => void)[] = [];
  const load = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      lists.push((error) => (error ? reject(error) : resolve({ users, leftOut: 0 })));
    });
  const choices = { load, recent, sessions: [], now: 0 };
  const answers: unknown[] = [];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the picker takes is there
  void pickUser(...([{ ask }, choices] as unknown as Parameters<typeof pickUser>)).then((answer) =>
    answers.push(answer),
  );
  return {
    ...workbench,
    load: async (error?: Error) => {
      for (const list of lists.splice(0)) list(error);
      await until(async () => !workbench.picker.busy);
    },
    marked: () => workbench.picker.activeItems.map(({ label }) => label),
    answers: async () => {
      await new Promise(setImmediate);
      return answers;
    },
  };
}

const [ada, bob, zoe] = [
  { userid: 'user_42', name: 'Ada Lovelace' },
  { userid: 'user_7', name: 'Bob' },
  { userid: 'user_88', name: 'Zoë Müller-Çelik' },
];

describe('the row of the user whom a typed text means', () => {
  afterEach(() => mock.restoreAll());

  for (const [what, text] of [
    ['the ID with what nobody sees', '\u200Buser_88'],
    ['the name, decomposed', zoe.name.normalize('NFD')],
  ] as const) {
    it(`is shown, marked and taken for ${what}`, async () => {
      const { picker, load, follow, type, enter, answers } = openUsers([ada, zoe]);
      await load();
      await follow();
      type(text);
      const [row] = picker.activeItems;
      assert.deepEqual([row?.label, row?.alwaysShow], [zoe.name, true]);
      enter();
      assert.deepEqual(await answers(), [zoe]);
    });
  }

  it('is marked when the list comes after the text', async () => {
    const { load, follow, type, marked, pick, answers } = openUsers([ada, bob]);
    await follow();
    type(ada.name);
    await follow();
    assert.deepEqual(marked(), [`Sign in as "${ada.name}"`]);
    await load();
    assert.deepEqual(marked(), [ada.name]);
    await follow();
    pick(ada.name);
    assert.deepEqual(await answers(), [ada]);
  });
});

describe('a user picked while the rows change', () => {
  afterEach(() => mock.restoreAll());

  const recent = [{ userid: ada.userid }, { userid: bob.userid }];

  it('is nobody else when the list has just come, and can be picked then', async () => {
    const { load, follow, type, pick, answers } = openUsers([bob, zoe, ada], recent);
    await follow();
    type('user');
    await follow();
    await load();
    pick('user_7');
    pick('user_42');
    assert.deepEqual(await answers(), []);
    await follow();
    pick('Bob');
    assert.deepEqual(await answers(), [bob]);
  });

  it('is nobody whose name is the ID that was typed before the list came', async () => {
    const { load, follow, type, pick, answers } = openUsers([{ userid: 'user_9', name: 'alice' }]);
    await follow();
    type('alice');
    await follow();
    await load();
    pick('Sign in as "alice"');
    assert.deepEqual(await answers(), []);
    await follow();
    pick('Sign in as "alice"');
    assert.deepEqual(await answers(), [{ userid: 'alice', name: undefined }]);
  });

  it('is whom the text means, by the second Enter where the first was for one who is like it', async () => {
    const { load, follow, type, pick, answers } = openUsers([zoe, ada, bob]);
    await load();
    await follow();
    type('user_7');
    pick('Bob');
    assert.deepEqual(await answers(), []);
    await follow();
    pick('Bob');
    assert.deepEqual(await answers(), [bob]);
  });

  it('is nobody when the list has just come in the place of what helps without it', async () => {
    const { load, follow, pick, answers } = openUsers([zoe, ada, bob]);
    await load(new AiriskError('server_error'));
    await follow();
    pick('Load users again');
    await load();
    pick('Load users again');
    assert.deepEqual(await answers(), []);
    await follow();
    pick('Bob');
    assert.deepEqual(await answers(), [bob]);
  });

  it('is nobody else when a different text has just been typed', async () => {
    const { load, follow, type, pick, answers } = openUsers([zoe, ada, bob]);
    await load();
    await follow();
    type('b');
    pick('Bob');
    pick('Ada Lovelace');
    assert.deepEqual(await answers(), []);
    await follow();
    pick('Bob');
    assert.deepEqual(await answers(), [bob]);
  });

  it('is whom the text means, when it is the first row that is picked', async () => {
    const { load, follow, type, pick, answers } = openUsers([zoe, ada, bob]);
    await load();
    type('user_');
    await follow();
    type('user_4');
    type('user_42');
    pick('Sign in as "user_"');
    assert.deepEqual(await answers(), [ada]);
  });

  it('is whom the text means when no row is marked, and nobody without a text', async () => {
    const { load, follow, type, enter, answers } = openUsers([zoe, ada, bob]);
    await load();
    await follow();
    enter();
    assert.deepEqual(await answers(), []);
    type('nobody');
    enter();
    assert.deepEqual(await answers(), [{ userid: 'nobody', name: undefined }]);
  });

  it('is that user while the rows stay where they are', async () => {
    const { load, follow, pick, answers } = openUsers([zoe, ada, bob], recent);
    await follow();
    await load();
    pick('user_7');
    assert.deepEqual(await answers(), [bob]);
  });
});
