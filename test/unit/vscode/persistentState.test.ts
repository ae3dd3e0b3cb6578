import assert from 'node:assert/strict';
import type { ExtensionContext } from 'vscode';
import { createPersistentState } from '../../../src/vscode/persistentState.ts';

/**
 * The state of an extension as VS Code keeps it, which forgets this many values before it sends them.
 * @param sending ends when a write has
 */
function forgetful(
  times: number,
  sending = async (): Promise<void> => undefined,
): ExtensionContext['globalState'] & { readonly sent: string[] } {
  const values = new Map<string, unknown>();
  const sent: string[] = [];
  let left = times;
  return {
    sent,
    keys: () => [...values.keys()],
    setKeysForSync: () => undefined,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as VS Code's own
    get: <T>(key: string, fallback?: T) => (values.has(key) ? values.get(key) : fallback) as T,
    update: async (key, value) => {
      sent.push(key);
      if (left > 0) left -= 1;
      else values.set(key, value);
      await sending();
    },
  };
}

const deployment = { origin: 'https://demo.aicrisk.com', clientId: 'abc123', key: 'a' };
const other = { ...deployment, key: 'b' };

describe('what is remembered', () => {
  for (const [times, writes] of [
    [0, 1],
    [1, 2],
  ] as const) {
    it(`is there after ${writes} writes when VS Code loses ${times}`, async () => {
      const memento = forgetful(times);
      const state = createPersistentState(memento, () => undefined);
      await state.chooseUserid(deployment, 'user_42');
      assert.equal(state.chosenUserid(deployment), 'user_42');
      assert.deepEqual(
        memento.sent,
        Array.from({ length: writes }, () => 'current:a'),
      );
    });
  }

  it('is of one deployment', async () => {
    let chosen = 0;
    const state = createPersistentState(forgetful(0), () => chosen++);
    await state.chooseUserid(deployment, '');
    assert.deepEqual([state.chosenUserid(deployment), state.chosenUserid(other), chosen], ['', undefined, 1]);
  });

  it('is the later of two values that are written at the same time, however their ends come', async () => {
    for (const first of [0, 1]) {
      const ends: (() => void)[] = [];
      const memento = forgetful(0, () => new Promise((resolve) => ends.push(resolve)));
      const state = createPersistentState(memento, () => undefined);
      const choices = ['a', 'b'].map((userid) => state.chooseUserid(deployment, userid));
      for (const index of [first, 1 - first]) {
        ends[index]?.();
        await choices[index];
      }
      assert.equal(state.chosenUserid(deployment), 'b');
      assert.equal(memento.sent.length, 2);
    }
  });

  it('says for which deployment there should be a client secret, and writes that once', async () => {
    const memento = forgetful(0);
    const state = createPersistentState(memento, () => undefined);
    assert.equal(state.hadSecret(deployment), false);
    for (let i = 0; i < 2; i++) await state.setHadSecret(deployment, true);
    assert.deepEqual([state.hadSecret(deployment), state.hadSecret(other)], [true, false]);
    await state.setHadSecret(deployment, false);
    assert.equal(state.hadSecret(deployment), false);
    assert.deepEqual(memento.sent, ['secret:a', 'secret:a']);
  });

  it('counts as forgotten when it is not what this version writes', async () => {
    const memento = forgetful(0);
    await memento.update('current:a', 7);
    await memento.update('clipboard', { digest: 7 });
    const state = createPersistentState(memento, () => undefined);
    assert.deepEqual([state.chosenUserid(deployment), state.pendingClear()], [undefined, undefined]);
  });
});
