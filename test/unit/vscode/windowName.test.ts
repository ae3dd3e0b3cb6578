import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { windowName } from '../../../src/vscode/terminal/windowName.ts';

type Opened = Parameters<typeof windowName>[0];

/** What a window remembers that has nothing open. */
function memory(): vscode.Memento {
  const values = new Map<string, unknown>();
  return {
    keys: () => [...values.keys()],
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as VS Code's own
    get: <T>(key: string, fallback?: T) => (values.has(key) ? values.get(key) : fallback) as T,
    update: async (key, value) => void values.set(key, value),
  };
}

function opened(what: { file?: string; folder?: string }): Opened {
  const workspaceFolders = what.folder === undefined ? undefined : [{ uri: what.folder }];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an address is all that is used of it
  return { workspaceFile: what.file, workspaceFolders } as unknown as Opened;
}

describe('the name that a window has for its terminals', () => {
  it('is the workspace file or the first folder, in every window of it', () => {
    for (const random of ['one', 'two']) {
      assert.equal(windowName(opened({ folder: 'file:///a' }), memory(), random), 'file:///a');
      const both = opened({ file: 'file:///w', folder: 'file:///a' });
      assert.equal(windowName(both, undefined, random), 'file:///w');
    }
  });

  it('is its own where nothing is open, and the same after a reload', () => {
    const [here, there] = [memory(), memory()];
    assert.equal(windowName(opened({}), here, 'one'), 'one');
    assert.equal(windowName(opened({}), there, 'two'), 'two');
    assert.equal(windowName(opened({}), here, 'three'), 'one');
  });

  it('is a new one at each load where windows with nothing open share what they remember', () => {
    assert.equal(windowName(opened({}), undefined, 'one'), 'one');
    assert.equal(windowName(opened({}), undefined, 'two'), 'two');
  });
});
