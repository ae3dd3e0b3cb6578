import assert from 'node:assert/strict';
import type { Memento } from 'vscode';
import { createDeploymentChoice } from '../../../src/vscode/deploymentChoice.ts';

function memento(values = new Map<string, unknown>()): Memento {
  return {
    keys: () => [...values.keys()],
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as VS Code's own
    get: <T>(key: string, fallback?: T) => (values.has(key) ? values.get(key) : fallback) as T,
    update: async (key, value) => void values.set(key, value),
  };
}

describe('the deployment that a window uses', () => {
  it('is the one chosen in it, whatever another window of the same folder chooses', async () => {
    const [workspace, global] = [memento(), memento()];
    const one = createDeploymentChoice(workspace, global);
    const two = createDeploymentChoice(workspace, global);
    let fired = 0;
    one.onDidChoose(() => (fired += 1));
    await one.choose('test');
    await two.choose('live');
    assert.deepEqual([one.name(), two.name(), fired], ['test', 'live', 1]);
  });

  it('is the same at the next load, and in a new workspace the one used last', async () => {
    const [mine, global] = [memento(), memento()];
    assert.equal(createDeploymentChoice(mine, global).name(), undefined);
    await createDeploymentChoice(mine, global).choose('test');
    await createDeploymentChoice(memento(), global).choose('live');
    assert.equal(createDeploymentChoice(mine, global).name(), 'test');
    assert.equal(createDeploymentChoice(memento(), global).name(), 'live');
  });

  it('is none that somebody else has put there', () => {
    assert.equal(createDeploymentChoice(memento(new Map([['deployment', 7]])), memento()).name(), undefined);
  });
});
