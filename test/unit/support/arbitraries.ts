import * as fc from 'fast-check';

const bytes = fc.uint8Array({ minLength: 1, maxLength: 32 });

/** Any text that can be percent-encoded: all of Unicode, control characters included. */
export const unicodeText = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });

const trap = fc.constantFrom('+', '/', '=', '%', '&', '#', '?', ' ', ';', '%2B', '%25', '%zz', 'a', 'code');

/** A code or state as a server may make it. */
export const serverValue: fc.Arbitrary<string> = fc.oneof(
  bytes.map((array) => Buffer.from(array).toString('base64')),
  bytes.map((array) => Buffer.from(array).toString('base64url')),
  fc.string({ unit: trap, minLength: 1, maxLength: 8 }),
  unicodeText,
);

/** Text from somebody who means harm: invisible characters, links, halves of surrogate pairs. */
export const hostileText: fc.Arbitrary<string> = fc.string({
  unit: fc.oneof(
    fc.constantFrom(']', '(', '](', ']](', '[x](command:y)', ' ', '\t', '\r\n', '\0', '\u007f', '\u0085'),
    fc.constantFrom('\u200b', '\u200e', '\u202e', '\u2066', '\u2028', '\u2029', '\ufeff', '\u{e0041}'),
    fc.constantFrom('\ud800', '\udc00', '😀', 'é', 'a', 'word', '…'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 80,
});
