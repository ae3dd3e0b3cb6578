import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { createState } from '../../../../src/core/oauth/state.ts';
import { sameState } from '../../../../src/core/oauth/authorizationResponse.ts';
import { itHolds, runs } from '../../support/propertyRuns.ts';

describe('createState', () => {
  const states = Array.from({ length: 2_000 }, createState);

  it('makes 256 bits of base64url', () => {
    for (const state of states) {
      assert.match(state, /^[\w-]{43}$/);
      assert.equal(Buffer.from(state, 'base64url').length, 32);
    }
  });

  it('takes them from the generator for secrets', () => {
    const filled: number[] = [];
    crypto.getRandomValues = (array) => {
      filled.push(array?.byteLength ?? 0);
      return array;
    };
    try {
      assert.equal(createState(), 'A'.repeat(43));
    } finally {
      // The one of its prototype is there again.
      Reflect.deleteProperty(crypto, 'getRandomValues');
    }
    assert.deepEqual(filled, [32]);
  });

  it('never makes one twice, and uses the whole alphabet', () => {
    assert.equal(new Set(states).size, states.length);
    assert.equal(new Set(states.join('')).size, 64);
  });
});

describe('sameState', () => {
  const cases: [a: string, b: string, same: boolean][] = [
    ['abc', 'abc', true],
    ['abc', 'abd', false],
    ['abc', 'Abc', false],
    ['abc', 'ab', false],
    ['ab', 'abc', false],
    ['abab', 'ab', false],
    ['ab', 'abab', false],
    ['abc', '', false],
    ['', 'abc', false],
    ['\0', '', false],
    ['a\u0100', 'a\0', false],
  ];
  for (const [a, b, same] of cases) {
    it(`says ${same} for ${JSON.stringify(a)} and ${JSON.stringify(b)}`, () =>
      assert.equal(sameState(a, b), same));
  }

  it('looks at as much of a state that differs at its beginning as of one that differs at its end', () => {
    const state = createState();
    const looked = (other: string): number => {
      let count = 0;
      const watched: object = Object.assign(Object(state), {
        charCodeAt: (index: number) => {
          count += 1;
          return state.charCodeAt(index);
        },
      });
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a string that counts
      assert.equal(sameState(watched as unknown as string, other), false);
      return count;
    };
    const first = looked(`!${state.slice(1)}`);
    assert.ok(first >= state.length);
    assert.equal(looked(`${state.slice(0, -1)}!`), first);
  });

  itHolds('agrees with === for texts that are nearly the same', () => {
    const near = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 6 });
    fc.assert(
      fc.property(near, near, (a, b) => assert.equal(sameState(a, b), a === b)),
      runs(5_000),
    );
  });
});
