import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { AiriskError, isAbort, plainText } from '../../../src/core/errors.ts';
import { hostileText } from '../support/arbitraries.ts';
import { itHolds, runs } from '../support/propertyRuns.ts';

describe('plainText', () => {
  const cases: [what: string, text: string, plain: string][] = [
    ['ordinary words', 'Invalid client_id (400) [x]', 'Invalid client_id (400) [x]'],
    ['other scripts and emoji', 'Fehler: Größe 用户 😀', 'Fehler: Größe 用户 😀'],
    ['combining characters', 'e\u0301', 'e\u0301'],
    ['space around', '  a \n', 'a'],
    ['lines', 'a\r\n\r\nb\tc', 'a b c'],
    ['separators of lines and paragraphs', 'a\u2028b\u2029c', 'a b c'],
    ['other spaces', 'a\u00a0b\u3000c', 'a b c'],
    ['control characters', 'a\0b\u001bc\u007fd\u0085e', 'a b c d e'],
    ['a change of the direction', 'a\u202eb\u2066c\u200fd\u061ce', 'a b c d e'],
    ['invisible characters', 'a\u200bb\u200dc\ufeffd\u00ade\u2060f', 'a b c d e f'],
    ['tag characters', 'a\u{e0041}\u{e007f}b', 'a b'],
    ['a link', '[a](command:b)', '[a] (command:b)'],
    ['links in links', '[[a](b)](c)', '[[a] (b)] (c)'],
    ['a link with something invisible in it', '[a]\u200b(command:b)', '[a] (command:b)'],
    ['nothing but what is left out', '\n\u202e', ''],
    ['nothing', '', ''],
    ['the longest text', 'x'.repeat(200), 'x'.repeat(200)],
    ['a longer text', 'x'.repeat(201), `${'x'.repeat(199)}…`],
    ['a text that is long for its links', `${'x'.repeat(198)}](`, `${'x'.repeat(198)}]…`],
    ['a text that is long for its spaces', `${'x'.repeat(200)}${' '.repeat(9)}`, 'x'.repeat(200)],
  ];
  for (const [what, text, plain] of cases) {
    it(`makes plain: ${what}`, () => assert.equal(plainText(text), plain));
  }

  it('is as long as it is told', () => {
    assert.equal(plainText('abcdef', 6), 'abcdef');
    assert.equal(plainText('abcdefg', 6), 'abcde…');
  });

  it('never cuts a character in half', () => {
    assert.equal(plainText(`${'x'.repeat(198)}😀😀`), `${'x'.repeat(198)}…`);
  });

  itHolds('has nothing invisible, no link and a bounded length, whatever the text', () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 2, max: 60 }), (text, length) => {
        for (const [plain, bound] of [
          [plainText(text, length), length],
          [plainText(text.repeat(20)), 200],
        ] as const) {
          assert.doesNotMatch(plain, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\]\(/u);
          assert.ok(plain.length <= bound);
          assert.equal(plainText(plain, bound), plain);
        }
      }),
      runs(20_000),
    );
  });

  itHolds('leaves a text alone that is plain already', () => {
    const word = fc.stringMatching(/^[\p{L}\p{N}\p{P}\p{S}]{1,9}$/u);
    fc.assert(
      fc.property(fc.array(word, { maxLength: 9 }), (words) => {
        const text = words.join(' ').replaceAll('](', '');
        assert.equal(plainText(text), text);
      }),
      runs(2_000),
    );
  });
});

describe('AiriskError', () => {
  it('says its code and its facts, and keeps the cause', () => {
    const cause = new Error('why');
    const facts = { subject: 'a.example', reason: 'Oops', status: 500, traceId: '00-de' };
    const error = new AiriskError('server_error', { ...facts, cause });
    assert.equal(error.message, 'server_error: a.example: Oops: HTTP 500: traceId 00-de');
    assert.equal(error.name, 'AiriskError');
    assert.equal(error.code, 'server_error');
    assert.equal(error.cause, cause);
    const { subject, reason, status, traceId } = error;
    assert.deepEqual({ subject, reason, status, traceId }, facts);
  });

  it('leaves out what it was not told', () => {
    assert.equal(new AiriskError('sign_in_timeout').message, 'sign_in_timeout');
    assert.equal(
      new AiriskError('server_error', { status: 502, reason: '' }).message,
      'server_error: HTTP 502',
    );
  });
});

describe('isAbort', () => {
  it('is true for what an aborted signal throws, and for nothing else', () => {
    const aborted = AbortSignal.abort();
    assert.ok(isAbort(aborted.reason));
    assert.throws(() => aborted.throwIfAborted(), isAbort);
    const others = [
      new Error('AbortError'),
      new AiriskError('sign_in_timeout'),
      'AbortError',
      undefined,
      null,
    ];
    for (const other of [...others, { name: 'AbortError' }]) assert.ok(!isAbort(other));
  });
});
