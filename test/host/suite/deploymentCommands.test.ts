import assert from 'node:assert/strict';
import { mock } from 'node:test';
import * as vscode from 'vscode';
import { createSession } from '../../../src/core/sessions/session.ts';
import { showAccounts } from '../../../src/vscode/commands/accountPicker.ts';
import { secondClient } from '../../emulator/seed.ts';
import { until } from '../../harness/until.ts';
import { atWork, first, named, next } from '../support/atWork.ts';

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
            const { items } = picker;
            offered.push(picker.title ?? '');
            picker.dispose();
            return items.find(({ label }) => label === 'Switch Deployment…');
          },
        },
        now: Date.now,
      };
      const executed = mock.method(vscode.commands, 'executeCommand', async (name: string) =>
        offered.push(name),
      );
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the list uses is there
      const list = parts as unknown as Parameters<typeof showAccounts>[0];
      await showAccounts(list, used, new AbortController().signal);
      executed.mock.restore();
      assert.deepEqual(offered, [
        ...(shown ? ['AIRisk accounts for test · demo.aicrisk.com'] : []),
        ...(used && !shown ? ['AIRisk accounts for demo.aicrisk.com'] : []),
        ...(used ? [] : ['AIRisk accounts']),
        ...(shown || !used ? ['airisk.switchDeployment'] : []),
      ]);
    }
  });

  it('have buttons that give the ticket of this window to no command of anybody else', async () => {
    const token = { accessToken: 'a token', expiration: Date.now() + 3_600_000, clockSkew: 0 };
    const session = createSession(first, 'user_42', token, Date.now());
    const executed: [command: string, argument: object][] = [];
    const mocked = mock.method(vscode.commands, 'executeCommand', async (name: string, argument: object) =>
      executed.push([name, argument]),
    );
    const parts: Partial<Record<keyof Parameters<typeof showAccounts>[0], unknown>> = {
      settings: { shown: () => undefined, deployments: () => [first] },
      sessions: { listStored: async () => [session], onDidChange: () => ({ dispose: () => undefined }) },
      state: { chosenUserid: () => undefined },
      ticket: 'the ticket',
      questions: {
        ask: async (picker: vscode.QuickPick<vscode.QuickPickItem>, listen: (answer: () => void) => void) => {
          const itemButtons = new vscode.EventEmitter<
            vscode.QuickPickItemButtonEvent<vscode.QuickPickItem>
          >();
          Object.assign(picker, { onDidTriggerItemButton: itemButtons.event });
          listen(() => undefined);
          for (const item of picker.items)
            for (const button of item.buttons ?? []) itemButtons.fire({ item, button });
          picker.dispose();
        },
      },
      now: Date.now,
    };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the list uses is there
    const list = parts as unknown as Parameters<typeof showAccounts>[0];
    await showAccounts(list, first, new AbortController().signal);
    await until(async () => executed.length === 4);
    mocked.mock.restore();
    const account = { providerId: 'airisk', accountLabel: session.label };
    const own = { userid: 'user_42', deploymentKey: first.key, ticket: 'the ticket' };
    assert.deepEqual(executed, [
      ['airisk.renew', own],
      ['airisk.copyAccessToken', own],
      ['airisk.signOut', own],
      ['_manageTrustedExtensionsForAccount', account],
    ]);
  });
});
