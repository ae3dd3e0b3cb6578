import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  type AuthorizationResponse,
  readAuthorizationResponse,
} from '../../../../src/core/oauth/authorizationResponse.ts';
import { serverValue } from '../../support/arbitraries.ts';
import { itHolds, runs } from '../../support/propertyRuns.ts';

type Pair = readonly [name: string, value: string];

const name = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('code', 'state', 'error', 'error_description') },
  {
    weight: 2,
    arbitrary: fc.constantFrom('iss', 'Code', 'code ', ' state', 'code[]', '%63ode', 'co+de', ''),
  },
);
const value = fc.oneof(
  { weight: 20, arbitrary: serverValue },
  { weight: 1, arbitrary: fc.constantFrom('', 'x'.repeat(4_096), 'x'.repeat(4_097)) },
);
const pairs: fc.Arbitrary<Pair[]> = fc.array(fc.tuple(name, value), { maxLength: 5 });

/** The query as a server writes it, and as VS Code on the desktop hands it over. */
function sent(parameters: readonly Pair[]): string {
  return parameters.map((pair) => pair.map(encodeURIComponent).join('=')).join('&');
}
function handedOverDecoded(parameters: readonly Pair[]): string {
  return decodeURIComponent(sent(parameters));
}

/** What is to be read, told from the parameters alone. */
function expected(parameters: readonly Pair[]): AuthorizationResponse | undefined {
  const valuesOf = (wanted: string) =>
    parameters.filter(([other]) => other === wanted).map((pair) => pair[1]);
  const all = ['state', 'code', 'error'].map(valuesOf);
  const isBroken = (values: readonly string[]): boolean =>
    values.length > 1 || values.some((text) => text.length > 4_096);
  const [state, code, error] = all.map(([only]) => only);
  if (all.some(isBroken) || (code === '' && !error)) {
    const isKnown = state && !isBroken(valuesOf('state'));
    return isKnown ? { state, code: undefined, error: undefined, errorDescription: undefined } : undefined;
  }
  const words = valuesOf('error_description');
  const readable = words.length === 1 && words[0] !== '' && (words[0]?.length ?? 0) <= 4_096;
  const given = { state, code: code || undefined, error: error || undefined };
  return { ...given, errorDescription: readable ? words[0] : undefined };
}

describe('any callback', () => {
  itHolds('gives back what the server sent, and the state alone when code or error cannot be read', () => {
    fc.assert(
      fc.property(pairs, (parameters) => {
        assert.deepEqual(readAuthorizationResponse(sent(parameters)), expected(parameters));
      }),
      runs(5_000),
    );
  });

  itHolds('gives back the same from a decoded query, in which only an & is lost', () => {
    const whole = pairs.map((list) => list.map(([key, text]): Pair => [key, text.replaceAll('&', '')]));
    fc.assert(
      fc.property(whole, (parameters) => {
        const query = handedOverDecoded(parameters);
        assert.deepEqual(readAuthorizationResponse(query, true), expected(parameters));
      }),
      runs(5_000),
    );
  });

  itHolds('gives back a code and state in both ways', () => {
    fc.assert(
      fc.property(serverValue, serverValue, (code, state) => {
        const parameters: Pair[] = [
          ['code', code],
          ['state', state],
        ];
        const read = readAuthorizationResponse(sent(parameters));
        assert.deepEqual([read?.code, read?.state], [code, state]);
        if (code.includes('&') || state.includes('&')) return;
        assert.deepEqual(readAuthorizationResponse(handedOverDecoded(parameters), true), read);
      }),
      runs(2_000),
    );
  });

  itHolds('is read without a crash, and only into bounded values, however broken it is', () => {
    const names = fc.constantFrom('code', 'state', 'error', 'error_description', 'a');
    const separators = fc.constantFrom('=', '=', '&', '&', '?', '#', ';', '+', ' ', '\0', '\n');
    const escapes = fc.constantFrom('%', '%2', '%2B', '%3D', '%26', '%00', '%ff', '%C3', '%F0%9F');
    const characters = fc.constantFrom('\ud83d', '\ude00', 'é', '\u202e');
    const piece = fc.oneof(names, separators, separators, escapes, characters);
    const query = fc.string({ unit: piece, maxLength: 24 });
    fc.assert(
      fc.property(query, fc.boolean(), (text, decoded) => {
        const response = readAuthorizationResponse(text, decoded);
        for (const [parameter, read] of Object.entries(response ?? {})) {
          const shortest = parameter === 'state' ? 0 : 1;
          assert.ok(read === undefined || (read.length >= shortest && read.length <= 4_096));
        }
      }),
      runs(5_000),
    );
  });
});
