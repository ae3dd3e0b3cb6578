import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { commandLink, escapeMarkdown, isolated, plainText, redact, shortId } from '../../../src/core/text.ts';
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
    ['an emoji of several', 'a 👩🏽\u200d💻 ❤️\u200d🔥 b', 'a 👩🏽\u200d💻 ❤️\u200d🔥 b'],
    [
      'a name that is spelled with a joiner',
      'नीरज क्\u200dषा می\u200cخواهم',
      'नीरज क्\u200dषा می\u200cخواهम'.replace('म', 'م'),
    ],
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

  it('cuts no emoji of several, and nothing else that is seen as one', () => {
    const coder = '👩🏽\u200d💻';
    for (const [one, length] of [
      [coder, 7],
      ['e\u0301\u0302', 3],
      ['🇩🇪', 4],
      ['क्\u200dषा', 5],
    ] as const) {
      assert.equal(one.length, length);
      const text = one.repeat(3);
      for (let max = 2; max < text.length; max++) {
        const kept = Math.floor((max - 1) / length);
        assert.equal(plainText(text, max), `${one.repeat(kept)}…`, `${text} at ${max}`);
      }
    }
  });

  itHolds('has nothing invisible, no link and a bounded length, whatever the text', () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 2, max: 60 }), (text, length) => {
        for (const [plain, bound] of [
          [plainText(text, length), length],
          [plainText(text.repeat(20)), 200],
        ] as const) {
          assert.doesNotMatch(plain, /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\]\(/u);
          assert.ok(plain.length <= bound);
          assert.equal(plainText(plain, bound), plain);
        }
      }),
      runs(2_000),
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

describe('shortId', () => {
  for (const [id, short] of [
    ['user_42', 'user_42'],
    ['a'.repeat(16), 'a'.repeat(16)],
    ['0f8e5d7c-9b1a-4c3d-8e2f-111122223333', '0f8e5d7c…3333'],
    ['😀'.repeat(17), `${'😀'.repeat(8)}…${'😀'.repeat(4)}`],
  ] as const) {
    it(`is ${short}`, () => assert.equal(shortId(id), short));
  }
});

describe('isolated', () => {
  it('keeps a name from right to left apart, and leaves others alone', () => {
    for (const name of ['עדה לאבלייס', 'Ada عادة', 'ޢާދާ']) assert.equal(isolated(name), `\u2068${name}\u2069`);
    for (const name of ['', 'Ada Lovelace', '王小明', '👩🏽\u200d💻', 'Zoë'])
      assert.equal(isolated(name), name);
  });
});

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

describe('text in Markdown', () => {
  it('keeps nothing that Markdown could read', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const escaped = escapeMarkdown(text);
        assert.match(escaped, /^(?:[\p{L}\p{M}\p{N} ]|&#\d+;)*$/u);
        const decoded = escaped.replaceAll(/&#(\d+);/g, (_all, code: string) =>
          String.fromCodePoint(Number(code)),
        );
        assert.equal(decoded, text);
      }),
      { examples: [[String.fromCharCode(...Array.from({ length: 128 }, (_, code) => code))]] },
    );
  });

  it('makes no link of one', () => {
    assert.equal(escapeMarkdown('[x](command:y)'), '&#91;x&#93;&#40;command&#58;y&#41;');
  });
});

describe('the link of a command', () => {
  it('arrives as it was, for any userid', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (userid) => {
        const link = commandLink('airisk.renew', { userid });
        assert.match(link, /^command:airisk\.renew\?[\w%.-]+$/);
        // VS Code decodes twice: URI.parse, then the opener of commands.
        const query = link.slice(link.indexOf('?') + 1);
        assert.deepEqual(JSON.parse(decodeURIComponent(decodeURIComponent(query))), [{ userid }]);
      }),
    );
  });
});
