import assert from 'node:assert/strict';
import { mock } from 'node:test';
import * as vscode from 'vscode';
import { createSession } from '../../../src/core/sessions/session.ts';
import { showAccounts } from '../../../src/vscode/commands/accountPicker.ts';
import { secondClient } from '../../emulator/seed.ts';
import { until } from '../../harness/until.ts';
import { atWork, first, named, next } from '../support/atWork.ts';
import { fakePicker } from '../support/fakePicker.ts';

const empty = named('empty', 'nobody');

/** Switches to the entry whose label begins with a text, and clicks what a message offers; says what came of it. */
async function switchTo(label: string): Promise<{ offered: string[]; done: string[] }> {
  const { commands, configure, onPick, done } = atWork();
  configure({ ...next, name: 'test', production: true }, first, empty);
  const offered: string[] = [];
  onPick((items) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as its only caller does
    const rows = items as readonly vscode.QuickPickItem[];
    offered.push(...rows.map((row) => [row.label, row.description].filter(Boolean).join(': ')));
    return rows.find((row) => row.label.startsWith(label));
  });
  let clicks = 0;
  const said = mock.method(
    vscode.window,
    'showInformationMessage',
    async (message: string, ...buttons: vscode.MessageItem[]) => {
      done.push([message, ...buttons.map(({ title }) => title)].join(' | '));
      clicks += buttons.length;
      return buttons[0];
    },
  );
  const run: string[] = [];
  const executed = mock.method(vscode.commands, 'executeCommand', async (name: string, argument?: unknown) =>
    run.push(argument === undefined ? name : `${name} ${JSON.stringify(argument)}`),
  );
  try {
    await commands['switchDeployment']?.(undefined);
    await until(async () => run.length >= clicks);
  } finally {
    said.mock.restore();
    executed.mock.restore();
  }
  return { offered, done: [...done, ...run] };
}

describe('switching the deployment of a window', () => {
  it('offers all, the one in use first, and says where somebody is signed in', async () => {
    assert.deepEqual((await switchTo('nothing of them')).offered, [
      'test (production): In use in this window · Signed in: 2 · demo.aicrisk.com',
      'default: Signed in: 2 · demo.aicrisk.com',
      'empty: Not signed in · demo.aicrisk.com',
      'Set Up…',
    ]);
  });

  it('asks nothing, and offers a sign-in to it only where nobody is signed in', async () => {
    assert.deepEqual((await switchTo('default')).done, [
      'switched to default',
      'This window now uses default.',
    ]);
    assert.deepEqual((await switchTo('empty')).done, [
      'switched to empty',
      'This window now uses empty. | Sign In',
      `airisk.signIn ${JSON.stringify({ deploymentKey: empty.key })}`,
    ]);
  });

  it('leads to the set-up of another one, and changes nothing', async () => {
    assert.deepEqual((await switchTo('Set Up')).done, ['airisk.setUp']);
    assert.deepEqual((await switchTo('nothing of them')).done, []);
  });
});

describe('sharing a deployment', () => {
  it('says which part of it cannot be in the link', async () => {
    for (const [redirectUri, expected] of [
      ['http://127.0.0.1:38431/callback', []],
      [
        'http://intranet.example/cb',
        ['The redirect URI must be entered by hand: http://intranet.example/cb'],
      ],
    ] as const) {
      const { commands, configure } = atWork();
      configure({ ...first, redirectUri });
      const warned = mock.method(vscode.window, 'showWarningMessage', async () => undefined);
      await commands['copySetUpLink']?.(undefined);
      warned.mock.restore();
      assert.deepEqual(
        warned.mock.calls.map((call): unknown => call.arguments[0]),
        expected,
      );
    }
  });

  it('is of the one that is named, whichever is in use, and asks nothing then', async () => {
    const settings = vscode.workspace.getConfiguration('airisk');
    const test = { baseUrl: 'https://test.aicrisk.com', clientId: 'abc123' };
    await settings.update('deployments', { test }, vscode.ConfigurationTarget.Global);
    try {
      await vscode.commands.executeCommand('airisk.copySetUpLink', { deployment: 'test' });
      const link = decodeURIComponent(await vscode.env.clipboard.readText());
      assert.match(link, /\?name=test&baseUrl=https:\/\/test\.aicrisk\.com&clientId=abc123$/);
    } finally {
      await settings.update('deployments', undefined, vscode.ConfigurationTarget.Global);
      await vscode.commands.executeCommand('notifications.clearAll');
    }
  });
});

describe('a command about a deployment that is named', () => {
  const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('airisk');
  const configure = (deployments: unknown): Thenable<void> =>
    settings().update('deployments', deployments, vscode.ConfigurationTarget.Global);
  after(async () => {
    await configure(undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('sets that one up, and does not ask which', async () => {
    const { commands, configure: have, onPick } = atWork();
    have(first, { ...next, name: 'test' });
    onPick(() => assert.fail('it asked which'));
    const { createInputBox } = vscode.window;
    const inputs: vscode.InputBox[] = [];
    const created = mock.method(vscode.window, 'createInputBox', () => {
      const input = createInputBox.call(vscode.window);
      inputs.push(input);
      return input;
    });
    // It ends with its questions, and nobody answers here.
    void commands['setUp']?.({ deployment: 'test' });
    await until(async () => inputs.some(({ title }) => title?.includes('test')));
    created.mock.restore();
    for (const input of inputs) input.dispose();
  });

  it('diagnoses that one, and does not ask which', async () => {
    const { client_id: clientId } = secondClient;
    await configure({ test: { baseUrl: process.env['AIRISK_EMULATOR'], clientId } });
    await vscode.commands.executeCommand('airisk.diagnose', { deployment: 'test' });
    await until(async () =>
      vscode.workspace.textDocuments.some(
        (document) => document.uri.scheme === 'airisk-diagnosis' && document.getText().includes(clientId),
      ),
    );
  });
});

describe('signing out of all accounts', () => {
  const signOutOf = async (answer: 'default' | 'All deployments' | 'none'): Promise<string[]> => {
    const { commands, configure, onPick, kept } = atWork();
    configure(first, { ...next, name: 'test' });
    onPick((items) =>
      items.find((item) => item instanceof Object && 'label' in item && item.label === answer),
    );
    await commands['signOutAll']?.(undefined);
    return kept();
  };

  it('is out of one deployment or of all of them, as is chosen', async () => {
    const there = ['user_42 of xyz789', 'user_7 of xyz789'];
    assert.deepEqual(await signOutOf('default'), there);
    assert.deepEqual(await signOutOf('All deployments'), []);
    assert.deepEqual(await signOutOf('none'), ['user_42 of abc123', 'user_7 of abc123', ...there]);
    await vscode.commands.executeCommand('notifications.clearAll');
  });
});

describe('the accounts of a deployment', () => {
  afterEach(() => mock.restoreAll());

  it('lead to another one where there are several, and only there', async () => {
    const test = { ...first, name: 'test' };
    for (const [shown, used, there] of [
      [test, first, [first, next]],
      [undefined, first, [first]],
      [undefined, undefined, [next]],
    ] as const) {
      const offered: string[] = [];
      const parts: Partial<Record<keyof Parameters<typeof showAccounts>[0], unknown>> = {
        settings: { shown: () => shown, deployments: () => there },
        sessions: { listStored: async () => [], onDidChange: () => ({ dispose: () => undefined }) },
        state: { chosenUserid: () => undefined },
        questions: {
          ask: async (picker: vscode.QuickPick<vscode.QuickPickItem>) => {
            offered.push(picker.title ?? '');
            return picker.items.find(({ label }) => label === 'Switch Deployment…');
          },
        },
        now: Date.now,
      };
      fakePicker(async (name) => offered.push(name));
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the list uses is there
      const list = parts as unknown as Parameters<typeof showAccounts>[0];
      await showAccounts(list, used, new AbortController().signal);
      mock.restoreAll();
      assert.deepEqual(offered, [
        ...(shown ? ['AIRisk accounts for test · demo.aicrisk.com'] : []),
        ...(used && !shown ? ['AIRisk accounts for demo.aicrisk.com'] : []),
        ...(used ? [] : ['AIRisk accounts']),
        ...(shown || !used ? ['airisk.switchDeployment'] : []),
      ]);
    }
  });

  /** The list of the accounts of the first deployment, as it is open in front of a person. */
  function openAccounts(...userids: string[]) {
    const token = { accessToken: 'a token', expiration: Date.now() + 3_600_000, clockSkew: 0 };
    let stored = userids.map((userid) => createSession(first, userid, token, Date.now()));
    const executed: unknown[][] = [];
    const workbench = fakePicker(async (...call) => executed.push(call));
    const changes = new vscode.EventEmitter<void>();
    const answers: unknown[] = [];
    const parts: Partial<Record<keyof Parameters<typeof showAccounts>[0], unknown>> = {
      settings: { shown: () => undefined, deployments: () => [first] },
      sessions: { listStored: async () => stored, onDidChange: changes.event },
      state: { chosenUserid: () => undefined },
      ticket: 'the ticket',
      questions: {
        ask: (_: unknown, listen: (answer: (chosen: { label: string } | undefined) => void) => void) =>
          new Promise((resolve) => {
            listen((chosen) => {
              answers.push(chosen?.label);
              resolve(undefined);
            });
          }),
      },
      now: Date.now,
    };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the list uses is there
    const list = parts as unknown as Parameters<typeof showAccounts>[0];
    const ended = showAccounts(list, first, new AbortController().signal);
    return {
      ...workbench,
      executed,
      answers,
      ended,
      session: stored[0] ?? assert.fail(),
      /** Ends a session elsewhere. */
      end: async (userid: string) => {
        stored = stored.filter((one) => one.userid !== userid);
        changes.fire();
        await new Promise(setImmediate);
      },
    };
  }

  it('have buttons that give the ticket of this window to no command of anybody else', async () => {
    const { executed, follow, press, session } = openAccounts('user_42');
    await follow();
    for (let button = 0; button < 4; button += 1) press('user_42', button);
    await until(async () => executed.length === 4);
    const account = { providerId: 'airisk', accountLabel: session.label };
    const own = { userid: 'user_42', deploymentKey: first.key, ticket: 'the ticket' };
    assert.deepEqual(executed, [
      ['airisk.renew', own],
      ['airisk.copyAccessToken', own],
      ['airisk.signOut', own],
      ['_manageTrustedExtensionsForAccount', account],
    ]);
  });

  it('are not taken for each other when one goes while another is picked', async () => {
    const { executed, answers, ended, follow, pick, press, end } = openAccounts('ada', 'bob', 'eve');
    await follow();
    await end('ada');
    press('bob', 2);
    pick('bob');
    pick('Set Up…');
    assert.deepEqual([executed, answers], [[], []]);
    await follow();
    press('bob', 2);
    pick('bob');
    await ended;
    assert.deepEqual(answers, ['bob']);
    const bob = { userid: 'bob', deploymentKey: first.key, ticket: 'the ticket' };
    assert.deepEqual(executed, [['airisk.signOut', bob]]);
  });
});
