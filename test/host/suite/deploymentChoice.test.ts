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
  const [test, live, first] = ['test', 'live', 'default'].map((name) => ({ name, key: `key of ${name}` }));
  assert.ok(test && live && first);

  it('is the one chosen in it, whatever another window of the same folder chooses', async () => {
    const [workspace, global] = [memento(), memento()];
    const one = createDeploymentChoice(workspace, global);
    const two = createDeploymentChoice(workspace, global);
    let fired = 0;
    one.onDidChoose(() => (fired += 1));
    await one.choose(test);
    await two.choose(live);
    assert.deepEqual([one.chosen(), two.chosen(), fired], [test, live, 1]);
  });

  it('is the same at the next load, and in a new workspace the one used last', async () => {
    const [mine, global] = [memento(), memento()];
    assert.equal(createDeploymentChoice(mine, global).chosen(), undefined);
    await createDeploymentChoice(mine, global).choose(test);
    await createDeploymentChoice(memento(), global).choose(live);
    assert.deepEqual(createDeploymentChoice(mine, global).chosen(), test);
    assert.deepEqual(createDeploymentChoice(memento(), global).chosen(), live);
  });

  it('is the same at the next load of a workspace in which nobody has chosen, whatever others choose', async () => {
    const [mine, global] = [memento(), memento()];
    await createDeploymentChoice(mine, global).follow(first);
    assert.deepEqual(global.keys(), [], 'a new workspace begins with what was chosen');
    await createDeploymentChoice(memento(), global).choose(live);
    assert.deepEqual(createDeploymentChoice(mine, global).chosen(), first);
    const other = memento();
    await createDeploymentChoice(other, global).follow(live);
    await createDeploymentChoice(memento(), global).choose(test);
    assert.deepEqual(createDeploymentChoice(other, global).chosen(), live);
  });

  it('follows a name or a client ID that was changed, without a choice that is told', async () => {
    const mine = memento();
    const choice = createDeploymentChoice(mine, memento());
    await choice.choose(test);
    let fired = 0;
    choice.onDidChoose(() => (fired += 1));
    for (const changed of [
      { name: 'staging', key: test.key },
      { name: 'staging', key: 'a different client ID' },
    ]) {
      await choice.follow(changed);
      assert.deepEqual(choice.chosen(), changed);
      assert.deepEqual(createDeploymentChoice(mine, memento()).chosen(), changed);
    }
    assert.equal(fired, 0);
  });

  it('is none that somebody else has put there', () => {
    for (const value of [7, 'test', { name: 'test' }, { name: 'test', key: 7 }]) {
      const workspace = memento(new Map([['deployment', value]]));
      assert.equal(createDeploymentChoice(workspace, memento()).chosen(), undefined);
    }
  });
});
