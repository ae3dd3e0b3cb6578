import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { plainText } from '../../../src/core/errors.ts';
import { redact } from '../../../src/core/redact.ts';
import { runs } from '../support/propertyRuns.ts';

// Letters that no surrounding text has, and signs that every encoding changes.
const secret = fc
  .string({
    unit: fc.constantFrom('Q', 'Z', '+', '/', '&', '"', ' ', 'ü', '%', '\\'),
    minLength: 8,
    maxLength: 40,
  })
  .filter((text) => /[QZ]{2}/.test(text) && text === text.trim());
const spellings: ((text: string) => string)[] = [
  (text) => text,
  encodeURIComponent,
  (text) => new URLSearchParams({ s: text }).toString(),
  (text) => JSON.stringify({ s: text }),
  (text) => plainText(text),
  (text) => plainText(text.replaceAll('+', ' ')),
  (text) => plainText(new URLSearchParams({ s: text }).toString().replaceAll('+', ' ')),
];

describe('redact', () => {
  it('leaves no secret in any spelling', () => {
    fc.assert(
      fc.property(secret, fc.constantFrom(...spellings), (text, spell) => {
        assert.doesNotMatch(redact(`before ${spell(text)} after`, new Set([text])), /[QZ]/);
      }),
      runs(500),
    );
  });

  it('leaves no beginning of one that was cut', () => {
    fc.assert(
      fc.property(secret, fc.integer({ min: 0, max: 200 }), (text, before) => {
        const cut = plainText(`${'x'.repeat(before)} ${text} after`, 200);
        const rest = redact(cut, new Set([text])).replaceAll(/[^QZ]/g, '');
        assert.ok(rest.length <= 3, rest);
      }),
      runs(500),
    );
  });

  it('leaves everything else as it is', () => {
    assert.equal(redact('a report', new Set(['', 'other'])), 'a report');
  });
});
