import assert from 'node:assert/strict';
import type { Memento } from 'vscode';
import { keep } from '../../../src/vscode/persistentState.ts';

/** The state of an extension as VS Code keeps it, which forgets this many values before it sends them. */
function forgetful(times: number): Memento & { readonly sent: string[] } {
  const values = new Map<string, unknown>();
  const sent: string[] = [];
  let left = times;
  return {
    sent,
    keys: () => [...values.keys()],
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as VS Code's own
    get: <T>(key: string, fallback?: T) => (values.has(key) ? values.get(key) : fallback) as T,
    update: async (key, value) => {
      sent.push(key);
      if (left > 0) left -= 1;
      else values.set(key, value);
    },
  };
}

describe('a value of the state', () => {
  for (const [times, writes] of [
    [0, 1],
    [1, 2],
  ] as const) {
    it(`is there after ${writes} writes where VS Code loses ${times}`, async () => {
      const state = forgetful(times);
      await keep(state, 'current:a', 'user_42');
      assert.equal(state.get('current:a'), 'user_42');
      assert.equal(state.sent.length, writes);
    });
  }
});
