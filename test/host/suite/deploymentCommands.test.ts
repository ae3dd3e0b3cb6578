import assert from 'node:assert/strict';
import { mock } from 'node:test';
import * as vscode from 'vscode';
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
